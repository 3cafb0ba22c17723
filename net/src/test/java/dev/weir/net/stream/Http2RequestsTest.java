package dev.weir.net.stream;

import static dev.weir.net.stream.RawHttp2.CONTINUATION;
import static dev.weir.net.stream.RawHttp2.DATA;
import static dev.weir.net.stream.RawHttp2.END_HEADERS;
import static dev.weir.net.stream.RawHttp2.END_STREAM;
import static dev.weir.net.stream.RawHttp2.GOAWAY;
import static dev.weir.net.stream.RawHttp2.HEADERS;
import static dev.weir.net.stream.RawHttp2.PADDED;
import static dev.weir.net.stream.RawHttp2.PING;
import static dev.weir.net.stream.RawHttp2.PRIORITY;
import static dev.weir.net.stream.RawHttp2.RST_STREAM;
import static dev.weir.net.stream.RawHttp2.SETTINGS;
import static dev.weir.net.stream.RawHttp2.WINDOW_UPDATE;
import static dev.weir.net.stream.RawHttp2.WITH_PRIORITY;
import static dev.weir.net.stream.RawHttp2.number;
import static dev.weir.net.stream.RawHttp2.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.HttpSpec;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.StreamSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.task.FaultGuard;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.wire.Rcode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Is HTTP/2 spoken as RFC 9113 has it, and what becomes of those who don't? Frame by frame; everybody is refused, which is an answer. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2RequestsTest {
    private static final byte[] QUERY =
            DnsQuery.of("www.example.", DnsMessage.A).withId(7).packet();
    private static final String GET =
            "/dns-query?dns=" + Base64.getUrlEncoder().withoutPadding().encodeToString(QUERY);
    private static final int TABLE_SIZE = 1;
    private static final int PUSH = 2;
    private static final int WINDOW = 4;
    private static final int FRAME_SIZE = 5;
    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int STREAM_CLOSED = 5;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int REFUSED_STREAM = 7;
    private static final int COMPRESSION_ERROR = 9;
    private static final int CALM = 11;

    private final Model model = new Model();
    private final StreamTransport transport = new StreamTransport(model);
    private final long survived = FaultGuard.total();
    private InetSocketAddress address;
    private Frontend frontend;

    @BeforeEach
    void start() throws IOException {
        model.rules()
                .add(Rule.of(
                        new ClientSelector.IncomingProtocol(dev.weir.engine.listen.Protocol.DOH),
                        new Answering.RCode(Rcode.REFUSED, AnswerFlags.DEFAULT),
                        UUID.randomUUID(),
                        ""));
        HttpSpec http = new HttpSpec(List.of("/dns-query"), true, Map.of(), true, false, false, true, 1);
        SocketSpec at = SocketSpec.of(Endpoint.parse("127.0.0.1:0", 0));
        frontend = Objects.requireNonNull(
                transport.open(new ListenSpec.Https(at, StreamSpec.DEFAULT, null, http, List.of())));
        model.start();
        transport.start();
        address = LoopbackPorts.address(frontend.address().port());
    }

    @AfterEach
    void othersAreServed() throws IOException {
        try (RawHttp2 client = RawHttp2.to(address)) {
            client.frame(HEADERS, END_HEADERS | END_STREAM, 1, get(GET));
            assertAnswer(client.await(DATA));
        } finally {
            transport.close();
        }
        assertThat(FaultGuard.total()).isEqualTo(survived);
    }

    @AfterAll
    static void noBufferIsLost() {
        BufferLeaks.assertNone();
    }

    private static void assertAnswer(RawHttp2.Frame data) {
        assertThat(data.flags()).isEqualTo(END_STREAM);
        DnsMessage answer = DnsMessage.parse(data.payload());
        assertThat(answer.id()).isEqualTo(7);
        assertThat(answer.rcode()).isEqualTo(Rcode.REFUSED);
    }

    /** GET over http, authority "a"; indexed and literal fields of HPACK. */
    private static byte[] get(String path) {
        return fields(0x82, path);
    }

    private static byte[] post() {
        return fields(0x83, "/dns-query");
    }

    private static byte[] fields(int method, String path) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) method, (byte) 0x86, 0x01, 1, 'a', 0x04, (byte) path.length()});
        out.writeBytes(path.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    /** A connection that does what nobody may ends with this error. */
    private void assertFatal(int error, byte[]... frames) throws IOException {
        try (RawHttp2 client = RawHttp2.to(address)) {
            client.send(joined(frames));
            assertThat(client.await(GOAWAY).number()).isEqualTo(error);
            client.awaitEnd();
        }
    }

    private static byte[] frame(int type, int flags, int stream, byte... payload) {
        return RawHttp2.encode(type, flags, stream, payload);
    }

    // ---- what is right

    @Test
    void requestsAreAnsweredInWhateverPiecesTheyCome() throws IOException {
        byte[] all = joined(
                RawHttp2.PREFACE,
                frame(SETTINGS, 0, 0),
                frame(HEADERS, 0, 1, Arrays.copyOf(post(), 5)),
                frame(CONTINUATION, 0, 1),
                frame(CONTINUATION, END_HEADERS, 1, Arrays.copyOfRange(post(), 5, post().length)),
                frame(PRIORITY, 0, 1, new byte[] {0, 0, 0, 0, 1}),
                frame(0xfa, 0xff, 1, new byte[] {1, 2, 3}),
                frame(DATA, PADDED, 1, joined(new byte[] {3}, Arrays.copyOf(QUERY, 10), new byte[3])),
                frame(DATA, 0, 1),
                frame(DATA, 0, 1, Arrays.copyOfRange(QUERY, 10, QUERY.length)),
                frame(HEADERS, END_HEADERS | END_STREAM, 1, new byte[] {0, 1, 'x', 1, 'y'}));
        try (RawHttp2 client = RawHttp2.silent(address)) {
            for (byte each : all) {
                client.send(new byte[] {each});
            }
            assertAnswer(client.await(DATA));
        }
        try (RawHttp2 client = RawHttp2.silent(address)) {
            client.send(all);
            byte[] padded = joined(new byte[] {2, 0, 0, 0, 0, 16}, get(GET), new byte[2]);
            client.frame(HEADERS, END_HEADERS | END_STREAM | PADDED | WITH_PRIORITY, 3, padded);
            assertAnswer(client.await(DATA));
            assertAnswer(client.await(DATA));
        }
    }

    @Test
    void settingsAndPingsAreAcknowledged() throws IOException {
        try (RawHttp2 client = RawHttp2.to(address)) {
            RawHttp2.Frame ours = client.await(SETTINGS);
            assertThat(ours.payload()).startsWith(0, 3, 0, 0, 0, 100);
            assertThat(client.await(SETTINGS).flags()).isEqualTo(1);
            client.frame(SETTINGS, 1, 0);
            client.frame(PING, 0, 0, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
            RawHttp2.Frame pong = client.await(PING);
            assertThat(pong.flags()).isEqualTo(1);
            assertThat(pong.payload()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        }
    }

    /** Sections 6.9.1 and 6.9.2: no octet more than the client takes. */
    @Test
    void answersWaitForTheWindow() throws IOException {
        try (RawHttp2 client = RawHttp2.to(address, WINDOW, 10)) {
            client.frame(HEADERS, END_HEADERS | END_STREAM, 1, get(GET));
            RawHttp2.Frame first = client.await(DATA);
            assertThat(first.payload()).hasSize(10);
            assertThat(first.flags()).isZero();
            client.frame(WINDOW_UPDATE, 0, 1, number(4));
            RawHttp2.Frame second = client.await(DATA);
            assertThat(second.payload()).hasSize(4);
            // The window was 10 and is 14 by now: 6 octets more than it has taken already.
            client.frame(SETTINGS, 0, 0, settings(WINDOW, 16));
            RawHttp2.Frame third = client.await(DATA);
            assertThat(third.payload()).hasSize(6);
            client.frame(SETTINGS, 0, 0, settings(WINDOW, 1_000));
            RawHttp2.Frame last = client.await(DATA);
            byte[] whole = joined(first.payload(), second.payload(), third.payload(), last.payload());
            assertAnswer(new RawHttp2.Frame(DATA, last.flags(), 1, whole));
        }
    }

    /** RFC 7541 section 4.2. */
    @Test
    void aClientWithoutATableIsToldThatNoneIsUsed() throws IOException {
        try (RawHttp2 client = RawHttp2.to(address, TABLE_SIZE, 0)) {
            client.frame(HEADERS, END_HEADERS | END_STREAM, 1, get(GET));
            assertThat(client.await(HEADERS).payload()).startsWith(0x20, 0x88);
            client.frame(HEADERS, END_HEADERS | END_STREAM, 3, get(GET));
            assertThat(client.await(HEADERS).payload()).startsWith(0x88);
        }
    }

    @Test
    void onlySoManyStreamsAreOpen() throws IOException {
        try (RawHttp2 client = RawHttp2.to(address)) {
            for (int i = 0; i < 101; i++) {
                client.frame(HEADERS, END_HEADERS, 2 * i + 1, post());
            }
            RawHttp2.Frame refused = client.await(RST_STREAM);
            assertThat(refused.stream()).isEqualTo(201);
            assertThat(refused.number()).isEqualTo(REFUSED_STREAM);
            client.frame(DATA, END_STREAM, 1, QUERY);
            assertAnswer(client.await(DATA));
        }
    }

    /** More octets than the first window has, over many streams: it is opened again. */
    @Test
    void bodiesAreTakenOneAfterTheOther() throws IOException {
        try (RawHttp2 client = RawHttp2.to(address)) {
            byte[] long_ = Arrays.copyOf(QUERY, 16_000);
            long got = 65_535;
            for (int i = 0; i < 20; i++) {
                while (got < long_.length) {
                    got += client.await(WINDOW_UPDATE).number();
                }
                client.frame(HEADERS, END_HEADERS, 2 * i + 1, post());
                client.frame(DATA, END_STREAM, 2 * i + 1, long_);
                got -= long_.length;
            }
        }
        assertThat(Objects.requireNonNull(frontend.http()).post.sum()).isPositive();
    }

    // ---- what is wrong with a stream

    @Test
    void streamsThatGoWrongEndAlone() throws IOException {
        try (RawHttp2 client = RawHttp2.to(address)) {
            assertReset(
                    client, 1, PROTOCOL_ERROR, frame(HEADERS, END_HEADERS | END_STREAM, 1, new byte[] {0, 2, 'X', 'a', 0
                    }));
            assertReset(
                    client,
                    3,
                    PROTOCOL_ERROR,
                    joined(frame(HEADERS, END_HEADERS, 3, post()), frame(WINDOW_UPDATE, 0, 3, number(0))));
            assertReset(
                    client,
                    5,
                    FLOW_CONTROL_ERROR,
                    joined(
                            frame(HEADERS, END_HEADERS, 5, post()),
                            frame(WINDOW_UPDATE, 0, 5, number(Integer.MAX_VALUE))));
            assertReset(
                    client,
                    7,
                    PROTOCOL_ERROR,
                    joined(
                            frame(HEADERS, END_HEADERS, 7, post()),
                            frame(HEADERS, END_HEADERS, 7, new byte[] {0, 1, 'x', 0})));
            client.frame(SETTINGS, 0, 0, settings(WINDOW, 0));
            assertReset(
                    client,
                    9,
                    STREAM_CLOSED,
                    joined(frame(HEADERS, END_HEADERS | END_STREAM, 9, get(GET)), frame(DATA, 0, 9, new byte[1])));
            client.frame(DATA, 0, 9, new byte[1]);
            client.frame(SETTINGS, 0, 0, settings(WINDOW, 1_000));
            client.frame(HEADERS, END_HEADERS | END_STREAM, 11, get(GET));
            assertAnswer(client.await(DATA));
        }
    }

    private static void assertReset(RawHttp2 client, int stream, int error, byte[] frames) throws IOException {
        client.send(frames);
        RawHttp2.Frame reset = client.await(RST_STREAM);
        assertThat(reset.stream()).isEqualTo(stream);
        assertThat(reset.number()).isEqualTo(error);
    }

    // ---- what ends the connection

    @Test
    void whoDoesNotSpeakItIsToldWhy() throws IOException {
        byte[] open = frame(HEADERS, END_HEADERS, 1, post());
        assertFatal(PROTOCOL_ERROR, frame(HEADERS, END_HEADERS | END_STREAM, 2, get(GET)));
        assertFatal(PROTOCOL_ERROR, frame(DATA, 0, 1, new byte[1]));
        assertFatal(PROTOCOL_ERROR, frame(DATA, 0, 0, new byte[1]));
        assertFatal(PROTOCOL_ERROR, frame(RST_STREAM, 0, 1, number(8)));
        assertFatal(PROTOCOL_ERROR, frame(WINDOW_UPDATE, 0, 1, number(8)));
        assertFatal(PROTOCOL_ERROR, frame(WINDOW_UPDATE, 0, 0, number(0)));
        assertFatal(PROTOCOL_ERROR, frame(SETTINGS, 0, 1));
        assertFatal(PROTOCOL_ERROR, frame(CONTINUATION, END_HEADERS, 1));
        assertFatal(PROTOCOL_ERROR, frame(HEADERS, 0, 1, post()), frame(PING, 0, 0, new byte[8]));
        assertFatal(PROTOCOL_ERROR, frame(5, END_HEADERS, 1, new byte[8]));
        assertFatal(PROTOCOL_ERROR, open, frame(DATA, PADDED, 1, new byte[] {9, 1}));
        assertFatal(PROTOCOL_ERROR, frame(SETTINGS, 0, 0, settings(PUSH, 2)));
        assertFatal(PROTOCOL_ERROR, frame(SETTINGS, 0, 0, settings(FRAME_SIZE, 16_383)));
        assertFatal(FLOW_CONTROL_ERROR, frame(SETTINGS, 0, 0, settings(WINDOW, -1)));
        assertFatal(FLOW_CONTROL_ERROR, frame(WINDOW_UPDATE, 0, 0, number(Integer.MAX_VALUE)));
        assertFatal(
                FLOW_CONTROL_ERROR,
                frame(SETTINGS, 0, 0, settings(WINDOW, 0)),
                frame(HEADERS, END_HEADERS, 1, post()),
                frame(WINDOW_UPDATE, 0, 1, number(Integer.MAX_VALUE)),
                frame(SETTINGS, 0, 0, settings(WINDOW, 1)));
        assertFatal(FRAME_SIZE_ERROR, frame(PING, 0, 0, new byte[7]));
        assertFatal(FRAME_SIZE_ERROR, frame(SETTINGS, 0, 0, new byte[5]));
        assertFatal(FRAME_SIZE_ERROR, frame(SETTINGS, 1, 0, new byte[6]));
        assertFatal(FRAME_SIZE_ERROR, open, frame(PRIORITY, 0, 1, new byte[4]));
        assertFatal(FRAME_SIZE_ERROR, frame(DATA, 0, 1, new byte[16_385]));
        assertFatal(COMPRESSION_ERROR, frame(HEADERS, END_HEADERS, 1, new byte[] {(byte) 0xff, (byte) 0xff, 1}));
        try (RawHttp2 client = RawHttp2.silent(address)) {
            client.send(joined(RawHttp2.PREFACE, frame(PING, 0, 0, new byte[8])));
            assertThat(client.await(GOAWAY).number()).isEqualTo(PROTOCOL_ERROR);
            client.awaitEnd();
        }
        try (RawHttp2 client = RawHttp2.silent(address)) {
            client.send("PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            client.awaitEnd();
        }
        assertThat(frontend.stream().diedReadingQuery.sum()).isPositive();
    }

    /** CVE-2025-8671: a client makes us reset its streams, and so has more at work than may be. */
    @Test
    void whoMakesUsResetStreamsIsCutOff() throws IOException {
        try (RawHttp2 client = RawHttp2.to(address)) {
            try {
                for (int i = 0; i < 1_000; i++) {
                    client.frame(HEADERS, END_HEADERS, 2 * i + 1, post());
                    client.frame(WINDOW_UPDATE, 0, 2 * i + 1, number(0));
                }
            } catch (SocketException cut) {
                // what it is for
            }
            client.awaitEnd();
        }
    }

    /** A field of 4,000 octets, written once and named again and again. */
    @Test
    void smallHeadersThatGrowEndTheConnection() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.writeBytes(new byte[] {0x40, 1, 'x', 0x7f, (byte) 0xa1, 0x1e});
        bomb.writeBytes(new byte[4_000]);
        byte[] once = bomb.toByteArray();
        Arrays.fill(once, 6, once.length, (byte) 'v');
        byte[] again = new byte[1_000];
        Arrays.fill(again, (byte) 0xbe);
        assertFatal(CALM, frame(HEADERS, END_HEADERS | END_STREAM, 1, joined(post(), once, again)));
    }

    @Test
    void framesThatSayNothingEndTheConnection() throws IOException {
        byte[] nothing = frame(DATA, 0, 1);
        assertFatal(CALM, frame(HEADERS, END_HEADERS, 1, post()), nothing, nothing, nothing);
    }

    /** Its streams may have a megabyte of bodies that are not whole. */
    @Test
    void whoLeavesTooMuchUnfinishedIsCutOff() throws IOException {
        try (RawHttp2 client = RawHttp2.to(address)) {
            try {
                for (int i = 0; i < 40; i++) {
                    client.frame(HEADERS, END_HEADERS, 2 * i + 1, post());
                    client.frame(DATA, 0, 2 * i + 1, new byte[16_000]);
                    client.frame(DATA, 0, 2 * i + 1, new byte[16_000]);
                }
            } catch (SocketException cut) {
                // what it is for
            }
            client.awaitEnd();
        }
    }

    /** Each wants an acknowledgement that it does not take: what we have written is all that is kept for it, then nothing is read. */
    @Test
    void pingsOfWhoReadsNothingAreNotKept() throws IOException {
        byte[] flood = new byte[17 * 4_000];
        for (int at = 0; at < flood.length; at += 17) {
            System.arraycopy(frame(PING, 0, 0, new byte[8]), 0, flood, at, 17);
        }
        try (RawHttp2 client = RawHttp2.to(address)) {
            // In the end the kernel takes no more, and the connection is idle for too long: writing fails.
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000_000; i++) {
                            client.send(flood);
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
        assertThat(frontend.stream().clientTimeouts.sum()).isPositive();
    }

    /** Damaged conversations: whatever becomes of them, nothing of ours fails. */
    @Test
    void damageHarmsNobody() throws IOException {
        byte[] right = joined(
                frame(SETTINGS, 0, 0, settings(TABLE_SIZE, 100, WINDOW, 40)),
                frame(HEADERS, END_HEADERS | END_STREAM, 1, get(GET)),
                frame(HEADERS, 0, 3, Arrays.copyOf(post(), 6)),
                frame(CONTINUATION, END_HEADERS, 3, Arrays.copyOfRange(post(), 6, post().length)),
                frame(DATA, PADDED, 3, joined(new byte[] {1}, Arrays.copyOf(QUERY, 9), new byte[1])),
                frame(DATA, END_STREAM, 3, Arrays.copyOfRange(QUERY, 9, QUERY.length)),
                frame(WINDOW_UPDATE, 0, 1, number(50)),
                frame(RST_STREAM, 0, 3, number(8)),
                frame(PING, 0, 0, new byte[8]));
        Random random = new Random(53);
        for (int round = 0; round < 300; round++) {
            byte[] damaged = right.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try (RawHttp2 client = RawHttp2.silent(address)) {
                client.send(joined(RawHttp2.PREFACE, damaged));
            } catch (SocketException cut) {
                // may well be
            }
        }
    }
}
