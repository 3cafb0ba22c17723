package dev.weir.ebpf.core;

import dev.weir.ebpf.btf.Btf;
import org.jspecify.annotations.Nullable;

/**
 * An instruction that depends on types of the running kernel. Compilers write the value that their own types give; it is replaced before
 * loading.
 *
 * <pre>{@code
 * struct bpf_core_relo {
 *     __u32 insn_off;               //  0  bytes of the section
 *     __u32 type_id;                //  4  in the object's BTF
 *     __u32 access_str_off;         //  8  as in "0:1:2"
 *     enum bpf_core_relo_kind kind; // 12
 * };
 * }</pre>
 *
 * @param instruction its index in the program
 * @param types the object's types
 * @param type the one that the access starts with
 * @param access indices: of the element first, then of members and elements inside; for enumerations, of the constant
 * @param kind what is asked
 * @see <a href="https://docs.kernel.org/bpf/llvm_reloc.html#co-re-relocations">CO-RE Relocations</a>
 */
public record CoreRelocation(int instruction, Btf types, int type, String access, Kind kind) {
    /** What is asked of a type; the order is that of {@code enum bpf_core_relo_kind}. */
    public enum Kind {
        FIELD_BYTE_OFFSET,
        FIELD_BYTE_SIZE,
        FIELD_EXISTS,
        FIELD_SIGNED,
        FIELD_LSHIFT_U64,
        FIELD_RSHIFT_U64,
        TYPE_ID_LOCAL,
        TYPE_ID_TARGET,
        TYPE_EXISTS,
        TYPE_SIZE,
        ENUMVAL_EXISTS,
        ENUMVAL_VALUE,
        TYPE_MATCHES;

        /** Returns the kind with a number, null if it is newer than this list. */
        public static @Nullable Kind ofNumber(int number) {
            Kind[] all = values();
            return number >= 0 && number < all.length ? all[number] : null;
        }

        boolean isField() {
            return compareTo(FIELD_RSHIFT_U64) <= 0;
        }

        boolean isEnumeration() {
            return this == ENUMVAL_EXISTS || this == ENUMVAL_VALUE;
        }
    }

    /** Returns the same at another place. */
    public CoreRelocation at(int newInstruction) {
        return new CoreRelocation(newInstruction, types, type, access, kind);
    }

    @Override
    public String toString() {
        return kind + " of " + Btf.nameOf(types.type(type)) + " [" + access + "]";
    }
}
