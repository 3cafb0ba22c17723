package dev.weir.ebpf.prog;

import dev.weir.ebpf.core.CoreRelocation;
import java.util.ArrayList;
import java.util.List;

/**
 * What a program wants of the kernel that it is loaded into, found when it is loaded.
 *
 * @param symbols functions and variables of the kernel, by name
 * @param types where instructions depend on the kernel's types
 * @param open names that the object leaves open, and which are nobody's: see {@link ProgramSpec#withSymbol}
 */
public record KernelReferences(List<Symbol> symbols, List<CoreRelocation> types, List<OpenSymbol> open) {
    public static final KernelReferences NONE = new KernelReferences(List.of(), List.of(), List.of());

    /** What an instruction wants of a symbol. */
    public enum Use {
        /** Calls a function that is no helper ("kfunc"). Since Linux 5.13. */
        CALL,
        /** Loads the address of such a function, to see whether there is one. */
        FUNCTION,
        /** Loads the address of a variable, with its type. Since Linux 5.10. */
        VARIABLE,
        /** Loads the address of anything, without type, from {@code /proc/kallsyms}. */
        ADDRESS
    }

    /**
     * A name of the kernel's.
     *
     * @param optional whether the program loads without it; calls must not be come to then, addresses are 0
     */
    public record Symbol(int instruction, String name, Use use, boolean optional) {}

    /** A name that nobody defines. */
    public record OpenSymbol(int instruction, String name) {}

    public KernelReferences {
        symbols = List.copyOf(symbols);
        types = List.copyOf(types);
        open = List.copyOf(open);
    }

    /** Returns whether the program is the same for every kernel. */
    public boolean isEmpty() {
        return symbols.isEmpty() && types.isEmpty() && open.isEmpty();
    }

    KernelReferences without(OpenSymbol symbol) {
        List<OpenSymbol> left = new ArrayList<>(open);
        left.remove(symbol);
        return new KernelReferences(symbols, types, left);
    }
}
