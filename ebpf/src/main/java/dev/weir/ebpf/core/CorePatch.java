package dev.weir.ebpf.core;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes answers into instructions.
 *
 * <pre>{@code
 * struct bpf_insn {
 *     __u8  code;       // 0  class in bits 0-2; size of loads and stores in bits 3-4
 *     __u8  dst_reg:4;  // 1
 *     __u8  src_reg:4;
 *     __s16 off;        // 2  of loads and stores
 *     __s32 imm;        // 4  of arithmetic; two of them, in two instructions, for 64-bit loads
 * };
 * }</pre>
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9669">RFC 9669, BPF Instruction Set Architecture</a>
 */
public final class CorePatch {
    private static final int INSTRUCTION_BYTES = 8;
    private static final int CLASS = 0x07;
    private static final int SIZE = 0x18;
    private static final int FROM_REGISTER = 0x08;
    private static final int LOAD_IMM64 = 0x18;
    private static final int CALL = 0x85;
    /** No helper has this number: the verifier prints it, and people find it in documentation, because libbpf writes the same. */
    private static final int NO_HELPER = 0xbad2310;

    private CorePatch() {}

    /**
     * Changes the instruction of a relocation.
     *
     * @param code little endian
     * @throws IOException if the instruction takes no such value
     */
    public static void apply(ByteBuffer code, CoreRelocation relocation, CoreResolver.Answer answer)
            throws IOException {
        int at = relocation.instruction() * INSTRUCTION_BYTES;
        int opcode = code.get(at) & 0xff;
        if (answer.poisoned()) {
            poison(code, at, opcode);
            return;
        }
        switch (opcode & CLASS) {
            case 0 -> load(code, at, opcode, relocation, answer.value());
            case 1, 2, 3 -> access(code, at, opcode, relocation, answer);
            case 4, 7 -> {
                if ((opcode & FROM_REGISTER) != 0) {
                    throw refused(relocation, "an operation of two registers");
                }
                code.putInt(at + 4, (int) answer.value());
            }
            default -> throw refused(relocation, "a jump");
        }
    }

    private static void load(ByteBuffer code, int at, int opcode, CoreRelocation relocation, long value)
            throws IOException {
        if (opcode != LOAD_IMM64 || at + 2 * INSTRUCTION_BYTES > code.capacity()) {
            throw refused(relocation, "an old form of packet access");
        }
        code.putInt(at + 4, (int) value);
        code.putInt(at + INSTRUCTION_BYTES + 4, (int) (value >>> Integer.SIZE));
    }

    /** Loads and stores become as wide as the field is in this kernel, if that changes nothing of its meaning. */
    private static void access(
            ByteBuffer code, int at, int opcode, CoreRelocation relocation, CoreResolver.Answer answer)
            throws IOException {
        if (answer.value() > Short.MAX_VALUE) {
            throw refused(
                    relocation, "an access, whose offsets end at " + Short.MAX_VALUE + ", not at " + answer.value());
        }
        if (answer.localBytes() != answer.kernelBytes()) {
            Integer width = width(answer.kernelBytes());
            if (!answer.resizable() || width == null) {
                poison(code, at, opcode);
                return;
            }
            code.put(at, (byte) (opcode & ~SIZE | width));
        }
        code.putShort(at + 2, (short) answer.value());
    }

    private static @org.jspecify.annotations.Nullable Integer width(int bytes) {
        return switch (bytes) {
            case 1 -> 0x10;
            case 2 -> 0x08;
            case 4 -> 0x00;
            case 8 -> 0x18;
            default -> null;
        };
    }

    private static void poison(ByteBuffer code, int at, int opcode) {
        poison(code, at);
        if (opcode == LOAD_IMM64 && at + 2 * INSTRUCTION_BYTES <= code.capacity()) {
            poison(code, at + INSTRUCTION_BYTES);
        }
    }

    private static void poison(ByteBuffer code, int at) {
        code.putLong(at, CALL | (long) NO_HELPER << Integer.SIZE);
    }

    private static IOException refused(CoreRelocation relocation, String what) {
        return new IOException("the object's " + relocation + " is on " + what);
    }
}
