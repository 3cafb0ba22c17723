package dev.weir.script.convert;

import dev.weir.lua.LuaFunction;
import dev.weir.lua.ScriptFunction;
import dev.weir.script.convert.Reach.Variable;
import dev.weir.script.lang.Journal.Call;
import dev.weir.script.object.Directives;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Lua file beside: functions that YAML refers to, those that are called each second or by somebody at the console, and calls for which YAML has no
 * words. What they share, they share there, too.
 */
final class BesideFile {
    private final Sources sources;
    private final Origins origins;

    /** Globals and what they are, functions mostly. */
    private final Map<String, @Nullable Object> globals = new LinkedHashMap<>();

    private final List<Call> calls = new ArrayList<>();

    BesideFile(Sources sources, Origins origins) {
        this.sources = sources;
        this.origins = origins;
    }

    /** A global that must be there. */
    void global(String name, @Nullable Object value) {
        globals.put(name, value);
    }

    /** Whether a call can be made there; then it will be. */
    boolean takes(Call call) {
        try {
            Reach reach = new Reach(sources);
            call.values().forEach(reach::add);
            reach.verify();
            call.values().forEach(new Expressions(sources, origins)::of);
            calls.add(call);
            return true;
        } catch (Unsayable e) {
            return false;
        }
    }

    /** Whether a function can be in it. */
    void check(ScriptFunction function) {
        BesideFile alone = new BesideFile(sources, origins);
        alone.global("check", function);
        var _ = alone.text("");
    }

    private record Root(
            String name, @Nullable Object value, @Nullable Call call, Reach reach) {}

    private Root root(String name, @Nullable Object value, @Nullable Call call) {
        Reach reach = new Reach(sources);
        reach.add(value);
        if (call != null) {
            call.values().forEach(reach::add);
        }
        reach.verify();
        return new Root(name, value, call, reach);
    }

    /**
     * The file; empty if nothing has to be in it.
     *
     * @param head a comment at its top
     * @throws Unsayable if it can't be written
     */
    String text(String head) {
        List<Root> roots = roots();
        if (roots.isEmpty()) {
            return "";
        }
        Map<Object, Integer> users = new HashMap<>();
        for (Root root : roots) {
            root.reach.variables().keySet().forEach(id -> users.merge(id, 1, Integer::sum));
        }
        Map<Object, Variable> shared = new LinkedHashMap<>();
        for (Root root : roots) {
            root.reach.variables().forEach((id, variable) -> {
                if (users.getOrDefault(id, 0) > 1 && !globals.containsKey(variable.name()) && !isGlobal(id)) {
                    shared.merge(id, variable, (one, other) -> one.assigned() ? one : other);
                }
            });
        }
        verify(roots, shared.values());
        StringBuilder text = new StringBuilder(head);
        Expressions expressions = new Expressions(sources, origins);
        LuaScope scope = new LuaScope(expressions, text);
        scope.declare(shared.values());
        Set<Object> known = new LinkedHashSet<>(shared.keySet());
        List<Root> last = new ArrayList<>();
        for (Root root : roots) {
            if (root.call != null && Directives.contain(root.call.function())) {
                last.add(root);
            } else {
                put(root, known, expressions, text);
            }
        }
        if (!last.isEmpty()) {
            text.append("\n-- What follows has no words in YAML.\nenableLuaConfiguration()\n");
            last.forEach(root -> put(root, known, expressions, text));
        }
        return text.toString();
    }

    /** What several reach must have a name that all of them see. */
    private void verify(List<Root> roots, Collection<Variable> shared) {
        IdentityHashMap<Object, Root> first = new IdentityHashMap<>();
        for (Root root : roots) {
            for (Object part : root.reach.parts()) {
                Root other = first.putIfAbsent(part, root);
                boolean isThing = !(part instanceof String) && !isVariable(roots, part);
                if (other != null && isThing && !isBehind(shared, roots, part)) {
                    throw new Unsayable("functions share a table or object in variables that they don't share");
                }
            }
        }
    }

    private static boolean isVariable(List<Root> roots, Object part) {
        return roots.stream().anyMatch(root -> root.reach.variables().containsKey(part));
    }

    private boolean isBehind(Collection<Variable> shared, List<Root> roots, Object part) {
        Reach named = new Reach(sources);
        shared.stream()
                .map(Variable::value)
                .filter(value -> !(value instanceof LuaFunction))
                .forEach(named::add);
        roots.stream()
                .filter(root -> root.call == null && !(root.value instanceof LuaFunction))
                .forEach(root -> named.add(root.value));
        return named.parts().contains(part);
    }

    private static boolean isGlobal(Object id) {
        return id instanceof String;
    }

    /** All that is to be written, with the globals that it uses. */
    private List<Root> roots() {
        List<Root> roots = new ArrayList<>();
        Map<String, @Nullable Object> wanted = new LinkedHashMap<>(globals);
        Set<String> done = new LinkedHashSet<>();
        List<Root> ofCalls = calls.stream().map(call -> root("", null, call)).toList();
        ofCalls.forEach(root -> root.reach.globals().forEach(name -> wanted.putIfAbsent(name, sources.global(name))));
        while (!done.containsAll(wanted.keySet())) {
            for (String name : List.copyOf(wanted.keySet())) {
                if (done.add(name)) {
                    Root root = root(name, wanted.get(name), null);
                    roots.add(root);
                    root.reach.globals().forEach(other -> wanted.putIfAbsent(other, sources.global(other)));
                }
            }
        }
        // What is no function stands above: tables that functions look into.
        roots.sort(java.util.Comparator.comparing(root -> root.value instanceof LuaFunction));
        roots.addAll(ofCalls);
        return roots;
    }

    private void put(Root root, Set<Object> known, Expressions expressions, StringBuilder text) {
        Collection<Variable> own = root.reach.variables().values().stream()
                .filter(variable -> !known.contains(variable.id()) && !isGlobal(variable.id()))
                .toList();
        text.append('\n');
        if (!own.isEmpty()) {
            text.append("do\n");
            new LuaScope(expressions, text).declare(own);
        }
        if (root.call != null) {
            text.append(root.call.function())
                    .append(expressions.arguments(root.call))
                    .append('\n');
        } else if (root.value instanceof ScriptFunction function && !expressions.isNamed(function)) {
            text.append("function ")
                    .append(root.name)
                    .append(sources.signatureAndBody(function))
                    .append('\n');
        } else {
            boolean byName = root.value != null && expressions.isNamed(root.value) || expressions.isBuiltIn(root.value);
            String value = byName ? expressions.of(root.value) : expressions.made(root.value);
            text.append(root.name).append(" = ").append(value).append('\n');
        }
        if (root.value != null && !Expressions.isLiteral(root.value) && !expressions.isBuiltIn(root.value)) {
            expressions.name(root.value, root.name);
        }
        if (!own.isEmpty()) {
            text.append("end\n");
        }
    }
}
