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
    /** Where clang puts what the kernel is to provide. */
    private static final String KERNEL_SYMBOLS = ".ksyms";

    private DataSectionFix() {}

    static byte[] apply(ElfFile elf, Btf btf) throws FaultException {
        Map<Integer, Map<String, ElfFile.Symbol>> symbols = new HashMap<>();
        for (ElfFile.Symbol symbol : elf.symbols()) {
            if (symbol.type() != ElfFile.STT_SECTION) {
                symbols.computeIfAbsent(symbol.section(), s -> new HashMap<>()).put(symbol.name(), symbol);
            }
        }
        DataSectionPatch patch = new DataSectionPatch(btf);
        for (int id = 1; id < btf.size(); id++) {
            if (btf.type(id) instanceof BtfType.DataSection section) {
                if (section.name().equals(KERNEL_SYMBOLS)) {
                    forgetFunctions(btf, section, id, patch);
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
     * The kernel takes neither a data section of functions nor functions without a body. References to them stand in relocations, so the
     * types only have to become something harmless of the same length.
     */
    private static void forgetFunctions(Btf btf, BtfType.DataSection section, int id, DataSectionPatch patch)
            throws FaultException {
        for (BtfType.Placed entry : section.variables()) {
            if (!(btf.type(entry.variable()) instanceof BtfType.Function)) {
                throw FaultException.unsupported("variables outside the object, in " + section.name());
            }
            patch.typedef(entry.variable());
        }
        patch.structure(id);
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
