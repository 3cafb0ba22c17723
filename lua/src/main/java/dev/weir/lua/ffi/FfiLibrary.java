package dev.weir.lua.ffi;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.LuaUserdata;
import dev.weir.lua.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The library {@code ffi}, which scripts get by {@code require "ffi"}.
 *
 * <p>An embedder keeps the object to register functions, and to make the pointers that it passes to scripts.
 */
public final class FfiLibrary extends LuaUserdata {
    private static final String KEY = "_FFI";

    private final LuaState state;
    private final boolean nativeAccess;
    private @Nullable FfiWorld world;
    private @Nullable Runnable prepared;

    private FfiLibrary(LuaState state, boolean nativeAccess) {
        this.state = state;
        this.nativeAccess = nativeAccess;
    }

    /**
     * Makes the library known in a world; nothing more happens until somebody uses it.
     *
     * @param preload where {@code require} finds the function that makes it
     * @param nativeAccess whether scripts may call the C library's functions and read the memory that those return
     */
    public static FfiLibrary open(LuaState state, LuaTable preload, boolean nativeAccess) {
        FfiLibrary library = new FfiLibrary(state, nativeAccess);
        state.registry().put(state.name(KEY), library);
        preload.put(state.name("ffi"), state.function("ffi", new Loader(library)));
        return library;
    }

    /**
     * The library of a world.
     *
     * @throws IllegalStateException where it was not opened
     */
    public static FfiLibrary of(LuaState state) {
        if (state.registry().get(state.name(KEY)) instanceof FfiLibrary library) {
            return library;
        }
        throw new IllegalStateException("this world has no ffi");
    }

    /** Calls the functions that scripts arranged with {@code ffi.gc} and that were not called yet: for the end of a program. */
    public void finish() {
        if (world != null) {
            world.finalizers().runAll();
        }
    }

    FfiWorld made() {
        return world();
    }

    private FfiWorld world() {
        if (world == null) {
            world = new FfiWorld(state, nativeAccess);
        }
        return world;
    }

    /** Has something done before scripts first get the library: an embedder declares and registers what it has only then. */
    public void whenFirstUsed(Runnable preparation) {
        prepared = preparation;
    }

    /** Adds a function that scripts find in {@code ffi.C} once they, or {@link #declare}, have declared it. */
    public FfiLibrary register(String name, ForeignFunction function) {
        world().function(name, function);
        return this;
    }

    /**
     * Declares types and functions as {@code ffi.cdef} does.
     *
     * @throws IllegalArgumentException with the parser's message
     */
    public FfiLibrary declare(String declarations) {
        try {
            new CParser(declarations, world().declarations(), List.of()).declarations();
        } catch (CFault fault) {
            throw new IllegalArgumentException(fault.getMessage(), fault);
        }
        return this;
    }

    /** A pointer as scripts see it, such as {@code struct packet *}. */
    public CData pointer(String type, CPointer pointer) {
        return CData.pointer(world(), world().type(type), pointer);
    }

    /** An integer of 64 bits. */
    public CData integer(long bits, boolean unsigned) {
        return CData.number(world(), unsigned ? CType.UINT64 : CType.INT64, bits);
    }

    /** As {@link #whenFirstUsed} has it, if that was not done yet. */
    public void prepare() {
        Runnable preparation = prepared;
        if (preparation != null) {
            prepared = null;
            preparation.run();
        }
    }

    private record Loader(FfiLibrary owner) implements LibraryFunction.Body {
        @Override
        public Object call(LuaState state, LuaArgs arguments) {
            owner.prepare();
            return library(owner.world());
        }
    }

    private static LuaTable library(FfiWorld world) {
        LuaState state = world.state();
        LuaTable library = new LuaTable(0, 32);
        for (Function function : Function.values()) {
            state.register(library, function.luaName, new Bound(world, function));
        }
        library.put(state.name("C"), new CLibrary(world));
        if (state.globals().get(state.name("jit")) instanceof LuaTable jit) {
            library.put(state.name("os"), jit.get(state.name("os")));
            library.put(state.name("arch"), jit.get(state.name("arch")));
        }
        return library;
    }

    private enum Function {
        ABI,
        ALIGNOF,
        CAST,
        CDEF,
        COPY,
        ERRNO,
        FILL,
        GC,
        ISTYPE,
        LOAD,
        METATYPE,
        NEW,
        OFFSETOF,
        SIZEOF,
        STRING,
        TYPEINFO,
        TYPEOF;

        private final String luaName = name().toLowerCase(Locale.ROOT);
    }

    private record Bound(FfiWorld world, Function function) implements LibraryFunction.Body {
        @Override
        public @Nullable Object call(LuaState state, LuaArgs arguments) {
            try {
                return run(state, arguments);
            } catch (CFault fault) {
                throw state.error(fault.getMessage());
            } catch (ArithmeticException overflow) {
                throw state.error("size of C type is unknown or too large");
            } catch (OutOfMemoryError none) {
                throw new LuaError("not enough memory");
            }
        }

