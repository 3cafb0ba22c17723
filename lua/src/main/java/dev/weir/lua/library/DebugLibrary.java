package dev.weir.lua.library;

import dev.weir.lua.CallInfo;
import dev.weir.lua.CallStack;
import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaCoroutine;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaHook;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.LuaUserdata;
import dev.weir.lua.ScriptFunction;
import dev.weir.lua.SiteName;
import dev.weir.lua.Values;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The library {@code debug}. Locals are told of calls that run as a tree, which functions do until they are hot; a hook
 * makes all calls from then on run so.
 */
public final class DebugLibrary {
    private DebugLibrary() {}

    /** Opens the library. */
    public static void open(LuaState state) {
        LuaTable library = state.library("debug");
        for (Function function : Function.values()) {
            state.register(library, function.luaName, function);
        }
    }

    private enum Function implements LibraryFunction.Body {
        TRACEBACK,
        GETINFO,
        GETLOCAL,
        SETLOCAL,
        GETUPVALUE,
        SETUPVALUE,
        UPVALUEID,
        UPVALUEJOIN,
        SETHOOK,
        GETHOOK,
        GETREGISTRY,
        GETMETATABLE,
        SETMETATABLE,
        GETFENV,
        SETFENV;

        private final String luaName = name().toLowerCase(Locale.ROOT);

        @Override
        public @Nullable Object call(LuaState state, LuaArgs args) {
            return switch (this) {
                case TRACEBACK -> traceback(state, args);
                case GETINFO -> getinfo(state, args);
                case GETLOCAL -> getlocal(state, args);
                case SETLOCAL -> setlocal(state, args);
                case GETUPVALUE -> getupvalue(args);
                case SETUPVALUE -> setupvalue(args);
                case UPVALUEID -> upvalueid(state, args);
                case UPVALUEJOIN -> upvaluejoin(args);
                case SETHOOK -> sethook(state, args);
                case GETHOOK -> gethook(state);
                case GETREGISTRY -> state.registry();
                case GETMETATABLE -> state.metatable(args.any(1));
                case SETMETATABLE -> setmetatable(state, args);
                case GETFENV -> getfenv(state, args);
                case SETFENV -> setfenv(state, args);
            };
        }
    }

    /** The coroutine that the first argument may name, as calls; the other arguments then move by one. */
    private record Subject(CallStack calls, int shift) {
        static Subject of(LuaState state, LuaArgs args) {
            return args.get(1) instanceof LuaCoroutine coroutine
                    ? new Subject(coroutine.calls(), 1)
                    : new Subject(state.calls(), 0);
        }
    }

    // ---- calls

    private static @Nullable Object traceback(LuaState state, LuaArgs args) {
        Subject subject = Subject.of(state, args);
        int at = 1 + subject.shift();
        LuaString message = LuaOperators.textOf(args.get(at));
        if (message == null && args.has(at)) {
            return args.get(at);
        }
        int level = args.optInteger(at + 1, subject.calls() == state.calls() ? 1 : 0);
        LuaString trace = LuaString.of(state.traceback(subject.calls(), level));
        return message == null ? trace : message.concat(LuaString.of("\n")).concat(trace);
    }

    private static @Nullable Object getinfo(LuaState state, LuaArgs args) {
        Subject subject = Subject.of(state, args);
        int at = 1 + subject.shift();
        LuaString what = args.optString(at + 1, LuaString.of("nSlufL"));
        String letters = what == null ? "" : what.toLatin1();
        CallInfo call = null;
        LuaFunction function;
        int level = 0;
        if (args.get(at) instanceof LuaFunction given) {
            function = given;
        } else {
            if (LuaNumber.coerce(args.get(at)) == null) {
                throw args.argumentError(at, "function or level expected");
            }
            level = args.integer(at);
            call = subject.calls().level(level);
            if (call == null || call.function == null) {
                return null;
            }
            function = call.function;
        }
        for (int i = 0; i < letters.length(); i++) {
            if ("SlnufLr".indexOf(letters.charAt(i)) < 0) {
                throw args.argumentError(at + 1, "invalid option");
            }
        }
        boolean lines = what == null || args.has(at + 1);
        CallInfo caller = call == null ? null : subject.calls().level(level + 1);
        return describe(state, function, call, caller, lines ? letters : "nSluf");
    }

