package dev.weir.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import dev.weir.wire.Header;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Readers without a lock beside a writer who does all that moves memory under them: overwrites an answer in its block, gives it a block of
 * another size, removes it, lets other keys take the block, and makes the table grow. Every octet of a version tells which one it is, so
 * that an answer made of two of them shows.
 */
class CacheTortureTest {
    private static final int KEYS = 8;
    private static final int VERSIONS = 48;
    private static final int MOST_RECORDS = 40;
    private static final long NANOS = 2_000_000_000L;

    private final Statistics statistics = new Statistics();
    private final byte[][] queries = new byte[KEYS][];
    private final byte[][][] answers = new byte[KEYS][VERSIONS][];

    /** One shard with few keys: all threads are always in the same place. */
    private final PacketCache cache = cache();

    private final AtomicBoolean done = new AtomicBoolean();

    /** The cache's clock: each insertion is to last longer than the one before, and so replaces it. */
    private final AtomicLong seconds = new AtomicLong(1_000_000);

    private static PacketCache cache() {
        CacheSpec.Builder spec = CacheSpec.builder(5000);
        spec.numberOfShards(1);
        spec.dontAge(true);
        return new PacketCache(spec.build(), 1, bound -> 0);
    }

    @Test
    void noReaderSeesHalfAnAnswer() throws Exception {
        for (int key = 0; key < KEYS; key++) {
            queries[key] = Packets.query(name(key), Packets.A).bytes();
            for (int version = 0; version < VERSIONS; version++) {
                answers[key][version] = answer(key, version);
            }
        }
        List<Future<Long>> readers = new ArrayList<>();
        long inserted;
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 2; i++) {
                StatShard mine = statistics.takeShard();
                readers.add(threads.submit(() -> read(mine)));
            }
            try {
                inserted = write(statistics.takeShard());
            } finally {
                done.set(true);
            }
        }
        long hits = 0;
        for (Future<Long> reader : readers) {
            hits += reader.get();
        }
        assertThat(inserted).isPositive();
        assertThat(hits).isPositive().isEqualTo(cache.stats().hits());
    }

    private static String name(int key) {
        return "k".repeat(key + 1) + ".example.net";
    }

    /** Of another length and with other addresses than any other version, and the other keys' versions. */
    private static byte[] answer(int key, int version) {
        Packets answer = Packets.answer(name(key), Packets.A);
        for (int i = 0; i <= version % MOST_RECORDS; i++) {
            answer.a(300, "%02x%02x%02x%02x".formatted(key, version, key, version));
        }
        return answer.bytes();
    }

    private long read(StatShard mine) {
        CacheIdentity identity = new CacheIdentity();
        byte[] out = new byte[2048];
        long hits = 0;
        for (int i = 0; !done.get(); i++) {
            int key = i % KEYS;
            byte[] query = queries[key];
            int nameLength = name(key).length() + 2;
            identity.set(Header.RD, false, true);
            int found = cache.lookup(
                    new CacheQuery()
                            .of((long) key << 32, identity, query, nameLength, Header.RD)
                            .at(seconds.get() - 1, 0),
                    out,
                    mine);
            if (found >= 0) {
                hits++;
                requireVersion(key, Arrays.copyOf(out, found));
            }
        }
        return hits;
    }

    private void requireVersion(int key, byte[] seen) {
        if (Arrays.stream(answers[key]).noneMatch(version -> Arrays.equals(version, seen))) {
            throw new AssertionError("key " + key + ": never inserted: " + Arrays.toString(seen));
        }
    }

    private long write(StatShard mine) {
        CacheIdentity identity = new CacheIdentity();
        long inserted = 0;
        int other = KEYS;
        long start = System.nanoTime();
        for (int i = 0; System.nanoTime() - start < NANOS; i++) {
            int key = i % KEYS;
            // Twice a version of the same size, then one of another.
            byte[] answer = answers[key][i / KEYS / 2 % VERSIONS];
            identity.set(Header.RD, false, true);
            long now = seconds.incrementAndGet();
            if (cache.insert((long) key << 32, identity, answer, answer.length, -1, now, mine) == Insertion.STORED) {
                inserted++;
            }
            // Other keys, whose octets are those of a key that is looked for, come and go.
            cache.insert((long) other++ << 32, identity, answer, answer.length, -1, now, mine);
            if (i % 64 == 63) {
                cache.expunge(i % 4096 == 4095 ? 0 : 4);
            }
            if (i % 8192 == 0) {
                other = KEYS;
            }
        }
        return inserted;
    }
}
