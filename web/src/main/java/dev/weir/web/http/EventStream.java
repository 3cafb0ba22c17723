package dev.weir.web.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Server-sent events: the same text for everybody who listens, made once a second while anybody does. Who does not read is left out, and
 * cut off after {@link #MOST_MISSED} events. {@link #join} and all below it run on the loop's thread, of which there is one.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
 */
public final class EventStream {
    /** Listeners at a time; further ones are told to come back. */
    static final int MOST_LISTENERS = 32;

    static final int MOST_MISSED = 10;
    private static final long PERIOD_MILLIS = 1_000;

    private final Supplier<String> event;
    private final long periodMillis;

    /** Events that each has missed in a row. */
    private final Map<Channel, Integer> listeners = new HashMap<>();

    private boolean ticking;

    /** A text is being made, or waits for its turn behind a slow answer: no further one is asked for. */
    private boolean making;

    /** @param event one line; asked for on the thread that answers */
    public EventStream(Supplier<String> event) {
        this(event, PERIOD_MILLIS);
    }

    EventStream(Supplier<String> event, long periodMillis) {
        this.event = event;
        this.periodMillis = periodMillis;
    }

    /** Whether there is room for one more. */
    boolean hasRoom() {
        return listeners.size() < MOST_LISTENERS;
    }

    /** The head of the response is written; events follow, the first one within a second. */
    void join(Channel channel, Executor answers) {
        listeners.put(channel, 0);
        var _ = channel.closeFuture().addListener(closed -> listeners.remove(channel));
        if (!ticking) {
            ticking = true;
            tick(channel.eventLoop(), answers);
        }
    }

    private void tick(EventLoop loop, Executor answers) {
        if (listeners.isEmpty()) {
            ticking = false;
            return;
        }
        if (!making) {
            making = true;
            make(loop, answers);
        }
        var _ = loop.schedule(() -> tick(loop, answers), periodMillis, TimeUnit.MILLISECONDS);
    }

    private void make(EventLoop loop, Executor answers) {
        answers.execute(() -> {
            String text;
            try {
                text = "data: " + event.get() + "\n\n";
            } catch (Throwable e) {
                Exchange.GUARD.caught(e);
                text = ": no figures\n\n";
            }
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            loop.execute(() -> send(octets));
        });
    }

    private void send(byte[] octets) {
        making = false;
        for (Map.Entry<Channel, Integer> each : Map.copyOf(listeners).entrySet()) {
            Channel channel = each.getKey();
            if (channel.isWritable()) {
                listeners.replace(channel, 0);
                var _ = channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(octets)));
            } else if (each.getValue() >= MOST_MISSED) {
                var _ = channel.close();
            } else {
                listeners.replace(channel, each.getValue() + 1);
            }
        }
    }
}
