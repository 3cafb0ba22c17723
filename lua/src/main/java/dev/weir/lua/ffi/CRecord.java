package dev.weir.lua.ffi;

import dev.weir.lua.LuaTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A struct or union: its fields and where they lie, as the System V ABI lays them out.
 *
 * <pre>
 *   struct { char a; int b; int c : 3; int d : 5; }
 *
 *   | a |  padding  |       b       | c d ....      |
 *   0   1           4               8               12
 * </pre>
 */
final class CRecord {
    /**
     * One field.
     *
     * @param name empty for a struct or union whose fields count as those of the struct around it
     * @param offset octets from the start
     * @param bitOffset the lowest bit of a bit field, counted from the octet at {@code offset}
     * @param bits how many bits a bit field has; 0 for other fields
     */
    record Field(String name, CType type, long offset, int bitOffset, int bits) {
        Field shifted(long octets) {
            return new Field(name, type, offset + octets, bitOffset, bits);
        }
    }

    private final String tag;
    private final boolean union;
    private final Map<String, Field> byName = new HashMap<>();
    private final List<Field> fields = new ArrayList<>();

    private long size = CType.UNKNOWN;
    private int align = 1;
    private @Nullable CType variableElement;
    private @Nullable LuaTable metatable;

    CRecord(String tag, boolean union) {
        this.tag = tag;
        this.union = union;
    }

    String tag() {
        return tag;
    }

    boolean isUnion() {
        return union;
    }

    boolean isComplete() {
        return size != CType.UNKNOWN;
    }

    long size() {
        return size;
    }

    int align() {
        return align;
    }

    boolean isVariable() {
        return variableElement != null;
    }

    CType variableElement() {
        return variableElement == null ? CType.VOID : variableElement;
    }

    /** Its fields in the order of their declaration. */
    List<Field> fields() {
        return fields;
    }

    /** A field by its name, those of nameless structs inside too. */
    @Nullable Field field(String name) {
        return byName.get(name);
    }

    /** What a script gave it with {@code ffi.metatype}. */
    @Nullable LuaTable metatable() {
        return metatable;
    }

    void metatable(LuaTable changed) {
        metatable = changed;
    }

    /** A declared field, before it has a place. */
    record Declared(String name, CType type, int bits) {}

    /** Lays out the fields; {@code pack} bounds their alignment. */
    void complete(List<Declared> declared, int pack) {
        long endBits = 0;
        long mostBits = 0;
        for (Declared field : declared) {
            CType type = field.type();
            int fieldAlign = Math.min(type.align(), pack);
            align = Math.max(align, fieldAlign);
            long start = union ? 0 : endBits;
            endBits = field.bits() >= 0 ? placeBits(field, start) : place(field, start, fieldAlign);
            mostBits = Math.max(mostBits, endBits);
        }
        long octets = (mostBits + 7) / 8;
        size = variableElement == null ? (octets + align - 1) / align * align : octets;
    }

    /** A bit field lies inside one integer of its type; one without bits only ends the integer before it. */
    private long placeBits(Declared field, long start) {
        CType type = field.type();
        long unit = type.size() * 8;
        long first = start;
        if (field.bits() == 0 || first / unit != (first + field.bits() - 1) / unit) {
            first = (first + unit - 1) / unit * unit;
        }
        long offset = first / unit * type.size();
        add(new Field(field.name(), type, offset, (int) (first - offset * 8), field.bits()));
        return first + field.bits();
    }

    private long place(Declared field, long start, int fieldAlign) {
        CType type = field.type();
        long offset = (start + 8L * fieldAlign - 1) / (8L * fieldAlign) * fieldAlign;
        add(new Field(field.name(), type, offset, 0, 0));
        if (type.isVariable()) {
            variableElement = type.kind == CType.Kind.ARRAY
                    ? type.element()
                    : type.record().variableElement();
        }
        return 8 * (offset + Math.max(0, type.size()));
    }

    private void add(Field field) {
        if (field.name().isEmpty()) {
            if (field.type().kind == CType.Kind.RECORD) {
                fields.add(field);
                for (Field inner : field.type().record().byName.values()) {
                    byName.putIfAbsent(inner.name(), inner.shifted(field.offset()));
                }
            }
            return;
        }
        fields.add(field);
        byName.putIfAbsent(field.name(), field);
    }
}
