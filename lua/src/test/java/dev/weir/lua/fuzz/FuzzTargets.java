package dev.weir.lua.fuzz;

import dev.weir.lua.LuaError;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaLimits;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaStreams;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.standard.StandardLua;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** What is done with a fuzzer's octets. Whatever is raised beside {@link LuaError} gets out. */
final class FuzzTargets {
    private static final int MAX_STRING = 1 << 20;
    private static final long INSTRUCTIONS = 200_000;
    private static final long DEADLINE_NS = 2_000_000_000L;

    private FuzzTargets() {}

    private static LuaState world() {
        LuaStreams streams = new LuaStreams(
                new ByteArrayInputStream(new byte[0]),
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream());
        LuaLimits limits = new LuaLimits(200, INSTRUCTIONS, DEADLINE_NS, MAX_STRING);
        return StandardLua.open(streams, limits);
    }

    /** Reads a program; does not run it. */
    static void chunk(byte[] source) {
        LuaState state = world();
        try {
            state.load(LuaString.of(source), LuaString.of("=fuzz"));
        } catch (LuaError expected) {
            // Most are no programs.
        }
    }

    /** Runs a program that reaches no files, commands or native functions. */
    static void program(byte[] source) {
        LuaState state = world();
        for (String dangerous : new String[] {"os", "io", "require", "dofile", "loadfile", "package"}) {
            state.globals().put(dangerous, null);
        }
        try {
            state.call(state.load(LuaString.of(source), LuaString.of("=fuzz")));
        } catch (LuaError expected) {
            // Most fail.
        }
    }

    /** The first half is a subject, the other one a pattern. */
    static void pattern(byte[] octets) {
        LuaState state = world();
        LuaString subject = LuaString.of(octets, 0, octets.length / 2);
        LuaString pattern = LuaString.of(octets, octets.length / 2, octets.length - octets.length / 2);
        for (String function : new String[] {"find", "match"}) {
            call(state, "string", function, subject, pattern);
        }
        call(state, "string", "gsub", subject, pattern, LuaString.of("<%0%1>"));
        call(state, "string", "gsub", subject, LuaString.of("."), pattern);
    }

    /** A format for arguments of all types. */
    static void format(byte[] octets) {
        LuaState state = world();
        LuaString format = LuaString.of(octets);
        for (Object argument :
                new @Nullable Object[] {1.5, -0.0, Double.NaN, LuaString.of("text"), new LuaTable(), null}) {
            call(state, "string", "format", format, argument, argument, LuaNumber.box(5), argument);
        }
    }

    /** A format of a date. */
    static void date(byte[] octets) {
        LuaState state = world();
        call(state, "os", "date", LuaString.of("!").concat(LuaString.of(octets)), 1e9);
        call(state, "os", "date", LuaString.of(octets), -1e10);
    }

    /** A number as text. */
    static void number(byte[] octets) {
        LuaState state = world();
        call(state, "_G", "tonumber", LuaString.of(octets));
        call(state, "_G", "tonumber", LuaString.of(octets), LuaNumber.box(36));
    }

    /** Declarations of C, and the same text as a type. */
    static void declaration(byte[] octets) {
        LuaState state = world();
        LuaFunction require = (LuaFunction) state.globals().get("require");
        LuaTable ffi = (LuaTable) LuaOperators.call(state, require, LuaString.of("ffi"));
        state.globals().put("ffi", ffi);
        LuaString text = LuaString.of(octets);
        call(state, "ffi", "cdef", text);
        call(state, "ffi", "typeof", text);
        call(state, "ffi", "new", text, LuaNumber.box(3));
    }

    private static void call(LuaState state, String library, String name, @Nullable Object... arguments) {
        LuaTable functions = (LuaTable) state.globals().get(library);
        LuaFunction function = (LuaFunction) functions.get(name);
        try {
            state.call(function, arguments);
        } catch (LuaError expected) {
            // An argument that the function cannot use.
        }
    }
}
