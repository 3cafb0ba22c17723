package dev.weir.lua.standard;

import dev.weir.lua.LuaLimits;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaStreams;
import dev.weir.lua.compile.BytecodeCompiler;
import dev.weir.lua.ffi.FfiLibrary;
import dev.weir.lua.interpret.HotCode;
import dev.weir.lua.interpret.Interpreter;
import dev.weir.lua.library.BaseLibrary;
import dev.weir.lua.library.BitwiseLibrary;
import dev.weir.lua.library.CoroutineLibrary;
import dev.weir.lua.library.DebugLibrary;
import dev.weir.lua.library.IoLibrary;
import dev.weir.lua.library.JitLibrary;
import dev.weir.lua.library.MathLibrary;
import dev.weir.lua.library.Modules;
import dev.weir.lua.library.OsLibrary;
import dev.weir.lua.library.PackageLibrary;
import dev.weir.lua.library.StringLibrary;
import dev.weir.lua.library.TableLibrary;
import dev.weir.lua.syntax.WideIntegers;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import org.jspecify.annotations.Nullable;

/** Makes worlds with the standard libraries. */
public final class StandardLua {
    private static final int BUFFER_OCTETS = 8192;

    private StandardLua() {}

    /** A world that uses the process's own streams and may use up whatever it likes but depth. */
    public static LuaState open() {
        return open(processStreams(), LuaLimits.GENEROUS, true);
    }

    /** A world with the standard libraries, whose scripts call no native functions. */
    public static LuaState open(LuaStreams streams, LuaLimits limits) {
        return open(streams, limits, false);
    }

    /**
     * A world with the standard libraries.
     *
     * @param nativeAccess whether scripts may call the C library's functions with {@code ffi}
     */
    public static LuaState open(LuaStreams streams, LuaLimits limits, boolean nativeAccess) {
        return open(streams, limits, nativeAccess, new BytecodeCompiler());
    }

    /** A world with the standard libraries and its own way to make code of what is hot. */
    static LuaState open(LuaStreams streams, LuaLimits limits, boolean nativeAccess, HotCode hotCode) {
        LuaState state = new LuaState(streams, limits);
        FfiLibrary ffi = FfiLibrary.open(state, Modules.preload(state), nativeAccess);
        state.loader(new Interpreter(state, new FfiIntegers(ffi), hotCode));
        BaseLibrary.open(state);
        PackageLibrary.open(state);
        CoroutineLibrary.open(state);
        StringLibrary.open(state);
        TableLibrary.open(state);
        MathLibrary.open(state);
        BitwiseLibrary.open(state);
        IoLibrary.open(state);
        OsLibrary.open(state);
        JitLibrary.open(state);
        DebugLibrary.open(state);
        return state;
    }

    /** No lambda: the first one of its kind costs a start milliseconds. */
    private record FfiIntegers(FfiLibrary ffi) implements WideIntegers {
        @Override
        public @Nullable Object of(long bits, boolean unsigned) {
            return ffi.integer(bits, unsigned);
        }
    }

    /** The standard streams of this process: output is buffered until it is flushed. */
    public static LuaStreams processStreams() {
        return new LuaStreams(
                new FileInputStream(FileDescriptor.in),
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_OCTETS),
                new FileOutputStream(FileDescriptor.err));
    }
}
