package dev.weir.sys;

import java.lang.foreign.MemorySegment;

/**
 * Where a datagram goes and whence, to be filled anew for each: what sends many keeps one. Not for several threads at once.
 *
 * <p>A fresh one names nothing, as is right on a connected socket.
 */
public final class DatagramPath {
    int toFamily;
    long toHi;
    long toLo;
    int toPort;
    int toScopeId;
    long fromHi;
    long fromLo;
    int interfaceIndex;

    /**
     * Sets the destination, and lets the kernel choose source address and interface.
     *
     * @param family 4 or 6, or 0 on a connected socket, which ignores everything else
     * @param hi upper half of the address, 0 for IPv4
     * @param scopeId interface index of a link-local address, else 0
     */
    public DatagramPath to(int family, long hi, long lo, int port, int scopeId) {
        toFamily = family;
        toHi = hi;
        toLo = lo;
        toPort = port;
        toScopeId = scopeId;
        fromHi = 0;
        fromLo = 0;
        interfaceIndex = 0;
        return this;
    }

    /**
     * Sets the source address, of the destination's family; 0 lets the kernel choose.
     *
     * @param interfaceIndex outgoing interface; 0 lets routing decide, as it must where paths are asymmetric
     */
    public DatagramPath from(long hi, long lo, int interfaceIndex) {
        fromHi = hi;
        fromLo = lo;
        this.interfaceIndex = interfaceIndex;
        return this;
    }

    /** Writes the destination as a socket address; returns its octets, 0 for a connected socket. */
    int writeName(MemorySegment memory, long at) {
        return toFamily == 0 ? 0 : Sockaddr.write(memory, at, toFamily, toHi, toLo, toPort, toScopeId);
    }

    /** Writes the control message that chooses the source; returns its octets, 0 where the kernel chooses. */
    long writeControl(MemorySegment memory, long at) {
        return toFamily == 0 || (fromHi | fromLo | interfaceIndex) == 0
                ? 0
                : PacketInfo.write(memory, at, toFamily, fromHi, fromLo, interfaceIndex);
    }
}
