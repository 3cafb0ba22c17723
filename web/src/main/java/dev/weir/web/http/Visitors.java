package dev.weir.web.http;

import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/**
 * The connections that there are, no more than a given number. Who is slow to say what he wants gives way to who comes: strangers that keep
 * connections open keep nobody out. Any thread.
 */
final class Visitors {
    private final Set<Channel> all = new HashSet<>();

    /** Of these, those whose request is not there yet, oldest first. */
    private final ArrayDeque<Channel> speechless = new ArrayDeque<>();

    /** Takes a connection in, or says that there is no room for it. */
    synchronized boolean enter(Channel channel, int most) {
        while (most > 0 && all.size() >= most) {
            Channel slowest = speechless.poll();
            if (slowest == null) {
                return false;
            }
            all.remove(slowest);
            var _ = slowest.close();
        }
        all.add(channel);
        speechless.add(channel);
        return true;
    }

    /** Its request is there. */
    synchronized void spoke(Channel channel) {
        speechless.remove(channel);
    }

    synchronized boolean isSpeechless(Channel channel) {
        return speechless.contains(channel);
    }

    synchronized void leave(Channel channel) {
        all.remove(channel);
        speechless.remove(channel);
    }

    /** Those whose request is not there yet. */
    synchronized int speechless() {
        return speechless.size();
    }

    synchronized int count() {
        return all.size();
    }
}
