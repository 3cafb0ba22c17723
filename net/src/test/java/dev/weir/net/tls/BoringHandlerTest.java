package dev.weir.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.listen.CertificateSpec;
import dev.weir.engine.listen.TlsSpec;
import dev.weir.engine.listen.TlsVersion;
import dev.weir.net.stream.BufferLeaks;
import dev.weir.testkit.TestCertificates;
import dev.weir.testkit.TlsClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Octet for octet beside the JDK's TLS, without sockets between. */
class BoringHandlerTest {
    private static final TestCertificates FILES = new TestCertificates();
    private static final TestCertificates.Pair PAIR = FILES.make("own", "dot.example");

    @TempDir
    static Path directory;

    private static CertificateSpec certificate;

    private BoringContext context;
    private final Ear ear = new Ear();
    private EmbeddedChannel server;
    private EmbeddedChannel client;

    /** What the handler tells, in order. */
    private static final class Ear extends ChannelInboundHandlerAdapter {
        final List<Object> told = new ArrayList<>();
        final ByteBuf octets = Unpooled.buffer();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf plain = (ByteBuf) message;
            octets.writeBytes(plain);
            plain.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            told.add(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            told.add(cause);
        }
    }

    /** A chain longer than what the library may say at once. */
    @BeforeAll
    static void longChain() throws IOException {
        String own = Files.readString(PAIR.certificate());
        Path chain = directory.resolve("chain.pem");
        Files.writeString(chain, own.repeat(10));
        certificate = CertificateSpec.of(chain.toString(), PAIR.key().toString());
    }

    @AfterAll
    static void end() {
        FILES.close();
        BufferLeaks.assertNone();
    }

    private static BoringContext newContext() throws IOException {
        TlsSpec spec = TlsSpec.of(List.of(certificate));
        ServerCertificate read = ServerCertificate.read(certificate, TlsLibrary.of(""));
        List<byte[]> none = new ArrayList<>();
        none.add(null);
        BoringContext made = BoringContext.make(
                spec, List.of(read), none, new ServerContexts.Parts(List.of(read), List.of(), List.of("dot"), null));
        made.use(TicketKeys.random());
        return made;
    }

    @BeforeEach
    void open() throws IOException {
        context = newContext();
        assertThat(context.retain()).isTrue();
        server = new EmbeddedChannel(new BoringHandler(context), ear);
    }

    @AfterEach
    void close() {
        server.finishAndReleaseAll();
        if (client != null) {
            client.finishAndReleaseAll();
        }
        context.release();
        assertThat(context.retain()).isFalse();
    }

