package dev.weir.ebpf.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** Traffic for the examples: datagrams to itself. */
final class Loopback {
    private Loopback() {}

    /** Returns the loopback device's number. */
    static int index() throws IOException {
        return NetworkInterface.getByName("lo").getIndex();
    }

    /** Returns a channel bound to any port of 127.0.0.1, which does not wait for what is not there. */
    static DatagramChannel open() throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        channel.configureBlocking(false);
        return channel;
    }

    static int port(DatagramChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    /** Sends datagrams from one channel to another. Loopback delivers inside the call. */
    static void send(DatagramChannel from, DatagramChannel to, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            from.send(ByteBuffer.wrap(new byte[] {'h', 'i'}), to.getLocalAddress());
        }
    }

    /** Returns how many datagrams have arrived. */
    static int received(DatagramChannel channel) throws IOException {
        int count = 0;
        while (channel.receive(ByteBuffer.allocate(64)) != null) {
            count++;
        }
        return count;
    }
}
