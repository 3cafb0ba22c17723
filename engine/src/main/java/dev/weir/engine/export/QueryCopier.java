package dev.weir.engine.export;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.stat.Tally;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sends copies of queries to somebody whose answers are counted and thrown away ({@code TeeAction}). Any thread. */
public interface QueryCopier {
    /**
     * Where copies go.
     *
     * @param local the address they come from; {@code null}: whichever the system takes
     */
    record Spec(Endpoint remote, @Nullable Endpoint local) {}

    /** What is counted, in the words of dnsdist. */
    enum Count {
        QUERIES("queries"),
        RESPONSES("responses"),
        RECV_ERRORS("recv-errors"),
        SEND_ERRORS("send-errors"),
        NOERRORS("noerrors"),
        NXDOMAINS("nxdomains"),
        REFUSEDS("refuseds"),
        SERVFAILS("servfails"),
        OTHER_RCODE("other-rcode"),
        TCP_DROPS("tcp-drops");

        private final String key;

        Count(String key) {
            this.key = key;
        }
    }

    /** Counters, one for each constant. */
    final class Counts {
        private final Map<Count, Tally> tallies = new EnumMap<>(Count.class);

        public Counts() {
            for (Count count : Count.values()) {
                tallies.put(count, new Tally());
            }
        }

        @SuppressWarnings("NullAway") // there is one for each constant
        public Tally of(Count count) {
            return tallies.get(count);
        }

        /** All of them, by dnsdist's words. */
        public Map<String, Long> all() {
            Map<String, Long> all = new TreeMap<>();
            tallies.forEach((count, tally) -> all.put(count.key, tally.sum()));
            return all;
        }
    }

    /**
     * Sends so many octets, and never waits for it.
     *
     * @return false if they could not be sent
     */
    boolean send(byte[] message, int length);

    Counts counts();

    Endpoint remote();

    /** The process ends, or nobody needs it any more. */
    void close();
}