    private void connect(String version) {
        SSLEngine engine = new TlsClient().context().createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {version});
        client = new EmbeddedChannel(new SslHandler(engine));
    }

    /** Carries what either has for the other, in pieces of so many octets, until both are silent. */
    private void carry(int piece) {
        boolean carried = true;
        while (carried) {
            client.runPendingTasks();
            carried = carry(client, server, piece) | carry(server, client, piece);
        }
    }

    private static boolean carry(EmbeddedChannel from, EmbeddedChannel to, int piece) {
        ByteBuf next = from.readOutbound();
        if (next == null) {
            return false;
        }
        while (next.isReadable()) {
            to.writeInbound(next.readRetainedSlice(Math.min(piece, next.readableBytes())));
        }
        next.release();
        return true;
    }

    private byte[] received() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf next = client.readInbound(); next != null; next = client.readInbound()) {
            all.writeBytes(next);
            next.release();
        }
        byte[] octets = new byte[all.readableBytes()];
        all.readBytes(octets);
        return octets;
    }

    private static byte[] random(int length) {
        byte[] octets = new byte[length];
        new SplittableRandom(length).nextBytes(octets);
        return octets;
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.3, 1, 1700",
        "TLSv1.3, 7, 20000",
        "TLSv1.3, 65536, 65537",
        "TLSv1.2, 1, 1700",
        "TLSv1.2, 65536, 65537"
    })
    void inWhateverPieces(String version, int piece, int octets) {
        connect(version);
        carry(piece);
        assertThat(ear.told).containsExactly(SslHandshakeCompletionEvent.SUCCESS);
        assertThat(server.pipeline().get(BoringHandler.class).handshake())
                .isEqualTo(new Handshake(TlsVersion.ofProtocol(version), false));

        byte[] question = random(octets + 1);
        byte[] answer = random(octets);
        client.writeOutbound(Unpooled.copiedBuffer(question));
        carry(piece);
        assertThat(ear.octets).isEqualTo(Unpooled.wrappedBuffer(question));
        server.writeOutbound(Unpooled.copiedBuffer(answer));
        carry(piece);
        assertThat(received()).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void answersOfOneEventLeaveTogether(String version) {
        connect(version);
        carry(65_536);
        List<ChannelFuture> written = new ArrayList<>();
        ByteBuf all = Unpooled.buffer();
        for (int i = 0; i < 100; i++) {
            byte[] answer = random(1 + i * 13 % 700);
            all.writeBytes(answer);
            written.add(server.write(Unpooled.copiedBuffer(answer)));
        }
        assertThat(written).noneMatch(ChannelFuture::isDone);
        server.flush();
        assertThat(written).allMatch(ChannelFuture::isSuccess);
        assertThat(server.outboundMessages().size()).isLessThan(20);
        carry(65_536);
        assertThat(received()).isEqualTo(Unpooled.copiedBuffer(all).array());
    }

    @Test
    void eitherSideSaysGoodbye() {
        connect("TLSv1.3");
        carry(65_536);
        server.write(Unpooled.copiedBuffer(new byte[] {1, 2, 3}));
        ServerTls.endOutput(server.pipeline());
        assertThat(server.write(Unpooled.copiedBuffer(new byte[1])).cause()).isInstanceOf(ClosedChannelException.class);
        carry(65_536);
        assertThat(received()).containsExactly(1, 2, 3);
        var _ = client.pipeline().get(SslHandler.class).closeOutbound();
        carry(65_536);
        assertThat(ear.told).containsExactly(SslHandshakeCompletionEvent.SUCCESS, SslCloseCompletionEvent.SUCCESS);
    }

    @Test
    void nonsenseInsteadOfAHandshake() {
        server.writeInbound(Unpooled.copiedBuffer(new byte[] {22, 3, 1, 0, 4, 77, 0, 0, 0}));
        assertThat(ear.told)
                .singleElement()
                .isInstanceOfSatisfying(SslHandshakeCompletionEvent.class, event -> assertThat(event.cause())
                        .hasMessageContaining("UNEXPECTED_MESSAGE"));
        ByteBuf alert = server.readOutbound();
        assertThat(alert.getByte(0)).isEqualTo((byte) 21);
        alert.release();
        server.writeInbound(Unpooled.copiedBuffer(new byte[100]));
        assertThat(ear.told).hasSize(1);
        assertThat(server.write(Unpooled.copiedBuffer(new byte[1])).cause()).isInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aRecordThatWasChanged(String version) {
        connect(version);
        carry(65_536);
        client.writeOutbound(Unpooled.copiedBuffer(new byte[] {1}));
        client.writeOutbound(Unpooled.copiedBuffer(new byte[] {2}));
        carry(client, server, 65_536);
        ByteBuf second = client.readOutbound();
        int last = second.writerIndex() - 1;
        second.setByte(last, second.getByte(last) ^ 1);
        server.writeInbound(second);
        assertThat(ear.octets).isEqualTo(Unpooled.wrappedBuffer(new byte[] {1}));
        assertThat(ear.told).last().isInstanceOfSatisfying(DecoderException.class, cause -> assertThat(cause)
                .hasMessageContaining("BAD_DECRYPT"));
        // What follows is not read any more.
        client.writeOutbound(Unpooled.copiedBuffer(new byte[] {3}));
        carry(client, server, 65_536);
        assertThat(ear.octets.readableBytes()).isEqualTo(1);
        assertThat(ear.told).hasSize(2);
    }

    /** Whoever began with a context keeps it; nobody begins with it any more. */
    @Test
    void aReplacedContextServesItsConnections() throws IOException {
        connect("TLSv1.3");
        carry(65_536);
        BoringContext former = context;
        context = newContext();
        former.release();
        server.writeOutbound(Unpooled.copiedBuffer(new byte[] {9}));
        carry(65_536);
        assertThat(received()).containsExactly(9);
        server.finishAndReleaseAll();
        assertThat(former.retain()).isFalse();
    }

    /** Whoever begins while certificates are replaced gets those there are then; behind the end nobody begins. */
    @Test
    void whoBeginsGetsWhatThereIs() throws IOException {
        ServerTls tls = ServerTls.open(TlsSpec.of(List.of(certificate)), List.of("dot"));
        for (int i = 0; i < 3; i++) {
            tls.reload();
            ChannelHandler speaking = tls.newHandler("dot.example", ByteBufAllocator.DEFAULT);
            EmbeddedChannel begun = new EmbeddedChannel(Objects.requireNonNull(speaking));
            assertThat(begun.pipeline().get(BoringHandler.class)).isSameAs(speaking);
            begun.finishAndReleaseAll();
        }
        tls.close();
        assertThat(tls.newHandler("dot.example", ByteBufAllocator.DEFAULT)).isNull();
    }

    @Test
    void anAnswerThatNobodyFlushed() {
        connect("TLSv1.3");
        carry(65_536);
        ChannelFuture written = server.write(Unpooled.copiedBuffer(new byte[] {1}));
        server.pipeline().remove(BoringHandler.class);
        assertThat(written.cause()).isInstanceOf(ClosedChannelException.class);
    }
}
