package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

class ListenSocketTest {
    private static InetEndpoint endpoint(String ip, int port) {
        return InetEndpoint.of(new InetSocketAddress(InetAddress.ofLiteral(ip), port));
    }

    private static ListenSocket listening(String ip, int port) throws IOException {
        ListenSocket socket = ListenSocket.open(ip.contains(":") ? 6 : 4);
        socket.reuseAddress();
        socket.bind(endpoint(ip, port));
        socket.listen(16);
        return socket;
    }

    private static int port(ListenSocket socket) throws IOException {
        return socket.localEndpoint().port();
    }

    @Test
    void aChannelAcceptsWhatTheSocketListensTo() throws IOException {
        for (String ip : new String[] {"127.0.0.1", "::1"}) {
            ListenSocket socket = listening(ip, 0);
            InetSocketAddress address = socket.localEndpoint().toInetSocketAddress();
            ChannelSocket taken = socket.toChannel();
            assertThat(socket.fd().isOpen()).isFalse();
            try (ServerSocketChannel channel = taken.channel();
                    Socket client = new Socket(address.getAddress(), address.getPort());
                    SocketChannel accepted = channel.accept()) {
                assertThat(accepted.getLocalAddress()).isEqualTo(address);
                assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalSocketAddress());
                assertThat(taken.descriptor()).isPositive();
            }
            assertThat(taken.descriptor()).isEqualTo(-1);
            listening(ip, address.getPort()).close();
        }
    }

    @Test
    void nothingIsLeftOpen() throws IOException {
        listening("127.0.0.1", 0).toChannel().channel().close();
        int before = descriptors();
        for (int i = 0; i < 10; i++) {
            listening("127.0.0.1", 0).toChannel().channel().close();
        }
        assertThat(descriptors()).isLessThanOrEqualTo(before);
    }

    private static int descriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    @Test
    void errorsNameTheAddress() throws IOException {
        try (ListenSocket first = listening("127.0.0.1", 0)) {
            assertThatThrownBy(() -> listening("127.0.0.1", port(first)))
                    .hasMessage("bind(127.0.0.1:" + port(first) + "): EADDRINUSE: address already in use");
        }
        assertThatThrownBy(() -> listening("192.0.2.1", 0)).hasMessageContaining("EADDRNOTAVAIL");
    }

    @Test
    void freeBindTakesAnAddressThatIsNotHere() throws IOException {
        try (ListenSocket socket = ListenSocket.open(4)) {
            socket.freeBind();
            socket.bind(endpoint("192.0.2.1", 0));
            assertThat(socket.localEndpoint().toInetSocketAddress().getAddress().getHostAddress())
                    .isEqualTo("192.0.2.1");
        }
    }

    @Test
    void severalShareAnAddressIfAllWantTo() throws IOException {
        try (ListenSocket first = ListenSocket.open(4);
                ListenSocket second = ListenSocket.open(4)) {
            first.reusePort();
            second.reusePort();
            first.bind(endpoint("127.0.0.1", 0));
            second.bind(endpoint("127.0.0.1", port(first)));
            first.listen(1);
            second.listen(1);
            assertThat(port(second)).isEqualTo(port(first));
        }
    }

    @Test
    void anIpv6WildcardLeavesTheIpv4OneFree() throws IOException {
        try (ListenSocket v6 = listening("::", 0);
                ListenSocket v4 = listening("0.0.0.0", port(v6))) {
            assertThat(port(v4)).isEqualTo(port(v6));
        }
    }

    @Test
    void tcpOptionsAreKnownToTheKernel() throws IOException {
        try (ListenSocket socket = ListenSocket.open(4)) {
            socket.deferAccept(1);
            socket.fastOpen(16);
            socket.fastOpenKey(1, 2, 3, -1);
            assertThatThrownBy(() -> socket.bindToDevice("no-such-device"))
                    .isInstanceOf(SyscallException.class)
                    .hasMessageContaining("no-such-device");
        }
    }

    @Test
    void aChannelsDescriptorIsFoundAmongOthers() throws IOException {
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.INET);
                ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            int found = ChannelSocket.of(channel).descriptor();
            assertThat(found).isPositive().isNotEqualTo(ChannelSocket.of(other).descriptor());
            assertThat(channel.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();
        }
    }

    @Test
    void aClosedChannelHasNoDescriptor() throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET);
        channel.close();
        assertThatThrownBy(() -> ChannelSocket.of(channel)).isInstanceOf(ClosedChannelException.class);
    }
}
