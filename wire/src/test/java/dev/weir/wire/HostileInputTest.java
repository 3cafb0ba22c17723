package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every parser and editor against mutated messages: fault xor value, no exception, and nothing read or written outside the message. Reading
 * past the length shows as a result that depends on the octets there, writing as a change of them.
 */
class HostileInputTest {
    private static final int ROUNDS = 25_000;
    private static final int ROOM = 64;

    private static final List<byte[]> SEEDS = List.of(
            Wire.query("www.example.org", 1)
                    .opt(1232, Edns.DO, "000a0008 0102030405060708 00080007 00011800 c0a80a")
                    .bytes(),
            Wire.response("www.example.org", 15)
                    .record(Records.ANSWER, 12, 15, 300, "000ac010")
                    .record(Records.ANSWER, 16, 6, 300, "c00c c010 00000001 00000002 00000003 00000004 00000005")
                    .opt(512, 0, "000f00060001 61626364")
                    .record(Records.ADDITIONAL, "tail.example", 33, 60, "000100020003 c02c")
                    .record(Records.ADDITIONAL, 16, 46, 60, "000000000000000000000000000000000000 c010")
                    .bytes(),
            Wire.query("a", 28).bytes(),
            proxied(ProxyHeader.IPV4),
            proxied(ProxyHeader.IPV6));

    private static byte[] proxied(int family) {
        byte[] target = new byte[128];
        byte[] tlvs = {3, 0, 2, 1, 2, 32, 0, 0};
        int end = ProxyHeader.compose(target, 0, false, family, 1, 2, 3, 4, 5, 6, tlvs, tlvs.length);
        return Arrays.copyOf(target, end);
    }

    /** What is under test: takes a message and gives back a length, an offset or a fault. */
    enum Subject {
        NAME((m, r) -> r.value = new NameProbe().probe(m, r.length)),
        QUESTION((m, r) -> r.value = new Question().parse(m, r.length)),
        EDNS((m, r) -> r.value = new Edns().parse(m, r.length)),
        CLIENT_SUBNET((m, r) -> {
            Edns edns = new Edns();
            r.value = edns.parse(m, r.length);
            if (r.value > 0) {
                r.value = new ClientSubnet().parse(m, edns);
            }
        }),
        CLIENT_SUBNET_DATA((m, r) -> r.value = new ClientSubnet().parse(m, 0, r.length)),
        SCOPE((m, r) -> r.value = new ClientSubnetEditor().scope(m, r.length)),
        TTL_SCAN((m, r) -> r.value = (int) Ttls.scan(m, r.length)),
        PROXY((m, r) -> {
            ProxyHeader header = new ProxyHeader();
            r.value = header.parse(m, 0, r.length);
            while (r.value > 0 && header.nextTlv(m)) {
                assertThat(header.tlvOffset() + header.tlvLength()).isLessThanOrEqualTo(r.value);
            }
        }),
        APPEND_OPT((m, r) -> r.edited(new EdnsEditor().appendOpt(m, r.length, 1232, 0, 0))),
        REMOVE_OPT((m, r) -> r.edited(new EdnsEditor().removeOpt(m, r.length))),
        SET_OPTION((m, r) -> r.edited(new EdnsEditor().setOption(m, r.length, 8, new byte[40], 3, 30))),
        SET_LONG_OPTION((m, r) -> r.edited(new EdnsEditor().setOption(m, r.length, 8, new byte[400], 0, 400))),
        REMOVE_OPTION((m, r) -> r.edited(new EdnsEditor().removeOption(m, r.length, 8))),
        EXTENDED_RCODE((m, r) -> r.edited(new EdnsEditor().setExtendedRcode(m, r.length, 23))),
        ADD_SUBNET((m, r) -> r.edited(new ClientSubnetEditor().add(m, r.length, 1, 0, 1, 32, true))),
        UNDO_SUBNET((m, r) -> r.edited(new ClientSubnetEditor().undo(m, r.length, ClientSubnetEditor.OPTION_ADDED))),
        TRUNCATE((m, r) -> r.edited(new ResponseEditor().truncate(m, r.length))),
        STRIP((m, r) -> r.edited(new ResponseEditor().stripRecords(m, r.length))),
        CAP((m, r) -> r.edited(Ttls.clamp(m, r.length, 10, 20))),
        AGE((m, r) -> r.edited(Ttls.age(m, r.length, 10))),
        CLAMP_TYPES((m, r) -> r.edited(Ttls.clamp(m, r.length, 10, 20, 6, 46))),
        REMOVE_RECORDS((m, r) -> r.edited(new MessageRewriter().withoutTypes(m, r.length, 6, 15))),
        RENAME((m, r) -> r.edited(new MessageRewriter().rename(m, r.length, Name.parse("other.example")))),
        EXTENDED_ERROR((m, r) -> r.edited(new ResponseEditor().addExtendedError(m, r.length, 1, new byte[3]))),
        COMPOSE((m, r) -> {
            AnswerComposer composer = new AnswerComposer();
            int start = composer.start(m, r.length);
            if (start < 0) {
                r.edited(start);
                return;
            }
            composer.addA(1, 60);
            composer.addCname(Name.ROOT, 60);
            r.edited(composer.finish(true, 1232));
        });

