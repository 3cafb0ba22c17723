package dev.weir.lua.ffi;

import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Metamethod;
import dev.weir.lua.Values;
import org.jspecify.annotations.Nullable;

/** {@code object.field} and {@code object[number]}, read and written. A pointer to a struct is followed for fields. */
final class CIndexing {
    private final FfiWorld world;

    CIndexing(FfiWorld world) {
        this.world = world;
    }

    /** What {@code ffi.metatype} gave the type of a value for an event. */
    static @Nullable Object handler(@Nullable Object value, Metamethod event) {
        if (!(value instanceof CData data) || data.isType()) {
            return null;
        }
        CType type = data.type().isPointer() ? data.type().element() : data.type();
        LuaTable metatable = type.record == null ? null : type.record.metatable();
        return metatable == null ? null : metatable.get(event.key());
    }

    @Nullable Object get(CData data, @Nullable Object key) {
        if (key instanceof LuaString name) {
            return getField(data, name);
        }
        CPointer element = element(data, key);
        CType type = data.type().element();
        return world.conversion().load(type, CConversion.memoryOf(element), element.offset());
    }

    private @Nullable Object getField(CData data, LuaString name) {
        CRecord.Field field = field(data, name);
        if (field == null) {
            Object handler = handler(data, Metamethod.INDEX);
            if (handler instanceof LuaFunction function) {
                return Values.first(function.call(data, name));
            }
            if (handler == null) {
                throw noMember(data, name);
            }
            Object value = LuaOperators.index(world.state(), handler, name);
            if (value == null) {
                throw noMember(data, name);
            }
            return value;
        }
        CPointer place = world.addresses().accessible(data.place()).plus(field.offset());
        CMemory memory = CConversion.memoryOf(place);
        if (field.bits() > 0) {
            return world.conversion().toLua(field.type(), BitFields.load(field, memory, place.offset()));
        }
        return world.conversion().load(field.type(), memory, place.offset());
    }

    void set(CData data, @Nullable Object key, @Nullable Object value) {
        if (key instanceof LuaString name) {
            setField(data, name, value);
            return;
        }
        CPointer element = element(data, key);
        CType type = data.type().element();
        requireWritable(type);
        world.conversion().store(type, CConversion.memoryOf(element), element.offset(), value);
    }

    private void setField(CData data, LuaString name, @Nullable Object value) {
        CRecord.Field field = field(data, name);
        if (field == null) {
            Object handler = handler(data, Metamethod.NEWINDEX);
            if (handler instanceof LuaFunction function) {
                function.call(data, name, value);
                return;
            }
            if (handler == null) {
                throw noMember(data, name);
            }
            LuaOperators.setIndex(world.state(), handler, name, value);
            return;
        }
        requireWritable(recordType(data));
        requireWritable(field.type());
        CPointer place = world.addresses().accessible(data.place()).plus(field.offset());
        CMemory memory = CConversion.memoryOf(place);
        if (field.bits() > 0) {
            BitFields.store(field, memory, place.offset(), world.conversion().toBits(field.type(), value, false));
        } else {
            world.conversion().store(field.type(), memory, place.offset(), value);
        }
    }

    private static void requireWritable(CType type) {
        if (type.isConst || type.kind == CType.Kind.ARRAY && type.element().isConst) {
            throw new CFault("attempt to write to constant location");
        }
    }

    private static CType recordType(CData data) {
        CType type = data.type();
        return type.isPointer() ? type.element() : type;
    }

    private static CRecord.@Nullable Field field(CData data, LuaString name) {
        CType type = recordType(data);
        return data.isType() || type.record == null ? null : type.record.field(name.toString());
    }

    private static CFault noMember(CData data, LuaString name) {
        return new CFault("'" + data.type() + "' has no member named '" + name + "'");
    }

    /** Where the element with a number lies. */
    private CPointer element(CData data, @Nullable Object key) {
        CType type = data.type();
        boolean number = key instanceof Double || key instanceof CData index && index.isInteger();
        if (data.isType() || !number || !type.isPointer() && type.kind != CType.Kind.ARRAY) {
            throw new CFault("'" + type + "' cannot be indexed with '" + CConversion.nameOf(key) + "'");
        }
        long size = type.element().size();
        if (size < 0) {
            throw new CFault("size of C type is unknown or too large");
        }
        long index = world.conversion().toBits(CType.INT64, key, false);
        if (type.kind == CType.Kind.ARRAY && type.count != CType.VARIABLE && (index < 0 || index >= type.count)) {
            throw new CFault("attempt to access memory out of bounds");
        }
        return world.addresses().accessible(data.place()).plus(index * size);
    }
}
