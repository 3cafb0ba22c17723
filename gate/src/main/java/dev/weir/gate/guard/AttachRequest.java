package dev.weir.gate.guard;

import java.util.Set;

/**
 * How to attach a guard.
 *
 * @param ports destination ports of queries: only packets to them are looked at for names
 * @param maxItems room in each table that is made; 0 for the program's own numbers. Tables that are there already keep theirs
 * @param passUnanswerable whether a client that is to be answered gets through with what the guard can't answer; it is dropped otherwise
 * @param anyIs255 whether type 255 in an entry means every type, as in tables that dnsdist before 2.0 fills
 * @param replace whether to take a stranger's program off the device
 */
public record AttachRequest(
        AttachMode mode,
        Set<Integer> ports,
        int maxItems,
        boolean passUnanswerable,
        boolean anyIs255,
        boolean replace) {
    public AttachRequest {
        ports = Set.copyOf(ports);
    }

    /** Queries come to port 53, in the driver if it can, strangers stay. */
    public static final AttachRequest DEFAULT = new AttachRequest(AttachMode.AUTO, Set.of(53), 0, false, false, false);
}
