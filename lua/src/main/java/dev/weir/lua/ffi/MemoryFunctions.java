package dev.weir.lua.ffi;

import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaString;
import dev.weir.lua.Values;
import java.util.Arrays;

/** {@code ffi.string}, {@code ffi.copy} and {@code ffi.fill}. */
final class MemoryFunctions {
    private static final CType CONST_VOID_POINTER = CType.pointerTo(CType.VOID.qualified(true, false));

    private MemoryFunctions() {}

    static Object string(FfiWorld world, LuaArgs arguments) {
        boolean counted = !arguments.isNil(2);
        CType wanted = counted ? CONST_VOID_POINTER : CType.CONST_CHAR_POINTER;
        if (arguments.get(1) instanceof LuaString string && !counted) {
            return world.stringAt(CPointer.toCopy(string.octets()));
        }
        CPointer pointer = pointer(world, wanted, arguments, 1);
        if (!counted) {
            return world.stringAt(pointer);
        }
        CPointer start = world.addresses().accessible(pointer);
        int length = world.integer(arguments, 2);
        return LuaString.owning(CConversion.memoryOf(start).toOctets(start.offset(), length));
    }

    static Values copy(FfiWorld world, LuaArgs arguments) {
        CPointer target = pointer(world, CType.VOID_POINTER, arguments, 1);
        CPointer source = pointer(world, CONST_VOID_POINTER, arguments, 2);
        long length;
        if (arguments.get(2) instanceof LuaString string && arguments.isNil(3)) {
            length = string.length() + 1L;
        } else {
            length = world.integer(arguments, 3);
        }
        CPointer to = world.addresses().accessible(target);
        CPointer from = world.addresses().accessible(source);
        CConversion.memoryOf(to).copyFrom(CConversion.memoryOf(from), from.offset(), to.offset(), length);
        return Values.NONE;
    }

    static Values fill(FfiWorld world, LuaArgs arguments) {
        CPointer target = pointer(world, CType.VOID_POINTER, arguments, 1);
        int length = world.integer(arguments, 2);
        int octet = arguments.isNil(3) ? 0 : world.integer(arguments, 3);
        CPointer to = world.addresses().accessible(target);
        CMemory memory = CConversion.memoryOf(to);
        if (length < 0 || length > memory.size()) {
            throw new CFault("attempt to access memory out of bounds");
        }
        byte[] octets = new byte[length];
        Arrays.fill(octets, (byte) octet);
        memory.put(to.offset(), octets, length);
        return Values.NONE;
    }

    private static CPointer pointer(FfiWorld world, CType wanted, LuaArgs arguments, int index) {
        Object value = arguments.any(index);
        try {
            return world.conversion().toPointer(wanted, value, false);
        } catch (CFault fault) {
            throw arguments.argumentError(index, fault.getMessage());
        }
    }
}
