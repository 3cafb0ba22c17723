package dev.weir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.testkit.LmdbFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does our reader find in LMDB's files what LMDB put there? */
class LmdbStoreTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @BeforeEach
    void needsTheLibrary() {
        assumeTrue(LmdbFile.canWrite(), "liblmdb0 is not installed");
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private LmdbStore store(String database) {
        return new LmdbStore(directory.resolve("t.lmdb"), database, System::nanoTime);
    }

    private static @Nullable String get(LmdbStore store, String key) {
        byte[] value = store.lookup(octets(key));
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    /** Random keys of many lengths, values that need pages of their own, deletions: against a map. */
    @Test
    void whatLmdbWroteIsFound() {
        Random random = new Random(7);
        TreeMap<String, byte[]> expected = new TreeMap<>();
        try (LmdbFile file = new LmdbFile(directory.resolve("t.lmdb"))) {
            for (int round = 0; round < 6; round++) {
                file.change("db", 0, transaction -> {
                    for (int i = 0; i < 3_000; i++) {
                        String key = Integer.toString(random.nextInt(100_000), 3);
                        if (random.nextInt(4) == 0 && expected.remove(key) != null) {
                            transaction.delete(octets(key));
                        } else {
                            byte[] value =
                                    new byte[random.nextInt(50) == 0 ? random.nextInt(20_000) : random.nextInt(60)];
                            random.nextBytes(value);
                            expected.put(key, value);
                            transaction.put(octets(key), value);
                        }
                    }
                });
                LmdbStore store = store("db");
                expected.forEach((key, value) ->
                        assertThat(store.lookup(octets(key))).as(key).isEqualTo(value));
                for (int i = 0; i < 2_000; i++) {
                    String key = Integer.toString(random.nextInt(100_000), 3);
                    assertThat(store.lookup(octets(key)) != null).isEqualTo(expected.containsKey(key));
                }
            }
        }
    }

    @Test
    void databasesAreToldApart() {
        try (LmdbFile file = new LmdbFile(directory.resolve("t.lmdb"))) {
            file.change("one", 0, transaction -> transaction.put(octets("k"), octets("first")));
            file.change("two", LmdbFile.DUPLICATES, transaction -> {
                transaction.put(octets("k"), octets("b"));
                transaction.put(octets("k"), octets("a"));
                for (int i = 0; i < 2_000; i++) {
                    transaction.put(octets("many"), octets(String.format("%05d", i)));
                }
            });
        }
        assertThat(get(store("one"), "k")).isEqualTo("first");
        assertThat(get(store("two"), "k")).as("the least of several").isEqualTo("a");
        assertThat(get(store("two"), "many")).isEqualTo("00000");
        assertThat(get(store("three"), "k")).isNull();
    }

    @Test
    void rangesEndAtTheirKeys() {
        try (LmdbFile file = new LmdbFile(directory.resolve("t.lmdb"))) {
            file.change("db", 0, transaction -> {
                for (int i = 0; i < 2_000; i++) { // a.b.0.10 to a.b.0.20
                    byte[] last = {(byte) (i >> 8), (byte) i, 0, 20};
                    byte[] first = {(byte) (i >> 8), (byte) i, 0, 10};
                    byte[] value = Arrays.copyOf(first, 8);
                    value[7] = (byte) i;
                    transaction.put(last, value);
                }
            });
        }
        LmdbStore store = store("db");
        for (int i = 0; i < 2_000; i++) {
            for (int end : new int[] {9, 10, 15, 20, 21}) {
                byte[] found = store.lookupRange(new byte[] {(byte) (i >> 8), (byte) i, 0, (byte) end});
                assertThat(found == null ? -1 : found[7] & 0xff)
                        .as(i + " " + end)
                        .isEqualTo(end < 10 || end > 20 ? -1 : i & 0xff);
            }
        }
    }

    /** Every transaction writes one number everywhere: what is read is of one state, while the file is written all the time. */
    @Test
    void readersNeedNoLock() throws Exception {
        AtomicBoolean writing = new AtomicBoolean(true);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread writer = Thread.ofPlatform().start(() -> {
            try (LmdbFile file = new LmdbFile(directory.resolve("t.lmdb"))) {
                for (int round = 1; round <= 400; round++) {
                    byte[] value = new byte[300 + round % 7 * 1_000];
                    Arrays.fill(value, (byte) round);
                    file.change("db", 0, transaction -> {
                        for (int i = 0; i < 60; i++) {
                            transaction.put(octets("key " + i), value);
                        }
                    });
                }
            } catch (Throwable e) {
                failure.set(e);
            } finally {
                writing.set(false);
            }
        });
        LmdbStore store = store("db");
        Random random = new Random(3);
        int found = 0;
        while (writing.get()) {
            store.reload();
            for (int i = 0; i < 200; i++) {
                byte[] value = store.lookup(octets("key " + random.nextInt(60)));
                if (value != null) {
                    found++;
                    byte mark = value[0];
                    assertThat(value.length).isEqualTo(lengthOf(mark, value.length));
                    for (byte octet : value) {
                        assertThat(octet).isEqualTo(mark);
                    }
                }
            }
        }
        writer.join();
        assertThat(failure.get()).isNull();
        assertThat(found).isPositive();
        assertThat(store.lookup(octets("key 1"))).isNotNull().containsOnly((byte) 400);
    }

    /** Whether some round with that mark has that length. */
    private static int lengthOf(byte mark, int length) {
        for (int round = mark & 0xff; round <= 400; round += 256) {
            if (300 + round % 7 * 1_000 == length) {
                return length;
            }
        }
        return -1;
    }

    @Test
    void aBrokenFileFindsNothing() throws Exception {
        Path path = directory.resolve("t.lmdb");
        try (LmdbFile file = new LmdbFile(path)) {
            file.change("db", 0, transaction -> {
                for (int i = 0; i < 500; i++) {
                    transaction.put(octets("key " + i), octets("value " + i));
                }
            });
        }
        byte[] good = Files.readAllBytes(path);
        Random random = new Random(9);
        for (int round = 0; round < 1_500; round++) {
            byte[] bad = good.clone();
            for (int i = 0; i < 8; i++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            Path broken = directory.resolve("bad");
            Files.write(broken, random.nextInt(5) == 0 ? Arrays.copyOf(bad, random.nextInt(bad.length)) : bad);
            LmdbStore store = new LmdbStore(broken, "db", System::nanoTime);
            var _ = store.lookup(octets("key 7"));
            var _ = store.lookupRange(octets("key 7x"));
        }
        LmdbStore nothing = new LmdbStore(directory.resolve("none"), "db", System::nanoTime);
        assertThat(nothing.lookup(octets("k"))).isNull();
        assertThat(nothing.reload()).isFalse();
    }
}
