package dev.weir.ebpf.prog;

import java.util.List;

/**
 * Describes a program before it is loaded: linked with the functions it calls, its maps still by name. Immutable; arrays handed in must not
 * be changed afterwards.
 *
 * @param name of its function; the kernel keeps the first 15 bytes
 * @param section the ELF section it came from, which says how it is meant to be attached
 * @param attachType {@code enum bpf_attach_type} that some types must know when they are loaded, else 0
 * @param license decides whether the program may call helpers that are for GPL programs only
 * @param instructions 8 bytes each, little endian
 * @param maps where the instructions refer to maps
 * @param kernelFunctions where they call functions of the kernel that are no helpers
 * @param functionInfo {@code struct bpf_func_info} records of 8 bytes, empty without BTF
 * @param lineInfo {@code struct bpf_line_info} records of 16 bytes, empty without BTF
 * @param flags BPF_F_*, or-ed
 */
public record ProgramSpec(
        String name,
        String section,
        ProgramType type,
        int attachType,
        String license,
        byte[] instructions,
        List<MapReference> maps,
        List<KernelFunction> kernelFunctions,
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

    /**
     * A call of a function of the kernel ("kfunc"), found by its name in the kernel's BTF. Since Linux 5.13.
     *
     * @param optional whether the program loads without it; it must not come to the call then
     */
    public record KernelFunction(int instruction, String name, boolean optional) {}

    public ProgramSpec {
        maps = List.copyOf(maps);
        kernelFunctions = List.copyOf(kernelFunctions);
    }

    /** Describes a program without maps and types, from instructions made by hand. */
    public ProgramSpec(String name, ProgramType type, String license, byte[] instructions) {
        this(name, "", type, 0, license, instructions, List.of(), List.of(), NONE, NONE, 0);
    }

    /** Says what the program is where its section does not. */
    public ProgramSpec withType(ProgramType newType, int newAttachType) {
        return new ProgramSpec(
                name,
                section,
                newType,
                newAttachType,
                license,
                instructions,
                maps,
                kernelFunctions,
                functionInfo,
                lineInfo,
                flags);
    }

    public ProgramSpec withName(String newName) {
        return new ProgramSpec(
                newName,
                section,
                type,
                attachType,
                license,
                instructions,
                maps,
                kernelFunctions,
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
                license,
                instructions,
                maps,
                kernelFunctions,
                functionInfo,
                lineInfo,
                frags ? flags | XDP_HAS_FRAGS : flags & ~XDP_HAS_FRAGS);
    }
}
