package dev.weir.bench;

import dev.weir.ebpf.prog.ProgramSpec;
import dev.weir.ebpf.prog.ProgramType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** An XDP program that looks the IPv4 source of a frame up in a hash map and does nothing else: drop if it is there, pass if not. */
final class BareLookUp {
    private static final int XDP_DROP = 1;
    private static final int XDP_PASS = 2;
    private static final int SOURCE = 14 + 12;
    private static final int ATTACH_XDP = 37;
    private static final int PSEUDO_MAP_FD = 1;

    private BareLookUp() {}

    static ProgramSpec program(String map) {
        ByteBuffer code = ByteBuffer.allocate(18 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        add(code, 0x61, 2, 1, 0, 0); //  0  r2 = data
        add(code, 0x61, 3, 1, 4, 0); //  1  r3 = data_end
        add(code, 0xbf, 4, 2, 0, 0); //  2  r4 = r2
        add(code, 0x07, 4, 0, 0, SOURCE + Integer.BYTES); //  3  r4 += the end of the source
        add(code, 0x2d, 4, 3, 11, 0); //  4  if r4 > r3 goto 16
        add(code, 0x61, 5, 2, SOURCE, 0); //  5  r5 = source
        add(code, 0xdc, 5, 0, 0, 32); //  6  r5 = be32 r5
        add(code, 0x63, 10, 5, -4, 0); //  7  *(r10 - 4) = r5
        add(code, 0xbf, 2, 10, 0, 0); //  8  r2 = r10
        add(code, 0x07, 2, 0, 0, -4); //  9  r2 -= 4
        add(code, 0x18, 1, PSEUDO_MAP_FD, 0, 0); // 10  r1 = map
        add(code, 0, 0, 0, 0, 0); // 11
        add(code, 0x85, 0, 0, 0, 1); // 12  r0 = bpf_map_lookup_elem(r1, r2)
        add(code, 0x15, 0, 0, 2, 0); // 13  if r0 == 0 goto 16
        add(code, 0xb7, 0, 0, 0, XDP_DROP); // 14
        add(code, 0x95, 0, 0, 0, 0); // 15
        add(code, 0xb7, 0, 0, 0, XDP_PASS); // 16
        add(code, 0x95, 0, 0, 0, 0); // 17
        return new ProgramSpec("bare", ProgramType.XDP, "GPL", code.array())
                .withType(ProgramType.XDP, ATTACH_XDP)
                .withMaps(List.of(new ProgramSpec.MapReference(10, map, false, 0)));
    }

    /** RFC 9669, 3.1. */
    private static void add(ByteBuffer code, int opcode, int destination, int source, int offset, int immediate) {
        code.put((byte) opcode)
                .put((byte) (source << 4 | destination))
                .putShort((short) offset)
                .putInt(immediate);
    }
}
