package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static dev.weir.testkit.DnsMessage.RD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.UdpClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of packets that clients should not have sent, over UDP? After each the same client is still served. */
class BadInputTest {
    private static final Duration SILENCE = Duration.ofMillis(150);
    private static final int QUESTION_AT = 12;

    private static FakeBackend backend;
    private static DnsProcess subject;
    private UdpClient client;

    @BeforeAll
    static void start() {
        backend = FakeBackend.start(q -> FakeBackend.Reply.send(DnsMessage.withId(
                FakeBackend.addressOrNothing(
                                new DnsMessage(
                                        q.query().id(),
                                        q.query().flags(),
                                        q.query().questions().subList(0, 1),
                                        q.query().answers(),
                                        q.query().authorities(),
                                        q.query().additionals()),
                                "192.0.2.1")
                        .compose(),
                q.query().id())));
        subject = DnsProcess.start("newServer(\"%s\")\n".formatted(backend.hostPort()));
    }

    @AfterAll
    static void stop() {
        subject.close();
        backend.close();
    }

    @BeforeEach
    void connect() {
        client = subject.udp();
    }

    @AfterEach
    void stillServes() {
        try (UdpClient same = client) {
            assertThat(same.ask(DnsQuery.of("still.example.", A)).answerTexts()).containsExactly("192.0.2.1");
        }
    }

    private void assertDropped(byte[] packet) {
        int before = backend.queryCount();
        client.send(packet);
        assertThat(client.receive(SILENCE)).isEmpty();
        assertThat(backend.queryCount()).isEqualTo(before);
    }

    private void assertDroppedAndCounted(byte[] packet, String counter) {
        long before = subject.counter(counter);
        assertDropped(packet);
        assertThat(subject.counter(counter)).isEqualTo(before + 1);
    }

    private static byte[] query() {
        return DnsQuery.of("www.example.", A).packet();
    }

