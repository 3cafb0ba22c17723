package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an event loop's end leaves behind: nothing, whenever the end is said. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ClosingLoopTest {
    private final AtomicInteger removed = new AtomicInteger();
    private final EventLoopGroup group = EventLoops.make("ending", 1);
    private final EventLoop loop = group.next();

    private NioDatagramChannel open() {
        NioDatagramChannel channel = new NioDatagramChannel();
        channel.pipeline().addLast(handler());
        return channel;
    }

    private ChannelHandler handler() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void handlerRemoved(ChannelHandlerContext ctx) {
                removed.incrementAndGet();
            }
        };
    }

    private void end() {
        var _ = group.shutdownGracefully(0, 10, TimeUnit.SECONDS);
    }

    /** A task's words come after the selection, in which Netty looks for them; a thread's come at any time. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void channelsAreClosed(boolean byTask) {
        NioDatagramChannel channel = open();
        loop.register(channel).syncUninterruptibly();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).syncUninterruptibly();
        if (byTask) {
            loop.execute(this::end);
        } else {
            end();
        }
        group.terminationFuture().syncUninterruptibly();
        assertThat(channel.isOpen()).isFalse();
        assertThat(removed).hasValue(1);
    }

    /** Connections are handed from loop to loop: one may arrive behind the word. */
    @RepeatedTest(20)
    void soAreThoseThatCameLast() {
        NioDatagramChannel channel = open();
        loop.execute(() -> {
            end();
            loop.execute(() -> {
                var _ = loop.register(channel);
            });
        });
        group.terminationFuture().syncUninterruptibly();
        assertThat(channel.isOpen()).isFalse();
        assertThat(removed).hasValue(1);
    }
}
