package dev.weir.ebpf.btf;

import java.util.List;

/**
 * One type of BTF. Types refer to each other by id; 0 is void.
 *
 * @see <a href="https://docs.kernel.org/bpf/btf.html">BPF Type Format</a>
 */
public sealed interface BtfType {
    /** Nothing, and what pointers to anything point to. */
    record Nothing() implements BtfType {}

    /** @param bits how many bits count, from {@code bitOffset} on */
    record Int(String name, int sizeBytes, boolean signed, boolean isChar, boolean isBool, int bitOffset, int bits)
            implements BtfType {}

    record Pointer(int target) implements BtfType {}

    record Array(int element, int index, long count) implements BtfType {}

    /** A struct, or a union, whose members all start at 0. */
    record Struct(String name, boolean union, long sizeBytes, List<Member> members) implements BtfType {}

    /** @param bits the width of a bit field, 0 for whole members */
    record Member(String name, int type, long bitOffset, int bits) {}

    record Enumeration(String name, int sizeBytes, boolean signed, List<Constant> constants) implements BtfType {}

    record Constant(String name, long value) {}

    record Forward(String name, boolean union) implements BtfType {}

    record Typedef(String name, int target) implements BtfType {}

    /** const, volatile, restrict or a type tag: changes nothing in memory. */
    record Modifier(String name, int target) implements BtfType {}

    record Function(String name, int prototype, int linkage) implements BtfType {}

    record Prototype(int returned, List<Parameter> parameters) implements BtfType {}

    record Parameter(String name, int type) {}

    record Variable(String name, int type, int linkage) implements BtfType {}

    /** The variables of an ELF section. clang leaves sizes and offsets to the loader, 0 until then. */
    record DataSection(String name, long sizeBytes, List<Placed> variables) implements BtfType {}

    record Placed(int variable, long offset, long sizeBytes) {}

    record Floating(String name, int sizeBytes) implements BtfType {}

    record DeclarationTag(String name, int target, int component) implements BtfType {}
}
