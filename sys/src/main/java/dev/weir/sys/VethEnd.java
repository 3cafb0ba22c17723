package dev.weir.sys;

import org.jspecify.annotations.Nullable;

/**
 * One end of a cable between two veth devices.
 *
 * @param peerIndex the number of the other end in its network namespace
 * @param peer the other end, null if it can't be seen: its namespace has no number in this one, or is not ours to look at
 */
public record VethEnd(int peerIndex, @Nullable NetworkInterface peer) {}
