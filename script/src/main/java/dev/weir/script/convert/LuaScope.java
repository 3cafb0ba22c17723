package dev.weir.script.convert;

import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaTable;
import dev.weir.script.convert.Reach.Variable;
import dev.weir.script.lang.FromLua;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of a Lua file whose functions share variables: these are declared first, then get their values, functions before all else, since they look at
 * their variables only when they are called.
 */
final class LuaScope {
    /** A function of Lua has room for so many, of which some are left for temporary values. */
    private static final int MOST_VARIABLES = 180;

    private final Expressions expressions;
    private final StringBuilder text;
    private final IdentityHashMap<Object, String> pending = new IdentityHashMap<>();

    LuaScope(Expressions expressions, StringBuilder text) {
        this.expressions = expressions;
        this.text = text;
    }

    /** Declares variables and gives them their values. */
    void declare(Collection<Variable> variables) {
        Set<String> names = new HashSet<>();
        List<Variable> later = new ArrayList<>();
        for (Variable variable : variables) {
            if (!names.add(variable.name())) {
                throw new Unsayable("there are two variables '" + variable.name() + "' that functions share");
            }
            if (Expressions.isLiteral(variable.value()) || expressions.isBuiltIn(variable.value())) {
                String value = variable.value() == null ? "" : " = " + expressions.of(variable.value());
                text.append("local ").append(variable.name()).append(value).append('\n');
            } else {
                later.add(variable);
            }
        }
        if (names.size() > MOST_VARIABLES) {
            throw new Unsayable("there are more than " + MOST_VARIABLES + " variables that functions share");
        }
        if (!later.isEmpty()) {
            text.append("local ")
                    .append(String.join(", ", later.stream().map(Variable::name).toList()))
                    .append('\n');
        }
        assign(later);
    }

    /** Gives variables that are there their values. */
    void assign(Collection<Variable> variables) {
        List<Variable> others = new ArrayList<>();
        for (Variable variable : variables) {
            Object value = java.util.Objects.requireNonNull(variable.value());
            if (!expressions.isNamed(value)) {
                expressions.name(value, variable.name());
                pending.put(value, variable.name());
            } else {
                others.add(variable);
            }
        }
        for (Variable variable : variables) {
            Object value = java.util.Objects.requireNonNull(variable.value());
            if (value instanceof LuaFunction && pending.remove(value) != null) {
                put(variable.name(), expressions.made(value));
            }
        }
        variables.forEach(variable -> settle(variable.value()));
        others.forEach(variable -> put(variable.name(), expressions.of(variable.value())));
    }

    /** Gives a thing its value after those that it is made of. */
    private void settle(@Nullable Object thing) {
        String name = thing == null ? null : pending.remove(thing);
        if (thing instanceof LuaTable table) {
            for (FromLua.Entry entry : FromLua.entries(table)) {
                if (name != null || !expressions.isNamed(entry.value())) {
                    settle(entry.value());
                }
            }
            settle(table.metatable());
        }
        if (name != null && thing != null) {
            put(name, expressions.made(thing));
        }
    }

    private void put(String name, String expression) {
        text.append(name).append(" = ").append(expression).append('\n');
    }
}
