package dev.weir.script.convert;

import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaTable;
import dev.weir.lua.ScriptFunction;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.LuaObject;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What functions can get at: the variables around them, the configuration's own globals that they name, and all that is in those. */
final class Reach {
    /**
     * A variable.
     *
     * @param id the same for all functions that share it
     * @param assigned whether it may have another value later
     */
    record Variable(Object id, String name, @Nullable Object value, boolean assigned) {}

    private static final Pattern CHANGING =
            Pattern.compile(":\\s*(add|addMask|addMasks|addNMG|cleanup|clear|delete|remove)\\s*[({\"']");

    private final Sources sources;
    private final Set<Object> named = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Object, Variable> variables = new LinkedHashMap<>();
    private final IdentityHashMap<Object, Integer> references = new IdentityHashMap<>();
    private final Set<Object> parts = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> globals = new LinkedHashSet<>();
    private @Nullable LuaObject ofRules;
    private final Set<ScriptFunction> functions = new LinkedHashSet<>();

    Reach(Sources sources) {
        this.sources = sources;
    }

    /** What a value and everything behind it can get at. */
    void add(@Nullable Object value) {
        if (value == null || sources.builtIn(value) != null) {
            return;
        }
        switch (value) {
            case ScriptFunction function -> function(function);
            case LuaFunction other -> throw new Unsayable("a function that is not written in Lua");
            case LuaTable table -> table(table);
            case LuaObject object -> {
                references.merge(object, 1, Integer::sum);
                ofRules = sources.areRulesWith(Origins.thing(object)) ? object : ofRules;
                if (sources.changes(object)) {
                    parts.add(java.util.Objects.requireNonNullElse(Origins.thing(object), object));
                }
            }
            default -> {}
        }
    }

    private void table(LuaTable table) {
        if (references.merge(table, 1, Integer::sum) > 1) {
            return;
        }
        parts.add(table);
        for (FromLua.Entry entry : FromLua.entries(table)) {
            add(entry.key());
            add(entry.value());
        }
        add(table.metatable());
    }

    private void function(ScriptFunction function) {
        if (references.merge(function, 1, Integer::sum) > 1) {
            return;
        }
        functions.add(function);
        String text = sources.text(function);
        for (int i = 1; i <= function.upvalueCount(); i++) {
            Variable variable = new Variable(
                    function.upvalueId(i),
                    function.upvalueName(i).toString(),
                    function.upvalue(i),
                    function.isAssigned(i));
            variable(variable);
        }
        for (String word : sources.words(text)) {
            if (sources.isTheirs(word)) {
                globals.add(word);
                boolean assigned = sources.assigns(text, word);
                variable(new Variable("global " + word, word, sources.global(word), assigned));
            }
        }
    }

    private void variable(Variable variable) {
        boolean known = variables.containsKey(variable.id());
        if (variable.assigned()) {
            parts.add(sources.identity(variable.id()));
        }
        if (!known || variable.assigned()) {
            variables.put(variable.id(), variable);
        }
        if (!known) {
            add(variable.value());
        }
    }

    /** What functions with this reach do to a set must not be something that rules have to see. */
    void verify() {
        if (ofRules != null && functions.stream().map(sources::text).anyMatch(CHANGING.asPredicate())) {
            throw new Unsayable(
                    "a function that may change a " + ofRules.objectType().name() + " which rules look into");
        }
        for (Variable variable : variables.values()) {
            named.add(java.util.Objects.requireNonNullElse(variable.value(), this));
        }
        references.forEach((thing, count) -> {
            if (count > 1 && !named.contains(thing)) {
                throw new Unsayable("there are several ways to one table or function");
            }
        });
    }

    /** Variables and things that may change, each of which is one thing for all that reach it. */
    Set<Object> parts() {
        return parts;
    }

    Map<Object, Variable> variables() {
        return variables;
    }

    /** The configuration's own globals. */
    Set<String> globals() {
        return globals;
    }

    Set<ScriptFunction> functions() {
        return functions;
    }

    /** Whether a thing can be got at in several ways. */
    boolean isShared(Object thing) {
        return references.getOrDefault(thing, 0) > 1;
    }
}
