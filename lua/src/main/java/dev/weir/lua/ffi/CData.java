package dev.weir.lua.ffi;

import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaTable;
import dev.weir.lua.LuaUserdata;
import org.jspecify.annotations.Nullable;

/**
 * A value of C in a script's hands.
 *
 * <ul>
 *   <li>A number, {@code bool} or enum holds its bits: an integer extended to 64 bits, or those of a double.
 *   <li>A pointer holds a {@link CPointer}.
 *   <li>A struct, union or array is a place in memory; one inside another shares its memory.
 *   <li>A function holds what it calls.
 *   <li>A type, such as {@code ffi.typeof} returns it, holds nothing but itself.
 * </ul>
 */
public final class CData extends LuaUserdata {
    private final FfiWorld world;
    private final CType type;
    private final boolean typeItself;
    private final long bits;
    private final CPointer place;
    private final @Nullable ForeignFunction function;

    private CData(
            FfiWorld world,
            CType type,
            boolean typeItself,
            long bits,
            CPointer place,
            @Nullable ForeignFunction function) {
        this.world = world;
        this.type = type;
        this.typeItself = typeItself;
        this.bits = bits;
        this.place = place;
        this.function = function;
    }

    static CData number(FfiWorld world, CType type, long bits) {
        return new CData(world, type, false, bits, CPointer.NULL, null);
    }

    static CData pointer(FfiWorld world, CType type, CPointer pointer) {
        return new CData(world, type, false, 0, pointer, null);
    }

    /** A struct, union or array at a place; the type may be a reference to one. */
    static CData aggregate(FfiWorld world, CType type, CMemory memory, long offset) {
        return new CData(world, type, false, 0, new CPointer(memory, offset), null);
    }

    static CData function(FfiWorld world, CType type, ForeignFunction function) {
        return new CData(world, type, false, 0, CPointer.NULL, function);
    }

    static CData type(FfiWorld world, CType type) {
        return new CData(world, type, true, 0, CPointer.NULL, null);
    }

    /** Another object at the same place. */
    CData twin() {
        return new CData(world, type, typeItself, bits, place, function);
    }

    FfiWorld world() {
        return world;
    }

    /** Its type; of a type, that type. References are seen through. */
    CType type() {
        return type.dereferenced();
    }

    /** Its type as {@code tostring} shows it. */
    CType shownType() {
        return type;
    }

    /** Whether it is a type and no value. */
    boolean isType() {
        return typeItself;
    }

    /** The bits of a number. */
    long bits() {
        return bits;
    }

    /** Where a pointer points to, or where a struct, union or array lies. */
    CPointer place() {
        return place;
    }

    @Nullable ForeignFunction function() {
        return function;
    }

    /** Whether it is an integer of 64 bits. */
    public boolean isWideInteger() {
        return !typeItself && type().kind == CType.Kind.INTEGER && type().size() == 8;
    }

    /** Whether it is a number that can be taken for an integer. */
    public boolean isInteger() {
        return !typeItself && type().isInteger();
    }

    /** Whether it is an integer without a sign. */
    public boolean isUnsigned() {
        return type().unsigned;
    }

    /** An integer, extended to 64 bits. */
    public long toLong() {
        return bits;
    }

    @Override
    public @Nullable Double toNumber() {
        if (typeItself || !type().isNumber()) {
            return null;
        }
        return LuaNumber.box(CConversion.toDouble(type(), bits));
    }

    @Override
    public @Nullable LuaTable metatable() {
        return world.metatable();
    }

    @Override
    public String typeName() {
        return "cdata";
    }
}