    private static LuaTable describe(
            LuaState state, LuaFunction function, @Nullable CallInfo call, @Nullable CallInfo caller, String letters) {
        LuaTable info = new LuaTable(0, 16);
        ScriptFunction script = function instanceof ScriptFunction one ? one : null;
        if (letters.indexOf('S') >= 0) {
            source(state, info, script);
        }
        if (letters.indexOf('l') >= 0) {
            int line = script == null || call == null ? -1 : script.line(call.site);
            info.put(state.name("currentline"), LuaNumber.box(line));
        }
        if (letters.indexOf('u') >= 0) {
            info.put(state.name("nups"), LuaNumber.box(script == null ? 0 : script.upvalueCount()));
            info.put(state.name("nparams"), LuaNumber.box(script == null ? 0 : script.parameters()));
            info.put(state.name("isvararg"), script == null || script.isVariadic());
        }
        if (letters.indexOf('n') >= 0) {
            SiteName name =
                    caller != null && caller.function instanceof ScriptFunction by ? by.calledName(caller.site) : null;
            info.put(state.name("name"), name == null ? null : name.name());
            info.put(state.name("namewhat"), name == null ? LuaString.EMPTY : state.name(name.kind()));
        }
        if (letters.indexOf('L') >= 0 && script != null) {
            LuaTable active = new LuaTable();
            Object yes = true;
            for (int line : script.activeLines()) {
                active.put(line, yes);
            }
            info.put(state.name("activelines"), active);
        }
        if (letters.indexOf('f') >= 0) {
            info.put(state.name("func"), function);
        }
        return info;
    }

    private static void source(LuaState state, LuaTable info, @Nullable ScriptFunction script) {
        info.put(state.name("source"), script == null ? state.name("=[C]") : script.source());
        info.put(state.name("short_src"), script == null ? state.name("[C]") : LuaString.of(script.shortSource()));
        info.put(state.name("linedefined"), LuaNumber.box(script == null ? -1 : script.firstLine()));
        info.put(state.name("lastlinedefined"), LuaNumber.box(script == null ? -1 : script.lastLine()));
        String what = script == null ? "C" : script.firstLine() == 0 ? "main" : "Lua";
        info.put(state.name("what"), state.name(what));
    }

    // ---- variables

    private static CallInfo call(Subject subject, LuaArgs args) {
        int at = 1 + subject.shift();
        CallInfo call = subject.calls().level(args.integer(at));
        if (call == null) {
            throw args.argumentError(at, "level out of range");
        }
        return call;
    }

    private static @Nullable Object getlocal(LuaState state, LuaArgs args) {
        Subject subject = Subject.of(state, args);
        CallInfo call = call(subject, args);
        int index = args.integer(2 + subject.shift());
        if (call.function instanceof ScriptFunction script) {
            LuaString name = script.localName(call, index);
            if (name != null) {
                return Values.of(name, script.local(call, index));
            }
        }
        return null;
    }

    private static @Nullable Object setlocal(LuaState state, LuaArgs args) {
        Subject subject = Subject.of(state, args);
        CallInfo call = call(subject, args);
        int index = args.integer(2 + subject.shift());
        Object value = args.any(3 + subject.shift());
        if (call.function instanceof ScriptFunction script && index > 0) {
            LuaString name = script.localName(call, index);
            if (name != null) {
                script.local(call, index, value);
            }
            return name;
        }
        return null;
    }

    private static boolean hasUpvalue(LuaFunction function, int index) {
        return function instanceof ScriptFunction script && index >= 1 && index <= script.upvalueCount();
    }

    private static @Nullable Object getupvalue(LuaArgs args) {
        int index = args.integer(2);
        LuaFunction function = args.function(1);
        return function instanceof ScriptFunction script && hasUpvalue(function, index)
                ? Values.of(script.upvalueName(index), script.upvalue(index))
                : Values.NONE;
    }

