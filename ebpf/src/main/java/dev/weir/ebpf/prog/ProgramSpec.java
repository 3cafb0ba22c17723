package dev.weir.ebpf.prog;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Describes a program before it is loaded: linked with the functions it calls, its maps still by name. Immutable; arrays handed in must not
 * be changed afterwards.
 *
 * @param name of its function; the kernel keeps the first 15 bytes
 * @param section the ELF section it came from, which says how it is meant to be attached
 * @param attachType {@code enum bpf_attach_type} that some types must know when they are loaded, else 0
 * @param attachTo the function, tracepoint or other name that the section gives as where to attach, empty if it gives none
 * @param license decides whether the program may call helpers that are for GPL programs only
 * @param instructions 8 bytes each, little endian
 * @param maps where the instructions refer to maps
 * @param kernel what they want of the running kernel
 * @param functionInfo {@code struct bpf_func_info} records of 8 bytes, empty without BTF
 * @param lineInfo {@code struct bpf_line_info} records of 16 bytes, empty without BTF
 * @param flags BPF_F_*, or-ed
 */
public record ProgramSpec(
        String name,
        String section,
        ProgramType type,
        int attachType,
        String attachTo,
        String license,
        byte[] instructions,
        List<MapReference> maps,
        KernelReferences kernel,
        byte[] functionInfo,
        byte[] lineInfo,
        int flags) {
    /** The program handles packets in several buffers (section {@code xdp.frags}). Since Linux 5.18. */
    public static final int XDP_HAS_FRAGS = 1 << 5;

    private static final byte[] NONE = {};

    /**
     * An instruction that loads a map's descriptor, or the address of its first value.
     *
     * @param instruction index of the first of the two instructions that it takes
     * @param offset where in the value
     */
    public record MapReference(int instruction, String map, boolean value, int offset) {}

    public ProgramSpec {
        maps = List.copyOf(maps);
    }

    /** Describes a program without maps and types, from instructions made by hand. */
    public ProgramSpec(String name, ProgramType type, String license, byte[] instructions) {
        this(name, "", type, 0, "", license, instructions, List.of(), KernelReferences.NONE, NONE, NONE, 0);
    }

    /** Says what the program is where its section does not. */
    public ProgramSpec withType(ProgramType newType, int newAttachType) {
        return copy(name, newType, newAttachType, attachTo, instructions, maps, kernel);
    }

    public ProgramSpec withName(String newName) {
        return copy(newName, type, attachType, attachTo, instructions, maps, kernel);
    }

    /** Says which function of the kernel a tracing program is for, in place of the one that its section names. */
    public ProgramSpec withAttachTo(String target) {
        return copy(name, type, attachType, target, instructions, maps, kernel);
    }

    public ProgramSpec withMaps(List<MapReference> newMaps) {
        return copy(name, type, attachType, attachTo, instructions, newMaps, kernel);
    }

    /**
     * Gives a name that the object leaves open its value.
     *
     * @throws IllegalArgumentException if no instruction refers to it
     */
    public ProgramSpec withSymbol(String symbol, long value) {
        byte[] code = instructions.clone();
        KernelReferences left = kernel;
        for (KernelReferences.OpenSymbol open : kernel.open()) {
            if (open.name().equals(symbol)) {
                ByteBuffer.wrap(code)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(open.instruction() * 8 + 4, (int) value)
                        .putInt(open.instruction() * 8 + 12, (int) (value >>> Integer.SIZE));
                left = left.without(open);
            }
        }
        if (left == kernel) {
            throw new IllegalArgumentException("program " + name + " leaves no symbol " + symbol + " open");
        }
        return copy(name, type, attachType, attachTo, code, maps, left);
    }

    private ProgramSpec copy(
            String newName,
            ProgramType newType,
            int newAttachType,
            String newAttachTo,
            byte[] newInstructions,
            List<MapReference> newMaps,
            KernelReferences newKernel) {
        return new ProgramSpec(
                newName,
                section,
                newType,
                newAttachType,
                newAttachTo,
                license,
                newInstructions,
                newMaps,
                newKernel,
                functionInfo,
                lineInfo,
                flags);
    }

    /** Says whether it takes frames in several pieces: programs that call each other by their tails take them all, or none of them does. */
    public ProgramSpec withFrags(boolean frags) {
        return new ProgramSpec(
                name,
                section,
                type,
                attachType,
                attachTo,
                license,
                instructions,
                maps,
                kernel,
                functionInfo,
                lineInfo,
                frags ? flags | XDP_HAS_FRAGS : flags & ~XDP_HAS_FRAGS);
    }
}
