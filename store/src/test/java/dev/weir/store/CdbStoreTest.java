package dev.weir.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.CdbFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CdbStoreTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong nanos = new AtomicLong();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Path write(byte[] octets) throws Exception {
        Path fresh = directory.resolve("fresh");
        Files.write(fresh, octets);
        return Files.move(fresh, directory.resolve("t.cdb"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String get(CdbStore store, String key) {
        byte[] value = store.lookup(octets(key));
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    @Test
    void whatIsThereIsFoundAndNothingElse() throws Exception {
        CdbFile file = new CdbFile();
        for (int i = 0; i < 5_000; i++) {
            file.put(octets("key " + i), octets("value " + i));
        }
        file.put(octets(""), octets("empty key")).put(octets("empty value"), octets(""));
        CdbStore store = new CdbStore(write(file.compose()), 0, nanos::get);
        for (int i = 0; i < 5_000; i++) {
            assertThat(get(store, "key " + i)).isEqualTo("value " + i);
        }
        assertThat(get(store, "key 5000")).isNull();
        assertThat(get(store, "")).isEqualTo("empty key");
        assertThat(get(store, "empty value")).isEmpty();
        assertThat(store.lookupRange(octets("key 1"))).isNull();
    }

    @Test
    void aNewFileIsTakenUpWhenItIsLookedFor() throws Exception {
        Path path = write(new CdbFile().put(octets("k"), octets("one")).compose());
        CdbStore store = new CdbStore(path, 5, nanos::get);
        write(new CdbFile().put(octets("k"), octets("another")).compose());
        assertThat(get(store, "k")).isEqualTo("one");
        nanos.addAndGet(4 * SECOND);
        assertThat(get(store, "k")).isEqualTo("one");
        nanos.addAndGet(2 * SECOND);
        assertThat(get(store, "k")).isEqualTo("another");
        write(new CdbFile().put(octets("k"), octets("third one")).compose());
        assertThat(store.reload()).isTrue();
        assertThat(get(store, "k")).isEqualTo("third one");
    }

    @Test
    void aFileThatComesLaterIsFound() throws Exception {
        CdbStore store = new CdbStore(directory.resolve("t.cdb"), 1, nanos::get);
        assertThat(get(store, "k")).isNull();
        assertThat(store.reload()).isFalse();
        write(new CdbFile().put(octets("k"), octets("late")).compose());
        nanos.addAndGet(2 * SECOND);
        assertThat(get(store, "k")).isEqualTo("late");
        Files.delete(directory.resolve("t.cdb"));
        nanos.addAndGet(2 * SECOND);
        assertThat(get(store, "k")).as("what was known stays").isEqualTo("late");
    }

    /** Also one that somebody cuts short while it is mapped. */
    @Test
    void aBrokenFileFindsNothing() throws Exception {
        byte[] good = new CdbFile()
                .put(octets("k"), octets("value"))
                .put(octets("l"), octets("w"))
                .compose();
        Random random = new Random(1);
        for (int round = 0; round < 3_000; round++) {
            byte[] bad = good.clone();
            for (int i = 0; i < 3; i++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            Path path = directory.resolve("bad");
            Files.write(path, random.nextInt(4) == 0 ? java.util.Arrays.copyOf(bad, random.nextInt(bad.length)) : bad);
            CdbStore store = new CdbStore(path, 0, nanos::get);
            var _ = store.lookup(octets("k"));
            var _ = store.lookup(octets("l"));
        }
        byte[] large = new CdbFile().put(octets("k"), new byte[100_000]).compose();
        Path path = write(large);
        CdbStore store = new CdbStore(path, 0, nanos::get);
        assertThat(store.lookup(octets("k"))).hasSize(100_000);
        Files.write(path, new byte[4096]);
        assertThat(store.lookup(octets("k"))).isNull();
    }
}
