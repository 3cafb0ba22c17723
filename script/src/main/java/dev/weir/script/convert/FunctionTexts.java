package dev.weir.script.convert;

import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaTable;
import dev.weir.lua.ScriptFunction;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Journal.Call;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Functions of a configuration for YAML: as code that stands by itself, or by a name, when they go into a Lua file beside it. */
final class FunctionTexts {
    private final Sources sources;
    private final Origins origins;
    private final boolean beside;

    /** How many uses of functions reach a thing that may change. */
    private final IdentityHashMap<Object, Integer> holders = new IdentityHashMap<>();

    private final Map<ScriptFunction, String> exported = new LinkedHashMap<>();
    private final List<ScriptFunction> written = new ArrayList<>();

    /**
     * @param beside whether there will be a Lua file beside
     * @param ignored functions that need not be kept
     */
    FunctionTexts(Sources sources, Origins origins, boolean beside, Predicate<LuaFunction> ignored) {
        this.sources = sources;
        this.origins = origins;
        this.beside = beside;
        List<ScriptFunction> uses = new ArrayList<>();
        for (Call call : origins.calls()) {
            call.values().forEach(value -> functions(value, uses));
        }
        for (String hook : List.of("maintenance", "threadmessage")) {
            functions(sources.global(hook), uses);
        }
        uses.removeIf(ignored);
        Set<ScriptFunction> reached = new HashSet<>();
        uses.forEach(use -> reached.addAll(hold(use)));
        // Globals that nothing calls are for somebody at the console.
        for (String name : sources.theirs()) {
            if (sources.global(name) instanceof ScriptFunction function
                    && !ignored.test(function)
                    && !reached.contains(function)) {
                reached.addAll(hold(function));
            }
        }
    }

    /** Counts what a use of a function reaches; returns the functions. */
    private Set<ScriptFunction> hold(ScriptFunction use) {
        try {
            Reach reach = reach(use);
            reach.parts().forEach(part -> holders.merge(part, 1, Integer::sum));
            return reach.functions();
        } catch (Unsayable e) {
            return Set.of(use); // whoever needs it is told
        }
    }

    private static void functions(@Nullable Object value, List<ScriptFunction> found) {
        if (value instanceof ScriptFunction function) {
            found.add(function);
        } else if (value instanceof LuaTable table) {
            FromLua.entries(table).forEach(entry -> functions(entry.value(), found));
        }
    }

    private Reach reach(ScriptFunction function) {
        Reach reach = new Reach(sources);
        reach.add(function);
        reach.verify();
        return reach;
    }

    private static ScriptFunction script(LuaFunction function) {
        if (function instanceof ScriptFunction script) {
            return script;
        }
        throw new Unsayable("a function that is not written in Lua");
    }

    /** What a function shares with others, and may change; {@code null}: nothing. */
    private @Nullable String shared(Reach reach) {
        for (Reach.Variable variable : reach.variables().values()) {
            Object value = variable.value();
            if (isShared(sources.identity(variable.id())) && variable.assigned()
                    || isShared(Origins.thing(value))
                    || isShared(value)) {
                return variable.name();
            }
        }
        return reach.parts().stream().anyMatch(this::isShared) ? "a table" : null;
    }

    private boolean isShared(@Nullable Object part) {
        return part != null && holders.getOrDefault(part, 0) > 1;
    }

    /** The name by which YAML finds a function; {@code null} if it is to be written down there. */
    @Nullable String name(LuaFunction function) {
        if (!beside || !(function instanceof ScriptFunction script)) {
            return null;
        }
        String known = exported.get(script);
        if (known != null) {
            return known;
        }
        String global = globalName(script);
        try {
            if (global == null && shared(reach(script)) == null && canStand(script)) {
                return null;
            }
        } catch (Unsayable e) {
            return null; // code() says why
        }
        try {
            new BesideFile(sources, origins).check(script);
        } catch (Unsayable e) {
            return null; // neither there nor here
        }
        String name = global != null ? global : free(script);
        exported.put(script, name);
        return name;
    }

    private boolean canStand(ScriptFunction script) {
        var _ = chunk(script);
        return true;
    }

    private @Nullable String globalName(ScriptFunction function) {
        for (String name : sources.theirs()) {
            if (sources.global(name) == function) {
                return name;
            }
        }
        return null;
    }

    private String free(ScriptFunction function) {
        String stem = "line_" + function.firstLine();
        String name = stem;
        for (int i = 2; exported.containsValue(name) || sources.isTheirs(name); i++) {
            name = stem + "_" + i;
        }
        return name;
    }

    /** A chunk that returns the function. */
    String code(LuaFunction function) {
        ScriptFunction script = script(function);
        String shared = shared(reach(script));
        if (shared != null) {
            throw new Unsayable("a function that shares '" + shared + "' with others");
        }
        String chunk = chunk(script);
        written.add(script);
        return chunk;
    }

    private String chunk(ScriptFunction script) {
        Reach reach = reach(script);
        StringBuilder text = new StringBuilder();
        Expressions expressions = new Expressions(sources, origins);
        new LuaScope(expressions, text).declare(reach.variables().values());
        String name = expressions.of(script);
        return text.append("return ").append(name).append('\n').toString();
    }

    /** Functions that YAML finds by a name. */
    Map<ScriptFunction, String> exported() {
        return exported;
    }

    /** Whether a function is in the YAML, itself or within another one. */
    boolean isWritten(ScriptFunction function) {
        return exported.containsKey(function)
                || written.stream().anyMatch(one -> reach(one).functions().contains(function));
    }
}
