package dev.weir.sys;

import java.net.InetAddress;

/**
 * Which hardware address an address on the same network has.
 *
 * @param hardwareAddress empty while unknown
 * @param state NUD_*, or-ed: 0x02 reachable, 0x04 stale, 0x20 failed, 0x80 permanent
 */
public record Neighbour(int interfaceIndex, InetAddress address, byte[] hardwareAddress, int state) {}
