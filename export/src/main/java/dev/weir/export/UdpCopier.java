package dev.weir.export;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.export.QueryCopier;
import dev.weir.engine.task.FaultGuard;
import dev.weir.wire.Header;
import dev.weir.wire.Rcode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * One connected socket that data threads send copies of queries by, and one thread that counts what comes back. Sending never waits: what the
 * kernel has no room for is an error.
 */
final class UdpCopier implements QueryCopier {
    private static final FaultGuard GUARD = new FaultGuard("Error while counting answers to copies of queries", "tee");
    private static final int LONGEST = 65_535;

    private final Spec spec;
    private final Counts counts = new Counts();
    private final DatagramChannel channel;
    private final Selector selector;
    private volatile boolean closed;

    private UdpCopier(Spec spec, DatagramChannel channel, Selector selector) {
        this.spec = spec;
        this.channel = channel;
        this.selector = selector;
    }

    static UdpCopier open(Spec spec) {
        try {
            DatagramChannel channel = DatagramChannel.open(
                    spec.remote().ip().isV4() ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
            try {
                Endpoint local = spec.local();
                if (local != null) {
                    channel.bind(socketAddress(local));
                }
                channel.connect(socketAddress(spec.remote()));
                channel.configureBlocking(false);
                Selector selector = Selector.open();
                channel.register(selector, SelectionKey.OP_READ);
                UdpCopier copier = new UdpCopier(spec, channel, selector);
                Thread.ofPlatform().daemon().name("tee").start(copier::count);
                return copier;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("can't send to " + spec.remote() + ": " + e.getMessage(), e);
        }
    }

    private static InetSocketAddress socketAddress(Endpoint endpoint) {
        return new InetSocketAddress(endpoint.ip().toInetAddress(), endpoint.port());
    }

    @Override
    public boolean send(byte[] message, int length) {
        try {
            return channel.write(ByteBuffer.wrap(message, 0, length)) == length;
        } catch (IOException e) {
            return false;
        }
    }

    private void count() {
        ByteBuffer answer = ByteBuffer.allocateDirect(LONGEST);
        GUARD.repeat(() -> !closed, () -> {
            selector.select();
            selector.selectedKeys().clear();
            while (!closed && receive(answer)) {
                count(answer);
            }
        });
    }

    /** False when nothing more has come. */
    private boolean receive(ByteBuffer answer) throws IOException {
        answer.clear();
        try {
            return channel.read(answer) > 0;
        } catch (PortUnreachableException e) {
            counts.of(Count.RECV_ERRORS).increment();
            answer.clear();
            return false;
        }
    }

    private void count(ByteBuffer answer) {
        if (answer.flip().remaining() < Header.LENGTH) {
            return;
        }
        counts.of(Count.RESPONSES).increment();
        byte[] header = new byte[Header.LENGTH];
        answer.get(header);
        counts.of(
                        switch (Header.rcode(header)) {
                            case Rcode.NOERROR -> Count.NOERRORS;
                            case Rcode.NXDOMAIN -> Count.NXDOMAINS;
                            case Rcode.REFUSED -> Count.REFUSEDS;
                            case Rcode.SERVFAIL -> Count.SERVFAILS;
                            default -> Count.OTHER_RCODE;
                        })
                .increment();
    }

    @Override
    public Counts counts() {
        return counts;
    }

    @Override
    public Endpoint remote() {
        return spec.remote();
    }

    @Override
    public void close() {
        closed = true;
        try {
            selector.wakeup();
            channel.close();
        } catch (IOException e) {
            // Nothing is left to be told.
        }
    }
}
