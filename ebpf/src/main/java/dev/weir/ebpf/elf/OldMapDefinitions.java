package dev.weir.ebpf.elf;

import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.MapType;
import dev.weir.ebpf.parse.Bytes;
import dev.weir.ebpf.parse.FaultException;
import java.util.ArrayList;
import java.util.List;

/**
 * Maps as variables of a section {@code maps}, the form before BTF. Older objects have it, and those compiled without {@code -g}.
 *
 * <pre>{@code
 * struct bpf_map_def {
 *     __u32 type;         //  0
 *     __u32 key_size;     //  4
 *     __u32 value_size;   //  8
 *     __u32 max_entries;  // 12
 *     __u32 map_flags;    // 16
 * };                      // what follows is iproute2's
 * }</pre>
 */
final class OldMapDefinitions {
    static final String SECTION = "maps";

    private static final int DEFINITION_BYTES = 20;

    private OldMapDefinitions() {}

    static List<MapSpec> read(ElfFile elf, ElfFile.Section section, MapSymbols symbols) throws FaultException {
        List<MapSpec> maps = new ArrayList<>();
        for (ElfFile.Symbol symbol : elf.symbols()) {
            if (symbol.section() == section.index() && symbol.type() != ElfFile.STT_SECTION) {
                Bytes definition = section.data().slice(symbol.value(), symbol.sizeBytes(), "the map " + symbol.name());
                symbols.addDefinition(section.index(), symbol.value(), symbol.name());
                maps.add(map(symbol.name(), definition));
            }
        }
        return maps;
    }

    private static MapSpec map(String name, Bytes definition) throws FaultException {
        MapType type = MapType.ofNumber(definition.u32(0));
        if (type == null) {
            throw FaultException.unsupported("the map " + name + " is of the unknown type " + definition.u32(0));
        }
        if (type.holdsMaps()) {
            throw FaultException.unsupported("the map " + name + " holds maps, which this form does not describe");
        }
        for (long at = DEFINITION_BYTES; at < definition.length(); at++) {
            if (definition.u8(at) != 0) {
                throw FaultException.unsupported(
                        "the definition of the map " + name + " says what only iproute2 knows");
            }
        }
        int keySize = definition.u32(4);
        int valueSize = definition.u32(8);
        if (keySize < 0 || valueSize < 0) {
            throw FaultException.malformed("the map " + name + " has keys or values of more than 2 GB");
        }
        return new MapSpec(name, type, keySize, valueSize, definition.u32(12)).withFlags(definition.u32(16));
    }
}
