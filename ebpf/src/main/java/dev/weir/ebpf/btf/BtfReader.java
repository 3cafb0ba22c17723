package dev.weir.ebpf.btf;

import dev.weir.ebpf.parse.Bytes;
import dev.weir.ebpf.parse.FaultException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the type section.
 *
 * <pre>{@code
 * struct btf_type {
 *     __u32 name_off;      // 0
 *     __u32 info;          // 4  bits 0-15 vlen, 24-28 kind, 31 kind_flag
 *     union {
 *         __u32 size;      // 8
 *         __u32 type;      // 8
 *     };
 * };                       // then what the kind adds
 * }</pre>
 */
final class BtfReader {
    private static final int HEADER_BYTES = 12;
    private static final int MAX_POINTED_SIZE = 16;

    private final Bytes types;
    private final Bytes strings;
    private final int base;
    private final List<BtfType> read = new ArrayList<>();
    private int[] positions = new int[64];
    private long highestReference;

    /** @param base where the type section starts in the whole */
    BtfReader(Bytes types, Bytes strings, int base) {
        this.types = types;
        this.strings = strings;
        this.base = base;
    }

    Btf read(byte[] raw) throws FaultException {
        read.add(new BtfType.Nothing());
        int at = 0;
        while (at < types.length()) {
            if (positions.length == read.size()) {
                positions = Arrays.copyOf(positions, positions.length * 2);
            }
            positions[read.size()] = base + at;
            at = one(at);
        }
        if (highestReference >= read.size()) {
            throw FaultException.malformed("a BTF type refers to type " + highestReference + " of " + read.size());
        }
        return new Btf(raw, List.copyOf(read), Arrays.copyOf(positions, read.size()));
    }

    private int one(int at) throws FaultException {
        String name = strings.text(types.unsigned(at));
        int info = types.u32(at + 4L);
        int count = info & 0xffff;
        boolean flag = info < 0;
        int kind = info >>> 24 & 0x1f;
        int next = at + HEADER_BYTES;
        switch (kind) {
            case 1 -> {
                read.add(integer(name, types.u32(at + 8L), types.u32(next)));
                return next + 4;
            }
            case 2 -> read.add(new BtfType.Pointer(reference(at + 8L)));
            case 3 -> {
                read.add(new BtfType.Array(reference(next), reference(next + 4L), types.unsigned(next + 8L)));
                return next + 12;
            }
            case 4, 5 -> {
                read.add(new BtfType.Struct(name, kind == 5, types.unsigned(at + 8L), members(next, count, flag)));
                return next + 12 * count;
            }
            case 6 -> {
                read.add(new BtfType.Enumeration(name, size(at), flag, constants(next, count, flag)));
                return next + 8 * count;
            }
            case 7 -> read.add(new BtfType.Forward(name, flag));
            case 8 -> read.add(new BtfType.Typedef(name, reference(at + 8L)));
            case 9 -> read.add(new BtfType.Modifier("volatile", reference(at + 8L)));
            case 10 -> read.add(new BtfType.Modifier("const", reference(at + 8L)));
            case 11 -> read.add(new BtfType.Modifier("restrict", reference(at + 8L)));
            case 12 -> read.add(new BtfType.Function(name, reference(at + 8L), count));
            case 13 -> {
                read.add(new BtfType.Prototype(reference(at + 8L), parameters(next, count)));
                return next + 8 * count;
            }
            case 14 -> {
                read.add(new BtfType.Variable(name, reference(at + 8L), types.u32(next)));
                return next + 4;
            }
            case 15 -> {
                read.add(new BtfType.DataSection(name, types.unsigned(at + 8L), placed(next, count)));
                return next + 12 * count;
            }
            case 16 -> read.add(new BtfType.Floating(name, size(at)));
            case 17 -> {
                read.add(new BtfType.DeclarationTag(name, reference(at + 8L), types.u32(next)));
                return next + 4;
            }
            case 18 -> read.add(new BtfType.Modifier("type_tag(" + name + ")", reference(at + 8L)));
            case 19 -> {
                read.add(new BtfType.Enumeration(name, size(at), flag, wideConstants(next, count)));
                return next + 12 * count;
            }
            default -> throw FaultException.unsupported("BTF kind " + kind + " of type " + read.size());
        }
        return next;
    }

    private static BtfType integer(String name, int size, int data) throws FaultException {
        if (size < 1 || size > MAX_POINTED_SIZE) {
            throw FaultException.malformed("the integer " + name + " has " + size + " bytes");
        }
        int encoding = data >>> 24 & 0xf;
        return new BtfType.Int(
                name,
                size,
                (encoding & 1) != 0,
                (encoding & 2) != 0,
                (encoding & 4) != 0,
                data >>> 16 & 0xff,
                data & 0xff);
    }

    private int size(int at) throws FaultException {
        int size = types.u32(at + 8L);
        if (size < 1 || size > MAX_POINTED_SIZE) {
            throw FaultException.malformed("an enumeration or floating-point type has " + size + " bytes");
        }
        return size;
    }

    private int reference(long at) throws FaultException {
        long id = types.unsigned(at);
        highestReference = Math.max(highestReference, id);
        return (int) id;
    }

    private List<BtfType.Member> members(int from, int count, boolean flag) throws FaultException {
        List<BtfType.Member> members = new ArrayList<>();
        for (int i = 0, at = from; i < count; i++, at += 12) {
            long offset = types.unsigned(at + 8L);
            // With kind_flag the upper byte is the width of a bit field.
            members.add(new BtfType.Member(
                    strings.text(types.unsigned(at)),
                    reference(at + 4L),
                    flag ? offset & 0xffffff : offset,
                    flag ? (int) (offset >>> 24) : 0));
        }
        return List.copyOf(members);
    }

    private List<BtfType.Constant> constants(int from, int count, boolean signed) throws FaultException {
        List<BtfType.Constant> constants = new ArrayList<>();
        for (int i = 0, at = from; i < count; i++, at += 8) {
            long value = signed ? types.u32(at + 4L) : types.unsigned(at + 4L);
            constants.add(new BtfType.Constant(strings.text(types.unsigned(at)), value));
        }
        return List.copyOf(constants);
    }

    private List<BtfType.Constant> wideConstants(int from, int count) throws FaultException {
        List<BtfType.Constant> constants = new ArrayList<>();
        for (int i = 0, at = from; i < count; i++, at += 12) {
            long value = types.unsigned(at + 4L) | types.unsigned(at + 8L) << 32;
            constants.add(new BtfType.Constant(strings.text(types.unsigned(at)), value));
        }
        return List.copyOf(constants);
    }

    private List<BtfType.Parameter> parameters(int from, int count) throws FaultException {
        List<BtfType.Parameter> parameters = new ArrayList<>();
        for (int i = 0, at = from; i < count; i++, at += 8) {
            parameters.add(new BtfType.Parameter(strings.text(types.unsigned(at)), reference(at + 4L)));
        }
        return List.copyOf(parameters);
    }

    private List<BtfType.Placed> placed(int from, int count) throws FaultException {
        List<BtfType.Placed> variables = new ArrayList<>();
        for (int i = 0, at = from; i < count; i++, at += 12) {
            variables.add(new BtfType.Placed(reference(at), types.unsigned(at + 4L), types.unsigned(at + 8L)));
        }
        return List.copyOf(variables);
    }
}
