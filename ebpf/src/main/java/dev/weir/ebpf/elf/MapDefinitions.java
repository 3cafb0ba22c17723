package dev.weir.ebpf.elf;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.BtfType;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.MapType;
import dev.weir.ebpf.parse.FaultException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Maps as variables of {@code .maps}, whose anonymous struct types carry everything:
 *
 * <pre>{@code
 * struct {
 *     __uint(type, BPF_MAP_TYPE_HASH);   // int (*type)[BPF_MAP_TYPE_HASH]
 *     __type(key, __u32);                // typeof(__u32) *key
 *     __type(value, struct counter);
 *     __uint(max_entries, 1024);
 * } counters SEC(".maps");
 * }</pre>
 *
 * @see <a href="https://docs.kernel.org/bpf/libbpf/libbpf_overview.html">libbpf overview</a>
 */
final class MapDefinitions {
    /** The kernel nests maps no deeper than this. */
    private static final String INNER = ".inner";

    private static final int PIN_NONE = 0;
    private static final int PIN_BY_NAME = 1;

    private final ElfFile elf;
    private final Btf btf;
    private final ElfFile.Section section;

    MapDefinitions(ElfFile elf, Btf btf, ElfFile.Section section) {
        this.elf = elf;
        this.btf = btf;
        this.section = section;
    }

    List<MapSpec> read(MapSymbols symbols) throws FaultException {
        BtfType.DataSection variables = btf.find(BtfType.DataSection.class, section.name())
                .orElseThrow(() -> FaultException.malformed("BTF says nothing of the section " + section.name()));
        List<MapSpec> maps = new ArrayList<>();
        for (BtfType.Placed placed : variables.variables()) {
            if (!(btf.type(placed.variable()) instanceof BtfType.Variable variable)
                    || !(btf.resolve(variable.type()) instanceof BtfType.Struct definition)) {
                throw FaultException.malformed("something in .maps is no variable of a struct type");
            }
            symbols.addDefinition(section.index(), placed.offset(), variable.name());
            maps.add(new Definition(variable.name()).read(definition));
        }
        // Slots name other maps, so all must be known.
        for (int i = 0; i < maps.size(); i++) {
            MapSpec map = maps.get(i);
            maps.set(i, map.withReferences(references(variables.variables().get(i), map, symbols)));
        }
        return maps;
    }

    /** What {@code .values = { [0] = &inner }} puts into the slots of a map, as relocations of {@code .maps} say. */
    private Map<Integer, String> references(BtfType.Placed placed, MapSpec map, MapSymbols symbols)
            throws FaultException {
        Map<Integer, String> references = new HashMap<>();
        long slots = placed.offset() + valuesOffset(placed);
        for (ElfFile.Relocation relocation : elf.relocationsOf(section)) {
            if (relocation.offset() < placed.offset() || relocation.offset() >= placed.offset() + placed.sizeBytes()) {
                continue;
            }
            long slot = (relocation.offset() - slots) / Long.BYTES;
            if (relocation.offset() < slots || slot >= Integer.toUnsignedLong(map.maxEntries())) {
                throw FaultException.malformed("the map " + map.name() + " has no slot " + slot);
            }
            ElfFile.Symbol symbol = relocation.symbol();
            String name = symbols.defined(symbol.section(), symbol.value());
            if (name == null && symbol.type() == ElfFile.STT_FUNC) {
                name = symbol.name();
            }
            if (name == null) {
                throw FaultException.malformed("slot " + slot + " of " + map.name() + " is neither map nor program");
            }
            references.put((int) slot, name);
        }
        return references;
    }

    private long valuesOffset(BtfType.Placed placed) {
        if (btf.type(placed.variable()) instanceof BtfType.Variable variable
                && btf.resolve(variable.type()) instanceof BtfType.Struct definition) {
            for (BtfType.Member member : definition.members()) {
                if (member.name().equals("values")) {
                    return member.bitOffset() / Byte.SIZE;
                }
            }
        }
        return 0;
    }

