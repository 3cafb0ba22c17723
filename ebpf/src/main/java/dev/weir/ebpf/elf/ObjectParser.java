package dev.weir.ebpf.elf;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.BtfType;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.MapType;
import dev.weir.ebpf.parse.FaultException;
import dev.weir.ebpf.parse.Parsed;
import dev.weir.ebpf.prog.ProgramSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From sections to specs: types first, then maps, then programs. */
final class ObjectParser {
    private static final String MAPS = ".maps";

    private final ElfFile elf;

    ObjectParser(ElfFile elf) {
        this.elf = elf;
    }

    ObjectSpec parse() throws FaultException {
        String license = license();
        Btf asWritten = btf();
        Externs externs = Externs.of(asWritten, elf);
        Btf btf = asWritten == null ? null : parsed(Btf.parse(DataSectionFix.apply(elf, asWritten, externs)));
        List<MapSpec> maps = new ArrayList<>();
        MapSymbols symbols = new MapSymbols();
        ElfFile.Section definitions = elf.section(MAPS);
        if (definitions != null) {
            if (btf == null) {
                throw FaultException.unsupported("maps are defined by BTF, which the object lacks (clang -g)");
            }
            maps.addAll(new MapDefinitions(elf, btf, definitions).read(symbols));
        }
        ElfFile.Section old = elf.section(OldMapDefinitions.SECTION);
        if (old != null) {
            maps.addAll(OldMapDefinitions.read(elf, old, symbols));
        }
        maps.addAll(dataMaps(btf, symbols));
        if (!externs.settings().isEmpty()) {
            maps.add(settingsMap(btf, externs));
        }
        List<ProgramSpec> programs =
                new ProgramLinker(elf, extension(btf), new References(btf, symbols, externs), license).link();
        return new ObjectSpec(license, btf, maps, programs, externs.settings());
    }

    private String license() throws FaultException {
        ElfFile.Section section = elf.section("license");
        return section == null || section.data().length() == 0
                ? ""
                : section.data().text(0);
    }

    private @Nullable Btf btf() throws FaultException {
        ElfFile.Section section = elf.section(".BTF");
        if (section == null) {
            return null;
        }
        return parsed(Btf.parse(section.data().copy()));
    }

    private static Btf parsed(Parsed<Btf> result) throws FaultException {
        return switch (result) {
            case Parsed.Ok<Btf> ok -> ok.value();
            case Parsed.Bad<Btf> bad ->
                throw new FaultException(bad.fault().kind(), bad.fault().detail());
        };
    }

    private BtfExtension extension(@Nullable Btf btf) throws FaultException {
        ElfFile.Section section = elf.section(".BTF.ext");
        ElfFile.Section strings = elf.section(".BTF");
        return section == null || btf == null || strings == null
                ? BtfExtension.NONE
                : BtfExtension.parse(section.data(), strings.data());
    }

    /** Each section of data becomes an array with one value; constants can not be changed by anyone once loaded. */
    private List<MapSpec> dataMaps(@Nullable Btf btf, MapSymbols symbols) throws FaultException {
        List<MapSpec> maps = new ArrayList<>();
        for (ElfFile.Section section : elf.sections()) {
            if (!isData(section) || section.sizeBytes() == 0) {
                continue;
            }
            if (section.sizeBytes() > Integer.MAX_VALUE) {
                throw FaultException.malformed("section " + section.name() + " has " + section.sizeBytes() + " bytes");
            }
            symbols.addData(section.index(), section.name());
            maps.add(dataMap(
                    section.name(),
                    (int) section.sizeBytes(),
                    section.name().startsWith(".rodata"),
                    btf,
                    section.data().copy()));
        }
        return maps;
    }

    private static MapSpec settingsMap(@Nullable Btf btf, Externs externs) {
        return dataMap(Externs.KERNEL_SETTINGS, externs.settingsBytes(), true, btf, new byte[externs.settingsBytes()]);
    }

    private static MapSpec dataMap(String name, int bytes, boolean constant, @Nullable Btf btf, byte[] contents) {
        return new MapSpec(
                name,
                MapType.ARRAY,
                Integer.BYTES,
                bytes,
                1,
                constant ? MapSpec.READ_ONLY_FOR_PROGRAMS : MapSpec.MMAPABLE,
                0,
                btf == null ? 0 : btf.idOf(BtfType.DataSection.class, name),
                0,
                false,
                null,
                contents,
                constant,
                Map.of());
    }

    private static boolean isData(ElfFile.Section section) {
        return (section.type() == ElfFile.SHT_PROGBITS || section.type() == ElfFile.SHT_NOBITS)
                && (section.flags() & ElfFile.SHF_ALLOC) != 0
                && (isNamed(section, ".rodata") || isNamed(section, ".data") || isNamed(section, ".bss"));
    }

    private static boolean isNamed(ElfFile.Section section, String name) {
        return section.name().equals(name) || section.name().startsWith(name + ".");
    }
}
