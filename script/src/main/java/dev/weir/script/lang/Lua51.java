package dev.weir.script.lang;

import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaClosure;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Prototype;
import org.luaj.vm2.UpValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.VarArgFunction;

/** What Lua 5.1 (and LuaJIT) has and 5.2, which LuaJ follows, took away or renamed; and {@code string.format}, which LuaJ has only in part. */
final class Lua51 extends VarArgFunction {
    private final Globals globals;
    private final String function;
    private final LuaValue original;

    /** @param original what LuaJ has under this name; nil if it has nothing */
    private Lua51(Globals globals, String function, LuaValue original) {
        this.globals = globals;
        this.function = function;
        this.original = original;
    }

    static void install(Globals globals) {
        for (String name : new String[] {"loadstring", "unpack", "setfenv", "getfenv", "table.getn", "table.maxn"}) {
            put(globals, name);
        }
        for (String name : new String[] {"math.mod", "math.log10", "string.gfind", "string.format", "pcall"}) {
            put(globals, name);
        }
    }

    private static void put(Globals globals, String name) {
        int dot = name.indexOf('.');
        LuaValue table = dot < 0 ? globals : globals.rawget(name.substring(0, dot));
        if (table instanceof LuaTable library) {
            String key = name.substring(dot + 1);
            library.rawset(key, new Lua51(globals, name, library.rawget(key)));
        }
    }

    /** The functions of a library that is loaded late. */
    static void installInto(Globals globals, String library) {
        for (String name : new String[] {"math.mod", "math.log10"}) {
            if (name.startsWith(library + ".")) {
                put(globals, name);
            }
        }
    }

    @Override
    public Varargs invoke(Varargs args) {
        return switch (function) {
            case "loadstring" -> load(args);
            case "unpack" -> unpack(args);
            case "setfenv" -> setEnvironment(args);
            case "getfenv" -> environment(args.arg1());
            case "table.getn" -> valueOf(args.checktable(1).rawlen());
            case "table.maxn" -> largestKey(args.checktable(1));
            case "math.mod" -> valueOf(args.checkdouble(1) % args.checkdouble(2));
            case "math.log10" -> valueOf(Math.log10(args.checkdouble(1)));
            case "string.gfind" -> globals.get("string").get("gmatch").invoke(args);
            case "string.format" -> TextFormat.format(args);
            case "pcall" -> withReadableMessage(original.invoke(args));
            default -> throw new IllegalStateException(function);
        };
    }

    /** LuaJ's own messages begin with {@code @file:line} and end in a line feed; those that scripts make are left alone. */
    private static Varargs withReadableMessage(Varargs result) {
        if (result.arg1().toboolean() || !(result.arg(2) instanceof LuaString message)) {
            return result;
        }
        String text = message.tojstring();
        return text.matches("(?s)[@=][^\n]*:\\d+ .*")
                ? varargsOf(FALSE, valueOf(Messages.clean(text.strip())))
                : result;
    }

    private Varargs load(Varargs args) {
        LuaString text = args.checkstring(1);
        try {
            return globals.load(text.toInputStream(), args.optjstring(2, "=(load)"), "bt", globals);
        } catch (LuaError e) {
            return varargsOf(NIL, valueOf(Messages.clean(e)));
        }
    }

    private static Varargs unpack(Varargs args) {
        LuaTable table = args.checktable(1);
        int first = args.optint(2, 1);
        int last = args.optint(3, table.length());
        if (last < first) {
            return NONE;
        }
        if (last - first >= 1_000_000) {
            throw new LuaError("too many results to unpack");
        }
        LuaValue[] values = new LuaValue[last - first + 1];
        for (int i = 0; i < values.length; i++) {
            values[i] = table.get(first + i);
        }
        return varargsOf(values);
    }

    private static LuaValue largestKey(LuaTable table) {
        double largest = 0;
        for (LuaValue key : table.keys()) {
            largest = key.isnumber() ? Math.max(largest, key.todouble()) : largest;
        }
        return valueOf(largest);
    }

    private Varargs setEnvironment(Varargs args) {
        LuaTable environment = args.checktable(2);
        if (!(args.arg1() instanceof LuaClosure closure)) {
            throw new LuaError("setfenv: give the function itself, levels of the call stack are not known");
        }
        int index = environmentIndex(closure.p);
        if (index >= 0) {
            closure.upValues[index] = new UpValue(new LuaValue[] {environment}, 0);
        }
        return closure;
    }

    private LuaValue environment(LuaValue of) {
        if (of instanceof LuaClosure closure) {
            int index = environmentIndex(closure.p);
            return index < 0 ? globals : closure.upValues[index].getValue();
        }
        return globals;
    }

    private static int environmentIndex(Prototype prototype) {
        for (int i = 0; i < prototype.upvalues.length; i++) {
            @Nullable LuaString name = prototype.upvalues[i].name;
            if (name != null && name.tojstring().equals("_ENV")) {
                return i;
            }
        }
        return -1;
    }
}