    /** One map while its members are read. */
    private final class Definition {
        private final String name;
        private int type;
        private long keySize;
        private long valueSize;
        private int maxEntries;
        private int flags;
        private int keyType;
        private int valueType;
        private long extra;
        private int pinning;
        private @Nullable MapSpec inner;

        Definition(String name) {
            this.name = name;
        }

        MapSpec read(BtfType.Struct definition) throws FaultException {
            for (BtfType.Member member : definition.members()) {
                member(member);
            }
            MapType known = MapType.ofNumber(type);
            if (known == null) {
                throw FaultException.unsupported("the map " + name + " is of the unknown type " + type);
            }
            if (pinning != PIN_NONE && pinning != PIN_BY_NAME) {
                throw FaultException.unsupported("the map " + name + " asks for pinning " + pinning);
            }
            return new MapSpec(
                    name,
                    known,
                    size(keySize),
                    size(valueSize),
                    maxEntries,
                    flags,
                    keyType,
                    valueType,
                    extra,
                    pinning == PIN_BY_NAME,
                    inner,
                    new byte[0],
                    false,
                    Map.of());
        }

        private void member(BtfType.Member member) throws FaultException {
            switch (member.name()) {
                case "type" -> type = number(member);
                case "max_entries" -> maxEntries = number(member);
                case "map_flags" -> flags = number(member);
                case "pinning" -> pinning = number(member);
                case "map_extra" -> extra = wide(member);
                case "key_size" -> keySize = number(member);
                case "value_size" -> valueSize = number(member);
                case "key" -> {
                    keyType = pointed(member);
                    keySize = sizeOf(member, keyType);
                }
                case "value" -> {
                    valueType = pointed(member);
                    valueSize = sizeOf(member, valueType);
                }
                case "values" -> values(member);
                default -> throw FaultException.unsupported("the map " + name + " has a member " + member.name());
            }
        }

        /** {@code __array(values, struct inner)} for maps of maps, {@code __array(values, int (void *))} for programs. */
        private void values(BtfType.Member member) throws FaultException {
            if (btf.resolve(member.type()) instanceof BtfType.Array array
                    && btf.resolve(array.element()) instanceof BtfType.Pointer element) {
                valueSize = Integer.BYTES;
                BtfType held = btf.resolve(element.target());
                if (held instanceof BtfType.Struct definition && !name.contains(INNER)) {
                    inner = new Definition(name + INNER).read(definition);
                } else if (!(held instanceof BtfType.Prototype)) {
                    throw FaultException.malformed("the map " + name + " holds neither maps nor programs");
                }
            } else {
                throw FaultException.malformed("values of the map " + name + " are no array of pointers");
            }
        }

        private int number(BtfType.Member member) throws FaultException {
            if (btf.resolve(member.type()) instanceof BtfType.Pointer pointer
                    && btf.resolve(pointer.target()) instanceof BtfType.Array array) {
                return (int) array.count();
            }
            throw FaultException.malformed(member.name() + " of the map " + name + " is no __uint");
        }

        /** {@code __ulong(map_extra, 1UL << 44)}: the only constant of an enumeration, or a {@code __uint}. */
        private long wide(BtfType.Member member) throws FaultException {
            return btf.resolve(member.type()) instanceof BtfType.Enumeration enumeration
                            && enumeration.constants().size() == 1
                    ? enumeration.constants().getFirst().value()
                    : Integer.toUnsignedLong(number(member));
        }

        private int pointed(BtfType.Member member) throws FaultException {
            if (btf.resolve(member.type()) instanceof BtfType.Pointer pointer) {
                return pointer.target();
            }
            throw FaultException.malformed(member.name() + " of the map " + name + " is no __type");
        }

        private long sizeOf(BtfType.Member member, int typeId) throws FaultException {
            OptionalLong size = btf.sizeOf(typeId);
            if (size.isEmpty()) {
                throw FaultException.malformed(member.name() + " of the map " + name + " has a type without size");
            }
            return size.getAsLong();
        }

        private int size(long bytes) throws FaultException {
            if (bytes < 0 || bytes > Integer.MAX_VALUE) {
                throw FaultException.malformed("the map " + name + " has keys or values of " + bytes + " bytes");
            }
            return (int) bytes;
        }
    }
}
