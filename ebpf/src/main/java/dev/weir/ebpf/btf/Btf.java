package dev.weir.ebpf.btf;

import dev.weir.ebpf.parse.Bytes;
import dev.weir.ebpf.parse.Fault;
import dev.weir.ebpf.parse.FaultException;
import dev.weir.ebpf.parse.Parsed;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Parsed BTF: types by id. Immutable.
 *
 * <pre>{@code
 * struct btf_header {
 *     __u16 magic;     //  0  0xeb9f
 *     __u8  version;   //  2  1
 *     __u8  flags;     //  3
 *     __u32 hdr_len;   //  4  24
 *     __u32 type_off;  //  8  from the end of the header
 *     __u32 type_len;  // 12
 *     __u32 str_off;   // 16
 *     __u32 str_len;   // 20
 * };
 * }</pre>
 *
 * @see <a href="https://docs.kernel.org/bpf/btf.html">BPF Type Format</a>
 */
public final class Btf {
    static final int MAGIC = 0xeb9f;
    private static final int VERSION = 1;
    /** How many typedefs and modifiers may follow each other: the kernel's MAX_RESOLVE_DEPTH. */
    private static final int MAX_DEPTH = 32;

    private final byte[] raw;
    private final List<BtfType> types;
    private final int[] positions;

    Btf(byte[] raw, List<BtfType> types, int[] positions) {
        this.raw = raw;
        this.types = types;
        this.positions = positions;
    }

    /** Parses what a {@code .BTF} section, {@code /sys/kernel/btf/vmlinux} or the kernel's copy of loaded BTF holds. */
    public static Parsed<Btf> parse(byte[] raw) {
        byte[] copy = raw.clone();
        return Parsed.of(() -> parse(Bytes.of(copy, "BTF"), copy));
    }

    private static Btf parse(Bytes bytes, byte[] raw) throws FaultException {
        if (bytes.u16(0) != MAGIC) {
            throw FaultException.malformed("BTF starts with 0xeb9f in little endian, this does not");
        }
        if (bytes.u8(2) != VERSION) {
            throw new FaultException(Fault.Kind.UNSUPPORTED, "BTF version " + bytes.u8(2));
        }
        long header = bytes.unsigned(4);
        Bytes types = bytes.slice(header + bytes.unsigned(8), bytes.unsigned(12), "BTF types");
        Bytes strings = bytes.slice(header + bytes.unsigned(16), bytes.unsigned(20), "BTF strings");
        return new BtfReader(types, strings, Math.toIntExact(header + bytes.unsigned(8))).read(raw);
    }

    /** Returns a copy of the bytes. */
    public byte[] raw() {
        return raw.clone();
    }

    /** Returns the number of types with void; ids are below it. */
    public int size() {
        return types.size();
    }

    /** @throws IndexOutOfBoundsException for an id of no type */
    public BtfType type(int id) {
        return types.get(id);
    }

    /** Returns where in {@link #raw} the record of a type starts. */
    int position(int id) {
        return positions[id];
    }

    /** Returns the first id whose type is of a kind and has a name. */
    public <T extends BtfType> Optional<T> find(Class<T> kind, String name) {
        int id = idOf(kind, name);
        return id == 0 ? Optional.empty() : Optional.of(kind.cast(types.get(id)));
    }

    /** Returns the first id whose type is of a kind and has a name, 0 if there is none. */
    public int idOf(Class<? extends BtfType> kind, String name) {
        for (int id = 1; id < types.size(); id++) {
            if (kind.isInstance(types.get(id)) && nameOf(types.get(id)).equals(name)) {
                return id;
            }
        }
        return 0;
    }

    /** Returns the first id whose type is of a kind, 0 if there is none. */
    int idOf(Class<? extends BtfType> kind) {
        for (int id = 1; id < types.size(); id++) {
            if (kind.isInstance(types.get(id))) {
                return id;
            }
        }
        return 0;
    }

    /** Returns the type behind typedefs and modifiers; void if they never end. */
    public BtfType resolve(int id) {
        BtfType type = types.get(id);
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            switch (type) {
                case BtfType.Typedef typedef -> type = types.get(typedef.target());
                case BtfType.Modifier modifier -> type = types.get(modifier.target());
                default -> {
                    return type;
                }
            }
        }
        return types.getFirst();
    }

    /** Returns how many bytes values of a type take, or nothing for types without values. */
    public OptionalLong sizeOf(int id) {
        long count = 1;
        int element = id;
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            switch (resolve(element)) {
                case BtfType.Array array -> {
                    if (array.count() != 0 && count > Integer.MAX_VALUE / array.count()) {
                        return OptionalLong.empty();
                    }
                    count *= array.count();
                    element = array.element();
                }
                case BtfType.Int i -> {
                    return OptionalLong.of(count * i.sizeBytes());
                }
                case BtfType.Pointer p -> {
                    return OptionalLong.of(count * Long.BYTES);
                }
                case BtfType.Struct s -> {
                    return OptionalLong.of(count * s.sizeBytes());
                }
                case BtfType.Enumeration e -> {
                    return OptionalLong.of(count * e.sizeBytes());
                }
                case BtfType.Floating f -> {
                    return OptionalLong.of(count * f.sizeBytes());
                }
                case BtfType.DataSection d -> {
                    return OptionalLong.of(count * d.sizeBytes());
                }
                case BtfType.Variable v -> element = v.type();
                default -> {
                    return OptionalLong.empty();
                }
            }
        }
        return OptionalLong.empty();
    }

    /** Returns a type's own name, empty if it has none. */
    public static String nameOf(BtfType type) {
        return switch (type) {
            case BtfType.Int i -> i.name();
            case BtfType.Struct s -> s.name();
            case BtfType.Enumeration e -> e.name();
            case BtfType.Forward f -> f.name();
            case BtfType.Typedef t -> t.name();
            case BtfType.Function f -> f.name();
            case BtfType.Variable v -> v.name();
            case BtfType.DataSection d -> d.name();
            case BtfType.Floating f -> f.name();
            case BtfType.Nothing n -> "void";
            case BtfType.Pointer p -> "";
            case BtfType.Array a -> "";
            case BtfType.Modifier m -> "";
            case BtfType.Prototype p -> "";
            case BtfType.DeclarationTag t -> "";
        };
    }
}