    /** A query whose question section is these bytes. */
    private static byte[] withQuestion(byte... question) {
        ByteBuffer packet = ByteBuffer.allocate(QUESTION_AT + question.length);
        packet.putShort((short) 0x4242)
                .putShort((short) RD)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(0);
        return packet.put(question).array();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 11})
    void shorterThanAHeader(int length) {
        byte[] packet = Arrays.copyOf(query(), length);
        if (length == 0) {
            assertDropped(packet);
        } else {
            assertDroppedAndCounted(packet, "noncompliant-queries");
        }
    }

    @Test
    void headerOnly() {
        assertDropped(Arrays.copyOf(query(), QUESTION_AT));
    }

    @Test
    void everyTruncation() {
        byte[] whole = query();
        for (int length = QUESTION_AT; length < whole.length; length++) {
            assertDropped(Arrays.copyOf(whole, length));
        }
    }

    @NewerThanDebian("reads a few hundred bytes more, for PROXY headers")
    @Test
    void oversized() {
        assertDroppedAndCounted(Arrays.copyOf(query(), 1501), "noncompliant-queries");
    }

    @Test
    void muchOversized() {
        assertDroppedAndCounted(Arrays.copyOf(query(), 9000), "noncompliant-queries");
    }

    @Test
    void responseBit() {
        assertDroppedAndCounted(
                DnsQuery.of("www.example.", A).withFlags(DnsMessage.QR | RD).packet(), "noncompliant-queries");
    }

    @NewerThanDebian("forwards queries with TC")
    @Test
    void truncatedBit() {
        assertDroppedAndCounted(
                DnsQuery.of("www.example.", A).withFlags(DnsMessage.TC | RD).packet(), "noncompliant-queries");
    }

    @Test
    void noQuestionIsNotImplemented() {
        long before = subject.counter("empty-queries");
        byte[] packet = Arrays.copyOf(query(), QUESTION_AT);
        packet[5] = 0;
        DnsMessage answer = DnsMessage.parse(client.exchange(packet));
        assertThat(answer.rcode()).isEqualTo(DnsMessage.NOTIMP);
        assertThat(answer.has(DnsMessage.QR)).isTrue();
        assertThat(subject.counter("empty-queries")).isEqualTo(before + 1);
    }

    @Test
    void noQuestionIsDroppedWhenTold() {
        try (DnsProcess dropping = DnsProcess.start("setDropEmptyQueries(true)\n");
                UdpClient other = dropping.udp()) {
            byte[] packet = Arrays.copyOf(query(), QUESTION_AT);
            packet[5] = 0;
            assertThat(other.tryExchange(packet, SILENCE)).isEmpty();
            assertThat(dropping.counter("empty-queries")).isEqualTo(1);
        }
    }

    @Test
    void twoQuestionsAreJudgedByTheFirst() {
        byte[] first = query();
        ByteBuffer packet = ByteBuffer.allocate(2 * first.length - QUESTION_AT);
        packet.put(first).put(first, QUESTION_AT, first.length - QUESTION_AT).putShort(4, (short) 2);
        DnsMessage answer = DnsMessage.parse(client.exchange(packet.array()));
        assertThat(answer.answerTexts()).containsExactly("192.0.2.1");
        assertThat(backend.last().packet().length).isEqualTo(packet.capacity());
    }

    @Test
    void trailingBytesAreForwarded() {
        byte[] packet = Arrays.copyOf(query(), query().length + 7);
        packet[packet.length - 1] = 0x55;
        assertThat(DnsMessage.parse(client.exchange(packet)).answerTexts()).containsExactly("192.0.2.1");
        assertThat(DnsMessage.sameButId(backend.last().packet(), packet)).isTrue();
    }

    @Test
    void nameThatPointsAtItself() {
        assertDropped(withQuestion((byte) 0xC0, (byte) QUESTION_AT, (byte) 0, (byte) 1, (byte) 0, (byte) 1));
    }

    @Test
    void nameThatPointsAhead() {
        assertDropped(withQuestion(
                (byte) 0xC0,
                (byte) (QUESTION_AT + 2),
                (byte) 1,
                (byte) 'a',
                (byte) 0,
                (byte) 0,
                (byte) 1,
                (byte) 0,
                (byte) 1));
    }

    @Test
    void twoPointersInACircle() {
        assertDropped(withQuestion(
                (byte) 1,
                (byte) 'a',
                (byte) 0xC0,
                (byte) (QUESTION_AT + 4),
                (byte) 0xC0,
                (byte) QUESTION_AT,
                (byte) 0,
                (byte) 1,
                (byte) 0,
                (byte) 1));
    }

    @Test
    void labelOfAnUnknownKind() {
        byte[] question = new byte[80];
        question[0] = 0x40;
        assertDropped(withQuestion(question));
        question[0] = (byte) 0x80;
        assertDropped(withQuestion(question));
    }

    @Test
    void nameOf256Bytes() {
        assertDropped(DnsQuery.of(("a".repeat(62) + ".").repeat(4) + "ab.", A).packet());
    }

    @Test
    void nameOf255BytesIsFine() {
        String longest = ("a".repeat(62) + ".").repeat(4) + "a.";
        assertThat(client.ask(DnsQuery.of(longest, A).edns(1232)).answerTexts()).containsExactly("192.0.2.1");
    }

    @Test
    void rootNameIsFine() {
        assertThat(client.ask(DnsQuery.of(".", DnsMessage.NS)).rcode()).isEqualTo(DnsMessage.NOERROR);
    }

    @Test
    void namesWithAnyByte() {
        DnsMessage answer = client.ask(DnsQuery.of("a\\000b\\255c\\.d.example.", A));
        assertThat(answer.answerTexts()).containsExactly("192.0.2.1");
        assertThat(backend.last().name()).isEqualTo("a\\000b\\255c\\.d.example.");
    }

    @Test
    void labelThatRunsPastTheEnd() {
        assertDropped(withQuestion((byte) 63, (byte) 'a', (byte) 'b'));
    }

    @Test
    void countsThatLieAreNotBelieved() {
        byte[] packet = query();
        packet[11] = (byte) 200;
        packet[10] = (byte) 200;
        client.send(packet);
        client.receive(SILENCE);
    }

    @Test
    void optRecordCutShort() {
        byte[] whole = DnsQuery.of("www.example.", A)
                .edns(1232)
                .option(DnsMessage.COOKIE_OPTION, new byte[8])
                .packet();
        for (int length = query().length + 1; length < whole.length; length++) {
            client.send(Arrays.copyOf(whole, length));
            client.receive(Duration.ofMillis(1));
        }
    }

    @Test
    void randomBytes() {
        java.util.SplittableRandom random = new java.util.SplittableRandom(42);
        for (int i = 0; i < 3_000; i++) {
            byte[] packet = new byte[random.nextInt(1, 600)];
            random.nextBytes(packet);
            client.send(packet);
        }
        while (client.receive(SILENCE).isPresent()) {
            // Some of them may be queries.
        }
    }
}