        private final BiConsumer<byte[], Run> body;

        Subject(BiConsumer<byte[], Run> body) {
            this.body = body;
        }
    }

    private static final class NameProbe {
        int probe(byte[] message, int length) {
            int start = Math.min(12, length);
            int plain = Names.endOfPlain(message, length, start);
            int skipped = Names.skip(message, length, start);
            if (plain > 0) {
                assertThat(skipped).isEqualTo(plain);
            }
            byte[] target = new byte[Name.MAX_LENGTH];
            int size = Names.decompress(message, length, start, target, 0);
            return size < 0 ? size : size * 1000 + Math.max(skipped, 0);
        }
    }

    private static final class Run {
        int length;
        int value;
        boolean edits;

        void edited(int result) {
            value = result;
            edits = true;
        }
    }

    @ParameterizedTest
    @EnumSource
    void faultXorValue(Subject subject) {
        SplittableRandom random = new SplittableRandom(subject.name().hashCode());
        Run zeros = new Run();
        Run ones = new Run();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] seed = SEEDS.get(random.nextInt(SEEDS.size()));
            int length = random.nextInt(4) == 0 ? random.nextInt(seed.length + 1) : seed.length;
            int capacity = length + random.nextInt(ROOM);
            byte[] message = Arrays.copyOf(Arrays.copyOf(seed, length), capacity);
            mutate(message, length, random);
            byte[] twin = message.clone();
            Arrays.fill(twin, length, capacity, (byte) 0xff);
            byte[] before = message.clone();
            zeros.length = ones.length = length;
            zeros.edits = ones.edits = false;

            subject.body.accept(message, zeros);
            subject.body.accept(twin, ones);

            assertThat(zeros.value).isGreaterThanOrEqualTo(WireFault.BAD_VALUE.code());
            assertThat(zeros.value).as("octets behind the length are not read").isEqualTo(ones.value);
            if (!zeros.edits) {
                assertThat(message).isEqualTo(before);
            } else if (zeros.value > 0) {
                assertThat(zeros.value).isLessThanOrEqualTo(capacity);
                assertThat(Arrays.copyOf(message, zeros.value)).isEqualTo(Arrays.copyOf(twin, zeros.value));
            } else if (subject != Subject.COMPOSE || zeros.value != WireFault.NO_ROOM.code()) {
                assertThat(Arrays.copyOfRange(message, length, capacity))
                        .isEqualTo(Arrays.copyOfRange(before, length, capacity));
            }
        }
    }

    private static void mutate(byte[] message, int length, SplittableRandom random) {
        for (int edits = random.nextInt(4); edits > 0 && length > 0; edits--) {
            int at = random.nextInt(length);
            switch (random.nextInt(4)) {
                case 0 -> message[at] = (byte) random.nextInt();
                case 1 -> message[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> message[at] = (byte) (0xc0 | random.nextInt(2));
                default -> {
                    int from = random.nextInt(length);
                    int size = Math.min(random.nextInt(8), length - Math.max(at, from));
                    System.arraycopy(message, from, message, at, size);
                }
            }
        }
    }
}