        private @Nullable Object run(LuaState state, LuaArgs arguments) {
            return switch (function) {
                case ABI -> abi(arguments.string(1));
                case ALIGNOF -> LuaNumber.box(type(arguments, 1).align());
                case CAST -> cast(arguments);
                case CDEF -> {
                    parser(arguments).declarations();
                    yield Values.NONE;
                }
                case COPY -> MemoryFunctions.copy(world, arguments);
                case ERRNO -> errno(arguments);
                case FILL -> MemoryFunctions.fill(world, arguments);
                case GC -> collected(arguments);
                case ISTYPE -> isType(arguments);
                case LOAD -> load(state, arguments);
                case METATYPE -> metatype(arguments);
                case NEW -> make(arguments);
                case OFFSETOF -> offset(arguments);
                case SIZEOF -> size(arguments);
                case STRING -> MemoryFunctions.string(world, arguments);
                case TYPEINFO -> new LuaTable();
                case TYPEOF -> CData.type(world, type(arguments, 1, true));
            };
        }

        // ---- types

        private CType type(LuaArgs arguments, int index) {
            return type(arguments, index, false);
        }

        /** The type that an argument is, has or names; with parameters for each {@code $} behind it. */
        private CType type(LuaArgs arguments, int index, boolean parameters) {
            return switch (arguments.get(index)) {
                case CData data -> data.type();
                case LuaString text
                when parameters && arguments.count() > index ->
                    parser(arguments).typeName();
                case LuaString text -> world.type(text.toString());
                case null, default -> throw arguments.typeError(index, "C type");
            };
        }

        private CParser parser(LuaArgs arguments) {
            List<Object> parameters = new ArrayList<>();
            for (int i = 2; i <= arguments.count(); i++) {
                Object given = arguments.get(i);
                parameters.add(given instanceof CData data ? data.type() : given == null ? "nil" : given);
            }
            return new CParser(arguments.string(1).toString(), world.declarations(), parameters);
        }

        private @Nullable Object size(LuaArgs arguments) {
            CType type = type(arguments, 1);
            if (arguments.get(1) instanceof CData data
                    && !data.isType()
                    && data.place().memory() != null
                    && type.isAggregate()) {
                return LuaNumber.box(
                        (double) (type.isVariable() ? data.place().memory().size() : type.size()));
            }
            if (type.isVariable()) {
                return LuaNumber.box((double) type.size(world.integer(arguments, 2)));
            }
            return type.size() < 0 ? Values.of(new @Nullable Object[] {null}) : LuaNumber.box((double) type.size());
        }

        private @Nullable Object offset(LuaArgs arguments) {
            CType type = type(arguments, 1);
            LuaString name = arguments.string(2);
            CRecord.Field field = type.record == null ? null : type.record.field(name.toString());
            if (field == null) {
                return Values.NONE;
            }
            Double offset = LuaNumber.box((double) field.offset());
            return field.bits() == 0
                    ? offset
                    : Values.of(offset, LuaNumber.box(field.bitOffset()), LuaNumber.box(field.bits()));
        }

        private Object isType(LuaArgs arguments) {
            CType type = type(arguments, 1);
            if (!(arguments.any(2) instanceof CData data) || data.isType()) {
                return false;
            }
            CType its = data.type();
            boolean followed =
                    type.kind == CType.Kind.RECORD && its.isPointer() && its.element().kind == CType.Kind.RECORD;
            return type.sameAs(followed ? its.element() : its);
        }

        private Object metatype(LuaArgs arguments) {
            CType type = type(arguments, 1);
            LuaTable metatable = arguments.table(2);
            if (type.record == null) {
                throw arguments.argumentError(1, "invalid C type");
            }
            if (type.record.metatable() != null) {
                throw new CFault("cannot change a protected metatable");
            }
            type.record.metatable(metatable);
            return CData.type(world, type);
        }

        // ---- values

        private Object make(LuaArgs arguments) {
            CType type = type(arguments, 1);
            if (type.size() < 0 && !type.isVariable()) {
                throw arguments.argumentError(1, "size of C type is unknown or too large");
            }
            return world.make(type, arguments.from(2), 2);
        }

        private Object cast(LuaArgs arguments) {
            CType type = type(arguments, 1);
            Object value = arguments.any(2);
            if (type.isNumber()) {
                return CData.number(world, type, world.conversion().toBits(type, value, true));
            }
            if (type.isPointer()) {
                return CData.pointer(world, type, world.conversion().toPointer(type, value, true));
            }
            throw arguments.argumentError(1, "invalid C type");
        }

        private @Nullable Object collected(LuaArgs arguments) {
            if (!(arguments.get(1) instanceof CData data)) {
                throw arguments.typeError(1, "cdata");
            }
            if (data.isType() || !data.type().isAggregate() && !data.type().isPointer()) {
                throw arguments.argumentError(1, "invalid C type");
            }
            Object finalizer = arguments.any(2);
            world.finalizers().set(data, finalizer);
            return data;
        }

        private Object errno(LuaArgs arguments) {
            int before = world.errorNumber();
            if (!arguments.isNil(1)) {
                world.errorNumber(world.integer(arguments, 1));
            }
            return LuaNumber.box(before);
        }

        private static Object abi(LuaString name) {
            return switch (name.toString()) {
                case "64bit", "le", "fpu", "hardfp", "gc64" -> true;
                default -> false;
            };
        }

        private Object load(LuaState state, LuaArgs arguments) {
            String name = arguments.string(1).toString();
            String file = name.contains("/") ? name : "lib" + name + ".so";
            throw state.error(file + ": cannot open shared object file: No such file or directory");
        }
    }
}
