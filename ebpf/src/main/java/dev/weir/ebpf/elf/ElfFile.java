package dev.weir.ebpf.elf;

import dev.weir.ebpf.parse.Bytes;
import dev.weir.ebpf.parse.FaultException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sections, symbols and relocations of a relocatable 64-bit little-endian ELF file for BPF.
 *
 * @param sections by their index
 * @param symbols by their index
 * @param relocations by the index of the section they change
 * @see <a href="https://man7.org/linux/man-pages/man5/elf.5.html">elf(5)</a>
 */
record ElfFile(List<Section> sections, List<Symbol> symbols, Map<Integer, List<Relocation>> relocations) {
    static final int SHT_PROGBITS = 1;
    static final int SHT_SYMTAB = 2;
    static final int SHT_NOBITS = 8;
    static final int SHT_REL = 9;
    static final long SHF_ALLOC = 1 << 1;
    static final long SHF_EXECINSTR = 1 << 2;
    private static final int STB_LOCAL = 0;
    private static final int STB_WEAK = 2;
    static final int STT_FUNC = 2;
    static final int STT_SECTION = 3;
    static final int SHN_UNDEF = 0;

    private static final int MAGIC = 0x464c457f;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;
    private static final int ET_REL = 1;
    private static final int EM_BPF = 247;
    private static final int SECTION_HEADER_BYTES = 64;
    private static final int SYMBOL_BYTES = 24;
    private static final int REL_BYTES = 16;

    /** @param data empty for sections without bytes in the file, whose size is {@code sizeBytes} all the same */
    record Section(int index, String name, int type, long flags, long sizeBytes, int link, int info, Bytes data) {
        boolean isCode() {
            return type == SHT_PROGBITS && (flags & SHF_EXECINSTR) != 0;
        }
    }

    /** @param weak whether the object does without it where it is not to be found */
    record Symbol(String name, int type, boolean local, boolean weak, int section, long value, long sizeBytes) {}

    /** @param offset in the section that it changes */
    record Relocation(long offset, int type, Symbol symbol) {}

    static ElfFile parse(byte[] array) throws FaultException {
        Bytes file = Bytes.of(array, "the ELF file");
        header(file);
        List<Section> sections = sections(file);
        List<Symbol> symbols = List.of();
        for (Section section : sections) {
            if (section.type() == SHT_SYMTAB) {
                symbols = symbols(section, at(sections, section.link()).data(), sections.size());
                break;
            }
        }
        Map<Integer, List<Relocation>> relocations = new HashMap<>();
        for (Section section : sections) {
            if (section.type() == SHT_REL) {
                at(sections, section.info());
                relocations
                        .computeIfAbsent(section.info(), index -> new ArrayList<>())
                        .addAll(relocations(section, symbols));
            }
        }
        return new ElfFile(sections, symbols, relocations);
    }

    /** Returns the first section of a name. */
    @Nullable Section section(String name) {
        for (Section section : sections) {
            if (section.name().equals(name)) {
                return section;
            }
        }
        return null;
    }

    List<Relocation> relocationsOf(Section section) {
        return relocations.getOrDefault(section.index(), List.of());
    }

    private static void header(Bytes file) throws FaultException {
        if (file.u32(0) != MAGIC) {
            throw FaultException.malformed("not an ELF file");
        }
        if (file.u8(4) != CLASS_64 || file.u8(5) != LITTLE_ENDIAN) {
            throw FaultException.unsupported("an ELF file that is not 64-bit little endian");
        }
        if (file.u16(16) != ET_REL || file.u16(18) != EM_BPF) {
            throw FaultException.unsupported(
                    "an ELF file that is no relocatable object for BPF (clang -target bpf -c)");
        }
    }

    private static List<Section> sections(Bytes file) throws FaultException {
        long table = file.u64(40);
        int entryBytes = file.u16(58);
        int count = file.u16(60);
        int namesIndex = file.u16(62);
        if (entryBytes != SECTION_HEADER_BYTES) {
            throw FaultException.malformed("section headers of " + entryBytes + " bytes");
        }
        Bytes headers = file.slice(table, (long) count * SECTION_HEADER_BYTES, "the section headers");
        if (namesIndex >= count) {
            throw FaultException.malformed("section names in section " + namesIndex + " of " + count);
        }
        long namesAt = (long) namesIndex * SECTION_HEADER_BYTES;
        Bytes names = file.slice(headers.u64(namesAt + 24), headers.u64(namesAt + 32), "the section names");
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long at = (long) i * SECTION_HEADER_BYTES;
            String name = names.text(headers.unsigned(at));
            int type = headers.u32(at + 4);
            long size = headers.u64(at + 32);
            if (size < 0) {
                throw FaultException.malformed("section " + name + " has a negative size");
            }
            boolean inFile = type != SHT_NOBITS && type != 0;
            sections.add(new Section(
                    i,
                    name,
                    type,
                    headers.u64(at + 8),
                    size,
                    headers.u32(at + 40),
                    headers.u32(at + 44),
                    file.slice(inFile ? headers.u64(at + 24) : 0, inFile ? size : 0, "section " + name)));
        }
        return List.copyOf(sections);
    }

    private static List<Symbol> symbols(Section table, Bytes names, int sections) throws FaultException {
        List<Symbol> symbols = new ArrayList<>();
        for (long at = 0; at + SYMBOL_BYTES <= table.data().length(); at += SYMBOL_BYTES) {
            Bytes data = table.data();
            int info = data.u8(at + 4);
            int section = data.u16(at + 6);
            long value = data.u64(at + 8);
            long size = data.u64(at + 16);
            if (value < 0 || size < 0 || value > Integer.MAX_VALUE || size > Integer.MAX_VALUE) {
                throw FaultException.malformed("a symbol lies at " + value + " and has " + size + " bytes");
            }
            // Above 0xff00 are no sections but meanings, such as "absolute".
            if (section >= sections && section < 0xff00) {
                throw FaultException.malformed("a symbol lies in section " + section + " of " + sections);
            }
            int binding = info >>> 4;
            symbols.add(new Symbol(
                    names.text(data.unsigned(at)),
                    info & 0xf,
                    binding == STB_LOCAL,
                    binding == STB_WEAK,
                    section,
                    value,
                    size));
        }
        return List.copyOf(symbols);
    }

    private static List<Relocation> relocations(Section table, List<Symbol> symbols) throws FaultException {
        List<Relocation> relocations = new ArrayList<>();
        Bytes data = table.data();
        for (long at = 0; at + REL_BYTES <= data.length(); at += REL_BYTES) {
            long symbol = data.unsigned(at + 12);
            if (symbol >= symbols.size()) {
                throw FaultException.malformed(
                        "a relocation of " + table.name() + " names symbol " + symbol + " of " + symbols.size());
            }
            relocations.add(new Relocation(data.u64(at), data.u32(at + 8), symbols.get((int) symbol)));
        }
        return relocations;
    }

    private static Section at(List<Section> sections, int index) throws FaultException {
        if (index < 0 || index >= sections.size()) {
            throw FaultException.malformed(
                    "a section refers to section " + Integer.toUnsignedString(index) + " of " + sections.size());
        }
        return sections.get(index);
    }
}
