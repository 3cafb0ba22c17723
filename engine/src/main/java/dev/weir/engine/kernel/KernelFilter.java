package dev.weir.engine.kernel;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.wire.Name;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A packet filter in the kernel: tables of addresses, networks, names and suffixes, each entry with an action and a counter of its own. An
 * internal filter drops at the sockets that it is attached to; an external one only keeps pinned tables, on which a program such as
 * {@code weir xdp} acts.
 *
 * <p>Any thread. Names are compared without regard to case. Entries of an address win over those of networks, networks (the most specific
 * first) over names, a name with its type over the name with any type, names over suffixes (the longest first).
 *
 * <p>Methods that change a table throw {@link KernelException}: FULL, DUPLICATE (the same entry is there), ABSENT (nothing to remove),
 * UNSUPPORTED (no room for that kind was configured, or the format can't express the action).
 */
public interface KernelFilter extends AutoCloseable {
    /** As an end: stays until someone removes it. */
    long FOREVER = Long.MAX_VALUE;

    FilterSpec spec();

    /**
     * Whether an entry of this kind with this action would be accepted: there is room at all, and the format knows the action.
     */
    boolean supports(FilterSpec.Kind kind, MatchAction action);

    /**
     * @param endNanos when the kernel lifts the block by itself, by {@link System#nanoTime}, or {@link #FOREVER}. For an address that is there
     *     with an end already, the end and action are replaced instead of failing as a duplicate
     */
    void block(IpAddress address, MatchAction action, long endNanos) throws KernelException;

    void unblock(IpAddress address) throws KernelException;

    /** @param type a query type, or {@link FilterSpec#ANY_TYPE} */
    void blockName(Name name, int type, MatchAction action) throws KernelException;

    void unblockName(Name name, int type) throws KernelException;

    /**
     * @param replace whether an entry of that very network may be there: its action is changed then
     * @param endNanos as in {@link #block}
     */
    void addRange(Netmask range, MatchAction action, boolean replace, long endNanos) throws KernelException;

    void removeRange(Netmask range) throws KernelException;

    /** A name and everything below it. */
    void blockSuffix(Name suffix, int type, MatchAction action, long endNanos) throws KernelException;

    void unblockSuffix(Name suffix, int type) throws KernelException;

    /** Limits the UDP queries of a network. */
    void rateLimit(Netmask range, Limit limit) throws KernelException;

    void removeRateLimit(Netmask range) throws KernelException;

    /** How often the kernel acted on an address' entry; 0 without one. */
    long hits(IpAddress address);

    /** How often the kernel acted on a network's entry; 0 without one. */
    long hits(Netmask range);

    /** How often the kernel acted on a suffix' entry; 0 without one. */
    long hits(Name suffix, int type);

    /**
     * What is to become of an entry.
     *
     * @param endNanos as in {@link #block(IpAddress, MatchAction, long)}
     * @param reason for those who read lists, empty for none
     */
    record Term(MatchAction action, long endNanos, String reason) {}

    /** Whose wishes are lifted, where several origins want something of the same entry. */
    enum Whose {
        /** All of our own. */
        OURS,
        /** Our own that end. */
        OURS_THAT_END,
        /** Everybody's: the entry goes. */
        ANYBODY
    }

    /** As {@link #block(IpAddress, MatchAction, long)}; of several origins the later end and the stricter action hold. */
    default void block(IpAddress address, Term term) throws KernelException {
        block(address, term.action(), term.endNanos());
    }

    /** As {@link #addRange(Netmask, MatchAction, boolean, long)}. */
    default void addRange(Netmask range, Term term) throws KernelException {
        addRange(range, term.action(), false, term.endNanos());
    }

    /** As {@link #blockSuffix(Name, int, MatchAction, long)}. */
    default void blockSuffix(Name suffix, int type, Term term) throws KernelException {
        blockSuffix(suffix, type, term.action(), term.endNanos());
    }

    /** Lifts wishes for an address; the entry goes with the last. */
    default void lift(IpAddress address, Whose whose) throws KernelException {
        unblock(address);
    }

    /** Lifts wishes for a range. */
    default void lift(Netmask range, Whose whose) throws KernelException {
        removeRange(range);
    }

    /** Lifts wishes for a suffix. */
    default void lift(Name suffix, int type, Whose whose) throws KernelException {
        unblockSuffix(suffix, type);
    }

    /** Changes of many entries. */
    @FunctionalInterface
    interface Changes {
        void make() throws KernelException;
    }

    /** Makes changes in one turn, others who share the tables wait: much faster than one by one. */
    default void together(Changes changes) throws KernelException {
        changes.make();
    }

    /** All entries, by kind: addresses, networks, names, suffixes, rate limits, each sorted. Reads the kernel's tables. */
    List<Entry> entries() throws KernelException;

    /** Returns one of {@link #entries} to which others may hold when we don't; null if there is none, or nobody has left a name there. */
    default @Nullable Entry find(FilterSpec.Kind kind, String subject, int type) throws KernelException {
        for (Entry entry : entries()) {
            if (entry.kind() == kind && entry.type() == type && entry.subject().equals(subject)) {
                return entry;
            }
        }
        return null;
    }

    /**
     * The entry that the kernel goes by for a query, in the order that this interface tells; null if none concerns it. Of nested ranges that do the
     * same and have counted as much, any. Rate limits are not looked at.
     *
     * @param name null for a query whose name the kernel can't read, as over TCP
     */
    default @Nullable Entry deciding(IpAddress client, @Nullable Name name, int type) throws KernelException {
        Entry best = null;
        for (Entry entry : entries()) {
            boolean better = best == null || DecidingOrder.compare(entry, best) < 0;
            if (better && DecidingOrder.concerns(entry, client, name, type)) {
                best = entry;
            }
        }
        return best;
    }

    /** Removes entries whose end has passed. To be called each second or so. */
    void purge(long nowNanos) throws KernelException;

    /**
     * Puts the filter in front of a socket of ours.
     *
     * @param socket descriptor of a UDP socket or a listening TCP socket
     * @throws KernelException UNSUPPORTED for external filters, whose program sits elsewhere
     */
    void attach(int socket) throws KernelException;

    /** Takes the filter off a socket. */
    void detach(int socket) throws KernelException;

    /** How many entries were refused because their table was full, since the filter was opened. */
    long refused();

    /** Lets go of the maps; pinned ones stay. */
    @Override
    void close();

    /**
     * An entry as the kernel holds it.
     *
     * @param subject address, network, name or suffix as people write it
     * @param type of names and suffixes: the query type, {@link FilterSpec#ANY_TYPE} for all; else that too
     * @param action what happens; {@link MatchAction#TRUNCATE} for rate limits with slip, DROP for those without
     * @param actionNumber the number in the map, for actions that nobody knows
     * @param hits how often the kernel acted on it
     * @param endNanos when it ends, by {@link System#nanoTime}; {@link #FOREVER} if it does not
     * @param limit of rate limits, else null
     * @param wishes of whoever wants something of it, if somebody has left his name: what they want together is what it is
     */
    record Entry(
            FilterSpec.Kind kind,
            String subject,
            int type,
            MatchAction action,
            int actionNumber,
            long hits,
            long endNanos,
            @Nullable Limit limit,
            List<Wish> wishes) {
        public Entry {
            wishes = List.copyOf(wishes);
        }

        /** One that nobody has left a name at. */
        public Entry(
                FilterSpec.Kind kind,
                String subject,
                int type,
                MatchAction action,
                int actionNumber,
                long hits,
                long endNanos,
                @Nullable Limit limit) {
            this(kind, subject, type, action, actionNumber, hits, endNanos, limit, List.of());
        }
    }

    /**
     * What one origin wants of an entry.
     *
     * @param origin empty for the operator, or a program that leaves no name
     * @param actionNumber as in {@link Entry}
     * @param endNanos {@link #FOREVER} if it does not end
     */
    record Wish(String origin, int actionNumber, long endNanos, String reason) {}

    /**
     * How many queries a network may ask.
     *
     * @param queriesPerSecond at least 1; of what is listed, the nearest to what was asked for, as the kernel counts nanoseconds between two
     * @param burst how many may come at once, at least 1
     * @param slip over the rate, one in so many queries is answered with TC=1 and the others are dropped; 0 drops all
     * @param per each network of so many bits within it has this much to itself; 0: all of it together
     */
    record Limit(long queriesPerSecond, long burst, int slip, int per) {}
}