    private static @Nullable Object setupvalue(LuaArgs args) {
        Object value = args.any(3);
        int index = args.integer(2);
        LuaFunction function = args.function(1);
        if (!(function instanceof ScriptFunction script) || !hasUpvalue(function, index)) {
            return Values.NONE;
        }
        script.upvalue(index, value);
        return script.upvalueName(index);
    }

    private static ScriptFunction withUpvalue(LuaArgs args, int at) {
        LuaFunction function = args.function(at);
        int index = args.integer(at + 1);
        if (function instanceof ScriptFunction script && hasUpvalue(function, index)) {
            return script;
        }
        throw args.argumentError(at + 1, "index out of range");
    }

    /** What {@code debug.upvalueid} returns: equal for the same variable. */
    private static final class Identity extends LuaUserdata {}

    private static Object upvalueid(LuaState state, LuaArgs args) {
        ScriptFunction script = withUpvalue(args, 1);
        LuaString key = state.name("upvalue identities");
        LuaTable known;
        if (state.registry().get(key) instanceof LuaTable table) {
            known = table;
        } else {
            known = new LuaTable();
            LuaTable weak = new LuaTable();
            weak.put("__mode", LuaString.of("k"));
            known.metatable(weak);
            state.registry().put(key, known);
        }
        Object variable = script.upvalueId(args.integer(2));
        Object identity = known.get(variable);
        if (identity == null) {
            identity = new Identity();
            known.put(variable, identity);
        }
        return identity;
    }

    private static Values upvaluejoin(LuaArgs args) {
        ScriptFunction script = withUpvalue(args, 1);
        ScriptFunction other = withUpvalue(args, 3);
        script.joinUpvalue(args.integer(2), other, args.integer(4));
        return Values.NONE;
    }

    // ---- hooks

    private static Values sethook(LuaState state, LuaArgs args) {
        int at = args.get(1) instanceof LuaCoroutine ? 2 : 1;
        if (args.isNil(at)) {
            state.hook(null);
            return Values.NONE;
        }
        LuaFunction function = args.function(at);
        String mask = args.string(at + 1).toLatin1();
        int count = Math.max(0, args.optInteger(at + 2, 0));
        boolean call = mask.indexOf('c') >= 0;
        boolean ret = mask.indexOf('r') >= 0;
        boolean line = mask.indexOf('l') >= 0;
        state.hook(call || ret || line || count > 0 ? new LuaHook(function, call, ret, line, count) : null);
        return Values.NONE;
    }

    private static Values gethook(LuaState state) {
        LuaHook hook = state.hook();
        if (hook == null) {
            return Values.of(null, LuaString.EMPTY, LuaNumber.box(0));
        }
        String mask = (hook.onCall() ? "c" : "") + (hook.onReturn() ? "r" : "") + (hook.onLine() ? "l" : "");
        return Values.of(hook.function(), LuaString.of(mask), LuaNumber.box(hook.count()));
    }

    // ---- metatables and environments

    private static Object setmetatable(LuaState state, LuaArgs args) {
        if (!args.isNil(2) && !(args.get(2) instanceof LuaTable)) {
            throw args.argumentError(2, "nil or table expected");
        }
        state.metatable(args.get(1), args.get(2) instanceof LuaTable table ? table : null);
        return true;
    }

    private static @Nullable Object getfenv(LuaState state, LuaArgs args) {
        return switch (args.any(1)) {
            case ScriptFunction script -> script.environment();
            case LuaFunction function -> state.globals();
            case LuaCoroutine coroutine -> state.globals();
            case null, default -> null;
        };
    }

    private static @Nullable Object setfenv(LuaState state, LuaArgs args) {
        LuaTable environment = args.table(2);
        if (args.get(1) instanceof ScriptFunction script) {
            script.environment(environment);
            return script;
        }
        throw state.error("'setfenv' cannot change environment of given object");
    }
}
