package dev.weir.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.config.web.WebAddress.SocketFile;
import dev.weir.config.web.WebResponse;
import dev.weir.config.web.WebSpec;
import dev.weir.engine.acl.NetmaskGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The web server at a file: who may connect, what is taken away and what never is. */
@Timeout(60)
class SocketFileTest {
    @TempDir
    Path directory;

    private final WebServer server = server();

    private static WebServer server() {
        WebSpec nobody = new WebSpec(
                null, "key", NetmaskGroup.parse(List.of()), Map.of(), WebSpec.DEFAULT.access(), false, 2, false, "");
        return new WebServer(
                () -> new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()),
                () -> nobody,
                new Routes(() -> nobody, Map::of)
                        .with("GET", "/metrics", request -> WebResponse.text(200, "text/plain", "figures")));
    }

    @AfterEach
    void end() {
        server.close();
    }

    private Path path() {
        return directory.resolve("web.sock");
    }

    private SocketFile file(int mode, String group) {
        return new SocketFile(path().toString(), mode, "", group);
    }

    private SocketFile file() {
        return file(SocketFile.DEFAULT_MODE, "");
    }

    private String ask(String headers) throws IOException {
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
            socket.write(ByteBuffer.wrap(
                    ("GET /metrics HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n").getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(socket).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(each -> each.getFileName().toString()).toList();
        }
    }

    /** Credentials are asked for as anywhere, the ACL, which is empty here, is for addresses. */
    @Test
    void isServedLikeAnAddress() throws Exception {
        server.listen(file());
        assertThat(ask("X-API-Key: key\r\n")).startsWith("HTTP/1.1 200").endsWith("figures");
        assertThat(ask("")).startsWith("HTTP/1.1 401");
        for (int i = 0; i < 10; i++) {
            assertThat(ask("X-API-Key: key\r\n")).endsWith("figures");
        }
        assertThat(left()).containsExactly("web.sock");
        server.unlisten(file());
        assertThat(left()).isEmpty();
    }

    @Test
    void modeAndOwnersAreThoseAskedFor() throws Exception {
        server.listen(file());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-rw----");
        server.unlisten(file());
        String own = Files.getAttribute(directory, "posix:group").toString();
        server.listen(file(0606, own));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw----rw-");
        assertThat(Files.getAttribute(path(), "posix:group")).hasToString(own);
    }

    @Test
    void whereTheGroupIsUnknownNothingIsLeft() throws Exception {
        assertThatThrownBy(() -> server.listen(file(0660, "no-such-group"))).isInstanceOf(IOException.class);
        assertThat(left()).isEmpty();
        server.listen(file());
        assertThat(ask("X-API-Key: key\r\n")).endsWith("figures");
    }

    /** As of a process that was killed. */
    @Test
    void whatNobodyListensAtIsReplaced() throws Exception {
        ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        dead.bind(UnixDomainSocketAddress.of(path()));
        dead.close();
        assertThat(left()).containsExactly("web.sock");
        server.listen(file());
        assertThat(ask("X-API-Key: key\r\n")).endsWith("figures");
    }

    @Test
    void anothersFileStays() throws Exception {
        Files.writeString(path(), "precious");
        assertThatThrownBy(() -> server.listen(file())).hasMessageContaining("it is no socket");
        assertThat(path()).hasContent("precious");
        Files.delete(path());
        Files.createSymbolicLink(path(), directory.resolve("elsewhere"));
        assertThatThrownBy(() -> server.listen(file())).hasMessageContaining("it is no socket");
        assertThat(path()).isSymbolicLink();
        assertThat(left()).containsExactly("web.sock");
    }

    @Test
    void whereSomebodyListensHeStays() throws Exception {
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(path()));
            assertThatThrownBy(() -> server.listen(file())).hasMessageContaining("another process listens there");
            SocketChannel.open(UnixDomainSocketAddress.of(path())).close();
        }
    }

    /** One more would have waited in the kernel, and with it our start. */
    @Test
    void whoLetsNobodyInHoldsUpNobody() throws Exception {
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocketChannel stuck = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stuck.bind(UnixDomainSocketAddress.of(path()), 1);
            assertThatThrownBy(() -> {
                        while (waiting.size() < 100) {
                            SocketChannel one = SocketChannel.open(StandardProtocolFamily.UNIX);
                            waiting.add(one);
                            one.configureBlocking(false);
                            var _ = one.connect(UnixDomainSocketAddress.of(path()));
                        }
                    })
                    .as("no more room")
                    .isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> server.listen(file())).hasMessageContaining("another process listens there");
        } finally {
            for (SocketChannel each : waiting) {
                each.close();
            }
        }
    }

    /** Whoever has taken the file away and made his own keeps it. */
    @Test
    void whatTookItsPlaceStays() throws Exception {
        server.listen(file());
        Files.delete(path());
        Files.writeString(path(), "precious");
        server.close();
        assertThat(path()).hasContent("precious");
    }

    @Test
    void aDirectoryThatIsMissingIsSaid() {
        SocketFile nowhere = new SocketFile(directory.resolve("none/web.sock").toString(), 0660, "", "");
        assertThatThrownBy(() -> server.listen(nowhere)).isInstanceOf(IOException.class);
    }
}
