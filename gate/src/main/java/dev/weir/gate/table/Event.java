package dev.weir.gate.table;

import static dev.weir.gate.table.Fields.octets;
import static dev.weir.gate.table.Fields.offset;
import static dev.weir.gate.table.Fields.u16;
import static dev.weir.gate.table.Fields.u32;
import static dev.weir.gate.table.Fields.u64;
import static dev.weir.gate.table.Fields.u8;

import dev.weir.engine.acl.IpAddress;
import dev.weir.wire.Name;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * What became of a packet to our ports, as the guard tells one in so many through a ring buffer.
 *
 * <pre>{@code
 * struct event {
 *     __u64 time;
 *     __u32 interface;
 *     __u32 outcome;
 *     __u8 client[16];
 *     __u16 port;
 *     __u16 type;
 *     __u8 family;
 *     __u8 protocol;
 *     __u8 name_length;
 *     __u8 name[255];
 *     __u8 padding[2];
 * };
 * }</pre>
 *
 * @param timeNs {@code CLOCK_MONOTONIC} nanoseconds
 * @param interfaceIndex where it came in
 * @param outcome PASSED, DROPPED, TRUNCATED, REFUSED or NXDOMAIN
 * @param port the client's, 0 in fragments
 * @param protocol 17 for UDP, 6 for TCP
 * @param name the question's, null if the packet was decided without reading it, or has none
 * @param type the question's, meaningless without a name
 */
public record Event(
        long timeNs,
        int interfaceIndex,
        GuardCounter outcome,
        IpAddress client,
        int port,
        int protocol,
        @Nullable Name name,
        int type) {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u64("time"),
                    u32("interface"),
                    u32("outcome"),
                    octets("client", 16),
                    u16("port"),
                    u16("type"),
                    u8("family"),
                    u8("protocol"),
                    u8("name_length"),
                    octets("name", Name.MAX_LENGTH),
                    octets("padding", 2))
            .withName("event");

    private static final GuardCounter[] COUNTERS = GuardCounter.values();
    private static final long INTERFACE = offset(LAYOUT, "interface");
    private static final long OUTCOME = offset(LAYOUT, "outcome");
    private static final long CLIENT = offset(LAYOUT, "client");
    private static final long PORT = offset(LAYOUT, "port");
    private static final long TYPE = offset(LAYOUT, "type");
    private static final long FAMILY = offset(LAYOUT, "family");
    private static final long PROTOCOL = offset(LAYOUT, "protocol");
    private static final long NAME_LENGTH = offset(LAYOUT, "name_length");
    private static final long NAME = offset(LAYOUT, "name");

    /** Reads a record of the ring, as {@link dev.weir.ebpf.ring.RingReader.Handler} hands it over. */
    public static Event read(MemorySegment memory, long at) {
        int family = memory.get(ValueLayout.JAVA_BYTE, at + FAMILY);
        int nameLength = memory.get(ValueLayout.JAVA_BYTE, at + NAME_LENGTH) & 0xff;
        byte[] name = Fields.bytes(memory, at + NAME, nameLength);
        return new Event(
                memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at),
                memory.get(ValueLayout.JAVA_INT_UNALIGNED, at + INTERFACE),
                COUNTERS[memory.get(ValueLayout.JAVA_INT_UNALIGNED, at + OUTCOME)],
                IpAddress.of(Fields.bytes(memory, at + CLIENT, family == 4 ? 4 : 16)),
                memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + PORT) & 0xffff,
                memory.get(ValueLayout.JAVA_BYTE, at + PROTOCOL),
                nameLength == 0 ? null : Name.ofWire(name, 0, nameLength),
                memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + TYPE) & 0xffff);
    }
}
