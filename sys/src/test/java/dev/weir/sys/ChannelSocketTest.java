package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.Test;

class ChannelSocketTest {
    @Test
    void optionsReachTheChannelAmongOthers() throws IOException {
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.INET);
                ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 0);
            ChannelSocket.of(channel, 4).freeBind();
            assertThat(channel.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();
            channel.bind(elsewhere);
            assertThat(((InetSocketAddress) channel.getLocalAddress()).getAddress())
                    .isEqualTo(elsewhere.getAddress());
            assertThatThrownBy(() -> other.bind(elsewhere)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anIpv6WildcardLeavesTheIpv4OneFree() throws IOException {
        try (ServerSocketChannel v6 = ServerSocketChannel.open(StandardProtocolFamily.INET6);
                ServerSocketChannel v4 = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            ChannelSocket.of(v6, 6).v6Only();
            v6.bind(new InetSocketAddress(InetAddress.ofLiteral("::"), 0));
            int port = ((InetSocketAddress) v6.getLocalAddress()).getPort();
            v4.bind(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), port));
            assertThat(((InetSocketAddress) v4.getLocalAddress()).getPort()).isEqualTo(port);
        }
    }

    @Test
    void tcpOptionsAreKnownToTheKernel() throws IOException {
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            ChannelSocket socket = ChannelSocket.of(channel, 4);
            socket.deferAccept(1);
            socket.fastOpen(16);
            assertThatThrownBy(() -> socket.bindToDevice("no-such-device"))
                    .isInstanceOf(SyscallException.class)
                    .hasMessageContaining("no-such-device");
        }
    }

    @Test
    void aClosedChannelHasNoDescriptor() throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET);
        channel.close();
        assertThatThrownBy(() -> ChannelSocket.of(channel, 4)).isInstanceOf(ClosedChannelException.class);
    }
}
