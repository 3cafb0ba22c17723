package dev.weir.sys;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** What the layouts of C structs share: views of numbers in network order, and an IPv6 address as two longs. */
final class Struct {
    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED;
    static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED;
    static final ValueLayout.OfShort NET16 = U16.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfInt NET32 = U32.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfLong NET64 = U64.withOrder(ByteOrder.BIG_ENDIAN);

    /** {@code struct in6_addr}: 16 bytes in network order, which C aligns to 4 only. */
    static final StructLayout IN6_ADDR = MemoryLayout.structLayout(NET64.withName("hi"), NET64.withName("lo"));

    private Struct() {}
}
