package dev.weir.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import dev.weir.testkit.Garbage;
import dev.weir.wire.Header;
import dev.weir.wire.Names;
import dev.weir.wire.Octets;
import dev.weir.wire.Question;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a hit and an entry cost, and what several threads see. */
class PacketCacheCostTest {
    private final CacheQuery asked = new CacheQuery();
    private static final StatShard MINE = new Statistics().takeShard();

    private static final long NOW = 1_800_000_000L;

    private static PacketCache cache(CacheSpec spec) {
        return new PacketCache(spec, 9, bound -> ThreadLocalRandom.current().nextInt(bound));
    }

    private static int nameLength(byte[] message) {
        return Names.endOfPlain(message, message.length, Question.OFFSET) - Question.OFFSET;
    }

    @Test
    void neitherAHitNorAnInsertionAllocates() throws Exception {
        PacketCache cache = cache(CacheSpec.builder(1000).shuffle(true).build());
        byte[] query = Packets.query("www.example.org", Packets.A)
                .opt(1232, 0, "000a0008 0102030405060708")
                .bytes();
        byte[] answer = Packets.answer("www.example.org", Packets.A)
                .a(30_000_000, "c0000201")
                .a(30_000_000, "c0000202")
                .opt(1232, 0, "")
                .bytes();
        CacheIdentity identity = new CacheIdentity();
        identity.set(Header.RD, false, true);
        byte[] out = new byte[4096];
        int nameLength = nameLength(query);
        // each second a later expiry, so each insertion is a replacement
        AtomicLong now = new AtomicLong(NOW);
        long allocated = Garbage.leastBytes(0, () -> {
            for (int i = 0; i < 20_000; i++) {
                long second = now.incrementAndGet();
                long key = cache.key(query, query.length, nameLength, true);
                if (cache.insert(key, identity, answer, answer.length, -1, second, MINE) != Insertion.STORED
                        || cache.lookup(
                                        asked.of(key, identity, query, nameLength, Header.RD)
                                                .at(second, 0),
                                        out,
                                        MINE)
                                != answer.length) {
                    throw new AssertionError("no hit in second " + second);
                }
            }
        });
        assertThat(allocated)
                .as("octets allocated in 20,000 insertions and hits")
                .isZero();
    }

    @Test
    void anEntryTakesWhatTheDocumentationSays() {
        int entries = 200_000;
        PacketCache cache = cache(CacheSpec.of(entries * 2));
        CacheIdentity identity = new CacheIdentity();
        identity.set(Header.RD, false, true);
        byte[] answer = Packets.answer("n0000000.example.org", Packets.A)
                .a(300, "c0000201")
                .padding(34)
                .bytes();
        assertThat(answer).hasSize(100);
        assertThat(cache.reservedBytes()).as("an empty cache").isLessThan(10_000);
        for (int i = 0; i < entries; i++) {
            for (int digit = 7, rest = i; digit >= 1; digit--, rest /= 10) {
                answer[Question.OFFSET + 1 + digit] = (byte) ('0' + rest % 10);
            }
            long key = cache.key(answer, answer.length, nameLength(answer), true);
            cache.insert(key, identity, answer, answer.length, -1, NOW, MINE);
        }
        assertThat(cache.size()).as("keys of 32 bits collide rarely").isGreaterThan(entries - 50);
        double perEntry = (double) cache.reservedBytes() / cache.size();
        assertThat(perEntry).isBetween(128.0 + 9, 128.0 * 1.01 + 18);
    }

    @Test
    void threadsSeeWholeAnswersOfTheirOwnQuestion() throws Exception {
        PacketCache cache = cache(
                CacheSpec.builder(300).numberOfShards(4).maximumEntrySize(2_000).build());
        int names = 400;
        byte[][] queries = new byte[names][];
        byte[][] answers = new byte[names][];
        for (int i = 0; i < names; i++) {
            queries[i] = Packets.query("n" + i + ".example.org", Packets.A).bytes();
            answers[i] = Packets.answer("n" + i + ".example.org", Packets.A)
                    .a(300, String.format("%08x", i))
                    .padding(i)
                    .bytes();
        }
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicLong hits = new AtomicLong();
        AtomicInteger clock = new AtomicInteger();
        Statistics statistics = new Statistics();
        Thread[] workers = new Thread[4];
        for (int w = 0; w < workers.length; w++) {
            int worker = w;
            StatShard mine = statistics.takeShard();
            workers[w] = new Thread(() -> {
                try {
                    hits.addAndGet(work(cache, queries, answers, clock, mine, worker));
                } catch (Throwable thrown) {
                    failure.compareAndSet(null, thrown);
                }
            });
            workers[w].start();
        }
        for (Thread worker : workers) {
            worker.join();
        }
        assertThat(failure.get()).isNull();
        CacheStats stats = cache.stats();
        assertThat(stats.hits()).isEqualTo(hits.get()).isPositive();
        assertThat(stats.entries()).isLessThanOrEqualTo(300);
    }

    private static long work(
            PacketCache cache, byte[][] queries, byte[][] answers, AtomicInteger clock, StatShard mine, int worker) {
        CacheIdentity identity = new CacheIdentity();
        identity.set(Header.RD, false, true);
        byte[] out = new byte[4096];
        long hits = 0;
        for (int i = 0; i < 60_000; i++) {
            int n = (i * 7 + worker * 13) % queries.length;
            byte[] query = queries[n];
            long now = NOW + clock.get();
            long key = cache.key(query, query.length, nameLength(query), true);
            int length = cache.lookup(
                    new CacheQuery()
                            .of(key, identity, query, nameLength(query), Header.RD)
                            .at(now, 0),
                    out,
                    mine);
            if (length >= 0) {
                hits++;
                int address = nameLength(query) + Question.OFFSET + 4 + 12;
                if (length != answers[n].length || Octets.i32(out, address) != n) {
                    throw new AssertionError("the answer to another question, or a torn one");
                }
            } else {
                cache.insert(key, identity, answers[n], answers[n].length, -1, now, mine);
            }
            if (i % 997 == 0) {
                clock.addAndGet(50);
                cache.purgeExpired(100, now);
            }
            if (i % 4999 == 0) {
                cache.expunge(50);
                cache.stats();
            }
        }
        return hits;
    }
}
