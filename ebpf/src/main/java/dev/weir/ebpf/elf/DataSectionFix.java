package dev.weir.ebpf.elf;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.BtfType;
import dev.weir.ebpf.btf.DataSectionPatch;
import dev.weir.ebpf.parse.FaultException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Completes BTF: clang writes 0 for sizes of data sections and offsets of variables, because only the ELF symbols know them. */
final class DataSectionFix {
    private DataSectionFix() {}

    static byte[] apply(ElfFile elf, Btf btf, Externs externs) throws FaultException {
        Map<Integer, Map<String, ElfFile.Symbol>> symbols = new HashMap<>();
        for (ElfFile.Symbol symbol : elf.symbols()) {
            if (symbol.type() != ElfFile.STT_SECTION) {
                symbols.computeIfAbsent(symbol.section(), s -> new HashMap<>()).put(symbol.name(), symbol);
            }
        }
        DataSectionPatch patch = new DataSectionPatch(btf);
        for (int id = 1; id < btf.size(); id++) {
            if (btf.type(id) instanceof BtfType.DataSection section) {
                if (section.name().equals(Externs.KERNEL_SYMBOLS)) {
                    forgetSymbols(btf, section, id, patch);
                    continue;
                }
                if (section.name().equals(Externs.KERNEL_SETTINGS)) {
                    placeSettings(btf, section, id, externs, patch);
                    continue;
                }
                ElfFile.Section elfSection = elf.section(section.name());
                if (elfSection == null) {
                    throw FaultException.unsupported("variables outside the object, in " + section.name());
                }
                if (elfSection.sizeBytes() > Integer.MAX_VALUE) {
                    throw FaultException.malformed(
                            "section " + section.name() + " has " + elfSection.sizeBytes() + " bytes");
                }
                patch.section(
                        id,
                        elfSection.sizeBytes(),
                        placed(btf, section, elfSection, symbols.getOrDefault(elfSection.index(), Map.of())));
            }
        }
        return patch.bytes();
    }

    /**
     * The kernel takes no data section of functions, and neither functions nor variables that are defined elsewhere. References to them stand
     * in relocations, so the types only have to become something harmless of the same length.
     */
    private static void forgetSymbols(Btf btf, BtfType.DataSection section, int id, DataSectionPatch patch)
            throws FaultException {
        for (BtfType.Placed entry : section.variables()) {
            switch (btf.type(entry.variable())) {
                case BtfType.Function function -> patch.typedef(entry.variable());
                case BtfType.Variable variable -> patch.variable(entry.variable(), patch.integer());
                default -> throw FaultException.malformed("something in " + section.name() + " is no symbol");
            }
        }
        patch.structure(id);
    }

    /** Settings are a map of their own, with places that {@link Externs} gave them. */
    private static void placeSettings(
            Btf btf, BtfType.DataSection section, int id, Externs externs, DataSectionPatch patch)
            throws FaultException {
        List<BtfType.Placed> placed = new ArrayList<>();
        for (BtfType.Placed entry : section.variables()) {
            if (!(btf.type(entry.variable()) instanceof BtfType.Variable variable)) {
                throw FaultException.malformed("something in " + section.name() + " is no variable");
            }
            KernelSetting setting = externs.setting(variable.name());
            if (setting == null) {
                throw new AssertionError("every variable of the section is a setting");
            }
            patch.variable(entry.variable(), variable.type());
            placed.add(new BtfType.Placed(entry.variable(), setting.offset(), setting.sizeBytes()));
        }
        patch.section(id, externs.settingsBytes(), placed);
    }

    private static List<BtfType.Placed> placed(
            Btf btf, BtfType.DataSection section, ElfFile.Section elfSection, Map<String, ElfFile.Symbol> symbols)
            throws FaultException {
        List<BtfType.Placed> placed = new ArrayList<>();
        for (BtfType.Placed entry : section.variables()) {
            String name = Btf.nameOf(btf.type(entry.variable()));
            ElfFile.Symbol symbol = symbols.get(name);
            long offset = symbol == null ? entry.offset() : symbol.value();
            if (offset + entry.sizeBytes() > elfSection.sizeBytes()) {
                throw FaultException.malformed("the variable " + name + " reaches past the end of " + section.name());
            }
            placed.add(new BtfType.Placed(entry.variable(), offset, entry.sizeBytes()));
        }
        // The kernel wants them in order.
        placed.sort(Comparator.comparingLong(BtfType.Placed::offset));
        return placed;
    }
}
