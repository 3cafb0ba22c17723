package dev.weir.ebpf.elf;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.BtfType;
import dev.weir.ebpf.parse.Fault;
import dev.weir.ebpf.parse.FaultException;
import dev.weir.ebpf.prog.KernelReferences;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the object declares and the kernel is to provide: {@code extern} functions and variables in {@code .ksyms}, settings of the kernel's
 * build in {@code .kconfig}. The latter become one map, whose places are given out here, because compilers leave them open.
 */
final class Externs {
    /** Where clang puts functions and variables of the kernel. */
    static final String KERNEL_SYMBOLS = ".ksyms";

    /** Where it puts settings. */
    static final String KERNEL_SETTINGS = ".kconfig";

    /** All of a kernel's settings take less. */
    private static final int MAX_BYTES = 1 << 20;

    private final Set<String> functions = new HashSet<>();
    /** Whether a variable has a type: those without one are addresses only. */
    private final Map<String, Boolean> variables = new HashMap<>();

    private final List<KernelSetting> settings = new ArrayList<>();
    private int settingsBytes;

    static Externs of(@Nullable Btf btf, ElfFile elf) throws FaultException {
        Externs externs = new Externs();
        if (btf == null) {
            return externs;
        }
        Set<String> weak = new HashSet<>();
        for (ElfFile.Symbol symbol : elf.symbols()) {
            if (symbol.weak() && symbol.section() == ElfFile.SHN_UNDEF) {
                weak.add(symbol.name());
            }
        }
        for (int id = 1; id < btf.size(); id++) {
            if (btf.type(id) instanceof BtfType.DataSection section) {
                for (BtfType.Placed placed : section.variables()) {
                    externs.add(btf, section.name(), placed.variable(), weak);
                }
            }
        }
        return externs;
    }

    private void add(Btf btf, String section, int id, Set<String> weak) throws FaultException {
        BtfType type = btf.type(id);
        if (section.equals(KERNEL_SYMBOLS)) {
            if (type instanceof BtfType.Variable variable) {
                variables.put(variable.name(), !(btf.resolve(variable.type()) instanceof BtfType.Nothing));
            } else {
                functions.add(Btf.nameOf(type));
            }
        } else if (section.equals(KERNEL_SETTINGS)) {
            if (!(type instanceof BtfType.Variable variable)) {
                throw FaultException.malformed(Btf.nameOf(type) + " in " + section + " is no variable");
            }
            long bytes = btf.sizeOf(variable.type()).orElse(0);
            long alignment = btf.resolve(variable.type()) instanceof BtfType.Array ? 1 : bytes;
            if (bytes < 1 || bytes > KernelSetting.MAX_BYTES || Long.bitCount(alignment) != 1) {
                throw FaultException.malformed("the setting " + variable.name() + " has " + bytes + " bytes");
            }
            int offset = (int) (settingsBytes + alignment - 1 & -alignment);
            settings.add(new KernelSetting(
                    variable.name(), variable.type(), offset, (int) bytes, weak.contains(variable.name())));
            settingsBytes = offset + (int) bytes;
            if (settingsBytes > MAX_BYTES) {
                throw new FaultException(
                        Fault.Kind.TOO_LARGE, "the object wants more than " + MAX_BYTES + " bytes of settings");
            }
        }
    }

    List<KernelSetting> settings() {
        return settings;
    }

    int settingsBytes() {
        return settingsBytes;
    }

    /** Returns a setting by its name, null if there is none. */
    @Nullable KernelSetting setting(String name) {
        return settings.stream().filter(s -> s.name().equals(name)).findFirst().orElse(null);
    }

    /** Returns what a load of an address wants of a symbol, null if it is declared nowhere. */
    KernelReferences.@Nullable Use use(String name) {
        if (functions.contains(name)) {
            return KernelReferences.Use.FUNCTION;
        }
        Boolean typed = variables.get(name);
        if (typed == null) {
            return null;
        }
        return typed ? KernelReferences.Use.VARIABLE : KernelReferences.Use.ADDRESS;
    }
}
