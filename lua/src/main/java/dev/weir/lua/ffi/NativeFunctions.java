package dev.weir.lua.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Functions of the C library, called through the foreign function API. A handle is made once for each function; {@code errno} is taken
 * along with each call, before anything else on the thread can change it.
 *
 * <p>A native function does not know the bounds of what it gets: a script that may call native functions can do whatever the process can.
 */
final class NativeFunctions {
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final FfiWorld world;
    private final Map<String, ForeignFunction> known = new HashMap<>();

    NativeFunctions(FfiWorld world) {
        this.world = world;
    }

    /** A function by its name; null where the C library has none. */
    @Nullable ForeignFunction find(String name, CType type) {
        ForeignFunction function = known.get(name);
        if (function == null) {
            Optional<MemorySegment> address =
                    Linker.nativeLinker().defaultLookup().find(name);
            if (address.isEmpty()) {
                return null;
            }
            function = bind(address.get(), type);
            known.put(name, function);
        }
        return function;
    }

    private ForeignFunction bind(MemorySegment address, CType type) {
        CType.Signature signature = type.signature();
        if (signature.variadic()) {
            return (state, arguments) -> {
                List<CType> types = new ArrayList<>();
                for (int i = 0; i < arguments.count(); i++) {
                    types.add(arguments.type(i));
                }
                int fixed = signature.parameters().size();
                return call(handle(address, type.element(), types, fixed), types, arguments);
            };
        }
        MethodHandle handle = handle(address, type.element(), signature.parameters(), -1);
        return (state, arguments) -> call(handle, signature.parameters(), arguments);
    }

    @SuppressWarnings("restricted") // only worlds that were opened with native access get here
    private static MethodHandle handle(MemorySegment address, CType result, List<CType> types, int fixed) {
        MemoryLayout[] layouts = new MemoryLayout[types.size()];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = layout(types.get(i));
        }
        FunctionDescriptor descriptor = result.kind == CType.Kind.VOID
                ? FunctionDescriptor.ofVoid(layouts)
                : FunctionDescriptor.of(layout(result), layouts);
        Linker.Option errno = Linker.Option.captureCallState("errno");
        Linker linker = Linker.nativeLinker();
        return fixed < 0
                ? linker.downcallHandle(address, descriptor, errno)
                : linker.downcallHandle(address, descriptor, errno, Linker.Option.firstVariadicArg(fixed));
    }

    private static MemoryLayout layout(CType type) {
        return switch (type.kind) {
            case BOOL -> ValueLayout.JAVA_BOOLEAN;
            case POINTER, REFERENCE -> ValueLayout.ADDRESS;
            case FLOAT -> {
                if (type.size() > 8) {
                    throw new CFault("unsupported C type conversion: 'long double'");
                }
                yield type.size() == 4 ? ValueLayout.JAVA_FLOAT : ValueLayout.JAVA_DOUBLE;
            }
            case INTEGER, ENUM ->
                switch ((int) type.size()) {
                    case 1 -> ValueLayout.JAVA_BYTE;
                    case 2 -> ValueLayout.JAVA_SHORT;
                    case 4 -> ValueLayout.JAVA_INT;
                    default -> ValueLayout.JAVA_LONG;
                };
            default -> throw new CFault("NYI: passing '" + type + "' by value to a native function");
        };
    }

    private @Nullable Object call(MethodHandle handle, List<CType> types, ForeignArguments arguments) {
        // What the arguments point to is held here until the call has returned.
        List<CMemory> held = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            List<@Nullable Object> values = new ArrayList<>(types.size() + 1);
            values.add(state);
            for (int i = 0; i < types.size(); i++) {
                values.add(argument(types.get(i), arguments, i, held));
            }
            Object returned = handle.invokeWithArguments(values);
            world.errorNumber((int) ERRNO.get(state, 0L));
            return returned(returned);
        } catch (RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            Reference.reachabilityFence(held);
        }
    }

    private Object argument(CType type, ForeignArguments arguments, int index, List<CMemory> held) {
        if (type.isPointer()) {
            return address(arguments.pointer(index), held);
        }
        if (type.kind == CType.Kind.FLOAT) {
            double number = arguments.number(index);
            return type.size() == 4 ? (Object) (float) number : (Object) number;
        }
        long bits = arguments.integer(index);
        if (type.kind == CType.Kind.BOOL) {
            return bits != 0;
        }
        return switch ((int) type.size()) {
            case 1 -> (Object) (byte) bits;
            case 2 -> (Object) (short) bits;
            case 4 -> (Object) (int) bits;
            default -> (Object) bits;
        };
    }

    private MemorySegment address(CPointer pointer, List<CMemory> held) {
        CMemory memory = pointer.memory();
        if (memory == null || memory instanceof ForeignMemory) {
            return MemorySegment.ofAddress(pointer.offset());
        }
        if (memory.owner() != null) {
            throw new CFault("NYI: passing an object of Java to a native function");
        }
        held.add(memory);
        return MemorySegment.ofAddress(memory.toNative(world.addresses()).address() + pointer.offset());
    }

    private @Nullable Object returned(@Nullable Object value) {
        return switch (value) {
            case MemorySegment segment -> world.addresses().pointer(segment.address());
            case Float number -> number.doubleValue();
            case Byte number -> number.longValue();
            case Short number -> number.longValue();
            case null, default -> value;
        };
    }
}
