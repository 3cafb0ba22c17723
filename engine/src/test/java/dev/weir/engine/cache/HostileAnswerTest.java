package dev.weir.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import dev.weir.wire.Header;
import dev.weir.wire.Names;
import dev.weir.wire.Question;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Mutated queries and answers through key, insertion and lookup: no exception, and nothing outside the message is read or changed. */
class HostileAnswerTest {
    private static final StatShard MINE = new Statistics().takeShard();

    private static final int ROUNDS = 200_000;
    private static final long NOW = 1_800_000_000L;

    private static final List<byte[]> SEEDS = List.of(
            Packets.query("www.example.org", Packets.A)
                    .opt(1232, 0x8000, "000a0008 0102030405060708 000c0002 0000")
                    .bytes(),
            Packets.answer("www.example.org", Packets.A)
                    .a(300, "c0000201")
                    .a(300, "c0000202")
                    .a(300, "c0000203")
                    .soa(30)
                    .opt(1232, 0, "000f0002 0001")
                    .bytes(),
            Packets.answer("a", Packets.AAAA)
                    .record(1, 5, 60, "c00c")
                    .record(1, Packets.AAAA, 60, "20010db8000000000000000000000001")
                    .record(1, Packets.AAAA, 60, "20010db8000000000000000000000002")
                    .bytes());

    @Test
    void nothingThrowsAndNothingOutsideIsTouched() {
        SplittableRandom random = new SplittableRandom(11);
        PacketCache cache = new PacketCache(
                CacheSpec.builder(500)
                        .numberOfShards(2)
                        .shuffle(true)
                        .payloadRanks(List.of(512, 1232))
                        .truncatedTtl(5)
                        .build(),
                3,
                random::nextInt);
        CacheIdentity identity = new CacheIdentity();
        byte[] out = new byte[4096];
        long now = NOW;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] seed = SEEDS.get(random.nextInt(SEEDS.size()));
            int length = random.nextInt(4) == 0 ? random.nextInt(seed.length + 1) : seed.length;
            byte[] message = Arrays.copyOf(Arrays.copyOf(seed, length), Math.max(length, Header.LENGTH) + 16);
            mutate(message, length, random);
            byte[] twin = message.clone();
            Arrays.fill(twin, length, twin.length, (byte) 0xff);
            now += random.nextInt(3);

            int nameEnd = Names.endOfPlain(message, length, Question.OFFSET);
            long key = random.nextLong();
            if (nameEnd > 0 && nameEnd + 4 <= length) {
                int nameLength = nameEnd - Question.OFFSET;
                key = cache.key(message, length, nameLength, true);
                assertThat(cache.key(twin, length, nameLength, true)).isEqualTo(key);
            }
            identity.set(Header.RD, false, true);
            byte[] before = message.clone();
            Insertion result = cache.insert(key, identity, message, length, -1, now, MINE);
            assertThat(message).isEqualTo(before);
            if (result != Insertion.STORED) {
                continue;
            }
            Arrays.fill(out, length, length + 16, (byte) 0x55);
            int found = cache.lookup(
                    new CacheQuery()
                            .of(key, identity, message, nameEnd - Question.OFFSET, Header.RD)
                            .at(now, 30),
                    out,
                    MINE);
            assertThat(found & PacketCache.LENGTH_MASK).isEqualTo(length);
            for (int i = length; i < length + 16; i++) {
                assertThat(out[i]).isEqualTo((byte) 0x55);
            }
            if (cache.isFull()) {
                cache.expunge(100);
            }
        }
    }

    private static void mutate(byte[] message, int length, SplittableRandom random) {
        for (int edits = random.nextInt(4); edits > 0 && length > 0; edits--) {
            int at = random.nextInt(length);
            switch (random.nextInt(3)) {
                case 0 -> message[at] = (byte) random.nextInt();
                case 1 -> message[at] ^= (byte) (1 << random.nextInt(8));
                default -> message[at] = (byte) (0xc0 | random.nextInt(2));
            }
        }
    }
}
