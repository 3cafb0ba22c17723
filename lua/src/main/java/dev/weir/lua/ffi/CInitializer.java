package dev.weir.lua.ffi;

import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import org.jspecify.annotations.Nullable;

/** Makes values of C, and fills structs, unions and arrays from values, tables and strings. */
final class CInitializer {
    private static final long MAX_SIZE = Integer.MAX_VALUE - 64;

    private final FfiWorld world;

    CInitializer(FfiWorld world) {
        this.world = world;
    }

    /**
     * A new value.
     *
     * @param elements of the part that varies; looked at only where the type has one
     */
    CData make(CType type, long elements, @Nullable Object[] values) {
        if (type.isNumber()) {
            long bits =
                    switch (values.length) {
                        case 0 -> 0;
                        case 1 -> world.conversion().toBits(type, values[0], false);
                        default -> throw tooMany(type);
                    };
            return CData.number(world, type, bits);
        }
        if (type.isPointer()) {
            CPointer pointer =
                    switch (values.length) {
                        case 0 -> CPointer.NULL;
                        case 1 -> world.conversion().toPointer(type, values[0], false);
                        default -> throw tooMany(type);
                    };
            return CData.pointer(world, type, pointer);
        }
        long size = type.isVariable() ? type.size(elements) : type.size();
        CMemory memory = new CMemory((int) checkedSize(type, size));
        initialize(type, memory, 0, size, values);
        return CData.aggregate(world, type, memory, 0);
    }

    private static long checkedSize(CType type, long size) {
        if (!type.isAggregate() || size < 0 || size > MAX_SIZE) {
            throw new CFault("size of C type is unknown or too large");
        }
        return size;
    }

    /** Assigns a value to a whole struct, union or array. */
    void assign(CType type, CMemory memory, long offset, @Nullable Object value) {
        if (!assignOne(type, memory, offset, type.size(), value)) {
            throw CConversion.cannotConvert(value, type);
        }
    }

    private void initialize(CType type, CMemory memory, long offset, long size, @Nullable Object[] values) {
        if (values.length == 0 || values.length == 1 && assignOne(type, memory, offset, size, values[0])) {
            return;
        }
        if (type.kind == CType.Kind.RECORD) {
            fields(type, memory, offset, size, values);
        } else if (values.length == 1 && values[0] instanceof LuaString) {
            throw CConversion.cannotConvert(values[0], type);
        } else {
            elements(type, memory, offset, size, values);
        }
    }

    /** A copy, a table, or a string for an array of characters; false where the value is none of these. */
    private boolean assignOne(CType type, CMemory memory, long offset, long size, @Nullable Object value) {
        return switch (value) {
            case LuaTable table -> {
                table(type, memory, offset, size, table);
                yield true;
            }
            case LuaString string
            when type.kind == CType.Kind.ARRAY && isCharacter(type.element()) -> {
                byte[] octets = string.octets();
                int count = (int) Math.min(octets.length, size);
                memory.put(offset, octets, count);
                if (count < size) {
                    memory.store(offset + count, 1, 0);
                }
                yield true;
            }
            case CData data
            when !data.isType() && isCopyOf(type, data) && size >= 0 -> {
                CPointer source = world.addresses().accessible(data.place());
                memory.copyFrom(CConversion.memoryOf(source), source.offset(), offset, size);
                yield true;
            }
            case null, default -> false;
        };
    }

    private static boolean isCopyOf(CType type, CData data) {
        CType from = data.type().isPointer() ? data.type().element() : data.type();
        return from.isAggregate() && type.sameAs(from);
    }

    private static boolean isCharacter(CType type) {
        return type.kind == CType.Kind.INTEGER && type.size() == 1;
    }

    private void fields(CType type, CMemory memory, long offset, long size, @Nullable Object[] values) {
        if (fill(type.record(), memory, offset, size, values, 0) < values.length) {
            throw tooMany(type);
        }
    }

    /** Fills fields in their order, those of nameless structs among them; returns the first value that is left. */
    private int fill(CRecord record, CMemory memory, long offset, long size, @Nullable Object[] values, int first) {
        int next = first;
        for (CRecord.Field field : record.fields()) {
            if (next == values.length) {
                break;
            }
            if (field.name().isEmpty()) {
                CRecord inner = field.type().record();
                next = fill(inner, memory, offset + field.offset(), inner.size(), values, next);
            } else {
                field(field, memory, offset, size, values[next++]);
            }
            if (record.isUnion()) {
                break;
            }
        }
        return next;
    }

    private void field(CRecord.Field field, CMemory memory, long offset, long size, @Nullable Object value) {
        long place = offset + field.offset();
        if (field.bits() > 0) {
            BitFields.store(field, memory, place, world.conversion().toBits(field.type(), value, false));
        } else if (field.type().isAggregate()) {
            long room = field.type().isVariable()
                    ? size - field.offset()
                    : field.type().size();
            initialize(field.type(), memory, place, room, new @Nullable Object[] {value});
        } else {
            world.conversion().store(field.type(), memory, place, value);
        }
    }

    /** One value fills all elements; several fill as many, and zeros the rest. */
    private void elements(CType type, CMemory memory, long offset, long size, @Nullable Object[] values) {
        CType element = type.element();
        long count = size / Math.max(1, element.size());
        if (values.length > count) {
            throw tooMany(type);
        }
        if (values.length == 1) {
            for (long i = 0; i < count; i++) {
                element(element, memory, offset + i * element.size(), values[0]);
            }
            return;
        }
        for (int i = 0; i < values.length; i++) {
            element(element, memory, offset + i * element.size(), values[i]);
        }
    }

    private void element(CType element, CMemory memory, long offset, @Nullable Object value) {
        if (element.isAggregate()) {
            initialize(element, memory, offset, element.size(), new @Nullable Object[] {value});
        } else {
            world.conversion().store(element, memory, offset, value);
        }
    }

    /** By place where the table has something at 0 or 1, otherwise by the names of fields. */
    private void table(CType type, CMemory memory, long offset, long size, LuaTable table) {
        int first = table.get(0) != null ? 0 : 1;
        boolean array = type.kind == CType.Kind.ARRAY;
        if (!array && table.get(first) == null) {
            named(type.record(), memory, offset, size, table);
            return;
        }
        long most = array ? size / Math.max(1, type.element().size()) : size;
        int count = 0;
        while (count <= most && table.get(first + count) != null) {
            count++;
        }
        @Nullable Object[] values = new @Nullable Object[count];
        for (int i = 0; i < count; i++) {
            values[i] = table.get(first + i);
        }
        if (!array) {
            fill(type.record(), memory, offset, size, values, 0);
        } else if (count == 1 && type.isVariable()) {
            element(type.element(), memory, offset, values[0]);
        } else if (count > 0) {
            elements(type, memory, offset, size, values);
        }
    }

    private void named(CRecord record, CMemory memory, long offset, long size, LuaTable table) {
        for (CRecord.Field field : record.fields()) {
            if (field.name().isEmpty()) {
                CRecord inner = field.type().record();
                named(inner, memory, offset + field.offset(), inner.size(), table);
                continue;
            }
            Object value = table.get(LuaString.of(field.name()));
            if (value != null) {
                field(field, memory, offset, size, value);
                if (record.isUnion()) {
                    return;
                }
            }
        }
    }

    private static CFault tooMany(CType type) {
        return new CFault("too many initializers for '" + type + "'");
    }
}
