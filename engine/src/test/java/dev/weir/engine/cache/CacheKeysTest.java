package dev.weir.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import dev.weir.wire.Header;
import dev.weir.wire.Names;
import dev.weir.wire.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Can a client choose a query that has another query's key? Options and payload size are compared with nothing when an entry is found, so
 * that it would get the other one's answer.
 *
 * <p>Once it could, whatever the seed: keys were made by (hash ^ word) * odd, which lets a word's highest bit through as it is, and a fold
 * that let it be cancelled by bits of the next words. Names had twins of the same kind, which kept each other out of the cache.
 */
class CacheKeysTest {
    private static final long NOW = 1_000_000;
    private static final int SEEDS = 3_000;
    private static final StatShard MINE = new Statistics().takeShard();

    private static PacketCache cache(long secret) {
        return new PacketCache(CacheSpec.of(100), secret, bound -> 0);
    }

    private static int nameLength(byte[] message) {
        return Names.endOfPlain(message, message.length, Question.OFFSET) - Question.OFFSET;
    }

    private static long key(PacketCache cache, byte[] query) {
        return cache.key(query, query.length, nameLength(query), true);
    }

    private static byte[] withOption(byte[] data) {
        return Packets.query("www.example.org", Packets.A)
                .opt(1232, 0, "fde9%04x".formatted(data.length) + HexFormat.of().formatHex(data))
                .bytes();
    }

    private static byte[] flipped(byte[] octets, int... offsets) {
        byte[] twin = octets.clone();
        for (int offset : offsets) {
            twin[offset] ^= (byte) 0x80;
        }
        return twin;
    }

    /** Stores an answer to the first query; what the second one gets. */
    private static int second(PacketCache cache, byte[] first, byte[] second) {
        CacheIdentity identity = new CacheIdentity();
        identity.set(Header.RD, false, true);
        byte[] answer =
                Packets.answer("www.example.org", Packets.A).a(300, "c0000201").bytes();
        assertThat(cache.insert(key(cache, first), identity, answer, answer.length, -1, NOW, MINE))
                .isEqualTo(Insertion.STORED);
        byte[] out = new byte[4096];
        return cache.lookup(
                new CacheQuery()
                        .of(key(cache, second), identity, second, nameLength(second), Header.RD)
                        .at(NOW, 0),
                out,
                MINE);
    }

    @Test
    void optionsWithFlippedHighBitsNeverShareAnAnswer() {
        SplittableRandom random = new SplittableRandom(1);
        byte[] data = new byte[16];
        for (int i = 0; i < SEEDS; i++) {
            random.nextBytes(data);
            PacketCache cache = cache(random.nextLong());
            byte[] query = withOption(data);
            assertThat(second(cache, query, withOption(data))).isPositive();
            assertThat(second(cache(random.nextLong()), query, withOption(flipped(data, 0, 8, 12))))
                    .isNegative();
        }
    }

    /** Whichever octets of an option differ in their highest bits: all sets of three in forty. */
    @Test
    void noThreeHighBitsCancel() {
        byte[] data = new byte[40];
        new Random(2).nextBytes(data);
        for (int secret = 0; secret < 20; secret++) {
            PacketCache cache = cache(secret);
            List<Long> keys = new ArrayList<>();
            keys.add(key(cache, withOption(data)));
            for (int i = 0; i < data.length; i++) {
                for (int j = 0; j < i; j++) {
                    for (int k = 0; k < j; k++) {
                        keys.add(key(cache, withOption(flipped(data, i, j, k))));
                    }
                }
            }
            assertThat(keys.stream().distinct()).hasSize(keys.size());
        }
    }

    @Test
    void namesOf24OctetsHaveNoTwins() {
        SplittableRandom random = new SplittableRandom(3);
        byte[] query = Packets.query("abcdefghijklmnopqrstuvwxyz", Packets.A).bytes();
        byte[] twin = flipped(query, Question.OFFSET + 8, Question.OFFSET + 16, Question.OFFSET + 20);
        for (int i = 0; i < SEEDS; i++) {
            PacketCache cache = cache(random.nextLong());
            assertThat(CacheShard.tableKey(key(cache, query))).isNotEqualTo(CacheShard.tableKey(key(cache, twin)));
        }
    }

    /** A table has room for half a key only; the other half must keep apart what meets there. */
    @Test
    void bothHalvesOfAKeyMustAgree() {
        PacketCache cache = cache(4);
        CacheIdentity identity = new CacheIdentity();
        identity.set(Header.RD, false, true);
        byte[] answer =
                Packets.answer("www.example.org", Packets.A).a(300, "c0000201").bytes();
        byte[] out = new byte[4096];
        long key = key(cache, withOption(new byte[16]));
        cache.insert(key, identity, answer, answer.length, -1, NOW, MINE);
        int length = nameLength(answer);
        assertThat(cache.lookup(
                        new CacheQuery()
                                .of(key ^ 1, identity, answer, length, Header.RD)
                                .at(NOW, 0),
                        out,
                        MINE))
                .isEqualTo(PacketCache.COLLISION);
        assertThat(cache.insert(key ^ 1, identity, answer, answer.length, -1, NOW, MINE))
                .isEqualTo(Insertion.COLLISION);
        assertThat(cache.lookup(
                        new CacheQuery()
                                .of(key, identity, answer, length, Header.RD)
                                .at(NOW, 0),
                        out,
                        MINE))
                .isEqualTo(answer.length);
    }

    /** Octets cannot wander from one piece of a query into the next: from an option to a shorter one and what follows, or out of OPT. */
    @Test
    void piecesAreToldApart() {
        PacketCache cache = cache(5);
        List<byte[]> queries = new ArrayList<>();
        for (String options : List.of(
                "",
                "00010000",
                "0001000400020000",
                "0001000000020000",
                "000100020002 0000",
                "00010003000200",
                "0001000300020000",
                "fde900080000000000000000",
                "fde9000700000000000000",
                "000a000800010203040506070001000100",
                "000a00080001020304050607000100020000")) {
            queries.add(Packets.query("www.example.org", Packets.A)
                    .opt(1232, 0, options)
                    .bytes());
        }
        byte[] plain = Packets.query("www.example.org", Packets.A).bytes();
        for (int zeros = 0; zeros < 20; zeros++) {
            queries.add(Arrays.copyOf(plain, plain.length + zeros));
            byte[] opt = queries.getFirst();
            if (zeros > 0) {
                queries.add(Arrays.copyOf(opt, opt.length + zeros));
            }
        }
        assertThat(queries.stream().map(query -> key(cache, query)).distinct()).hasSize(queries.size());
    }
}
