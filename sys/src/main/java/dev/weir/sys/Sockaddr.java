package dev.weir.sys;

import java.lang.foreign.MemorySegment;

/** Socket addresses of either family in native memory, read and written in the primitive form of {@link InetEndpoint}. */
final class Sockaddr {
    /** Room for either family. */
    static final int BYTES = Math.max(SockaddrIn.BYTES, SockaddrIn6.BYTES);

    private Sockaddr() {}

    /** Returns the kernel's number for family 4 or 6. */
    static int domain(int family) {
        return switch (family) {
            case 4 -> SockaddrIn.AF_INET;
            case 6 -> SockaddrIn6.AF_INET6;
            default -> throw new IllegalArgumentException("address family " + family + " is neither 4 nor 6");
        };
    }

    /** Writes an address of family 4 or 6 and returns its length in bytes. */
    static int write(MemorySegment to, long at, int family, long hi, long lo, int port, int scopeId) {
        if (family == 4) {
            to.set(Struct.U16, at + SockaddrIn.FAMILY, (short) SockaddrIn.AF_INET);
            to.set(Struct.NET16, at + SockaddrIn.PORT, (short) port);
            to.set(Struct.NET32, at + SockaddrIn.ADDR, (int) lo);
            to.set(Struct.U64, at + SockaddrIn.ZERO, 0L);
            return SockaddrIn.BYTES;
        }
        to.set(Struct.U16, at + SockaddrIn6.FAMILY, (short) SockaddrIn6.AF_INET6);
        to.set(Struct.NET16, at + SockaddrIn6.PORT, (short) port);
        to.set(Struct.U32, at + SockaddrIn6.FLOWINFO, 0);
        to.set(Struct.NET64, at + SockaddrIn6.ADDR_HI, hi);
        to.set(Struct.NET64, at + SockaddrIn6.ADDR_LO, lo);
        to.set(Struct.U32, at + SockaddrIn6.SCOPE_ID, scopeId);
        return SockaddrIn6.BYTES;
    }

    /** Returns 4 or 6, or 0 for an address of another family or none. */
    static int family(MemorySegment from, long at) {
        return switch (from.get(Struct.U16, at + SockaddrIn.FAMILY)) {
            case SockaddrIn.AF_INET -> 4;
            case SockaddrIn6.AF_INET6 -> 6;
            default -> 0;
        };
    }

    static long hi(MemorySegment from, long at) {
        return family(from, at) == 6 ? from.get(Struct.NET64, at + SockaddrIn6.ADDR_HI) : 0;
    }

    static long lo(MemorySegment from, long at) {
        return family(from, at) == 6
                ? from.get(Struct.NET64, at + SockaddrIn6.ADDR_LO)
                : Integer.toUnsignedLong(from.get(Struct.NET32, at + SockaddrIn.ADDR));
    }

    /** The port stands at the same place in both families. */
    static int port(MemorySegment from, long at) {
        return Short.toUnsignedInt(from.get(Struct.NET16, at + SockaddrIn.PORT));
    }

    static int scopeId(MemorySegment from, long at) {
        return family(from, at) == 6 ? from.get(Struct.U32, at + SockaddrIn6.SCOPE_ID) : 0;
    }

    static InetEndpoint endpoint(MemorySegment from, long at) {
        return new InetEndpoint(family(from, at), hi(from, at), lo(from, at), port(from, at), scopeId(from, at));
    }
}
