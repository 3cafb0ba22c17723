package dev.weir.script.convert;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.block.BlockGroup;
import dev.weir.engine.rule.NameSet;
import dev.weir.engine.rule.SuffixSet;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.ScriptFunction;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Journal.Call;
import dev.weir.script.lang.LuaObject;
import dev.weir.wire.Name;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values of Lua as expressions that make them again. What has a name is referred to by it. */
final class Expressions {
    /** Functions that make a value, and do nothing else. */
    private static final Set<String> MAKERS = Set.of(
            "newCDBKVStore",
            "newLMDBKVStore",
            "newMMDBKVStore",
            "openMMDB",
            "newQPSLimiter",
            "KeyValueLookupKeyQName",
            "KeyValueLookupKeySourceIP",
            "KeyValueLookupKeySuffix",
            "KeyValueLookupKeyTag",
            "TimedIPSetRule",
            "newNetworkEndpoint");

    private final Sources sources;
    private final Origins origins;
    private final IdentityHashMap<Object, String> names = new IdentityHashMap<>();
    private final Set<Object> underWay = java.util.Collections.newSetFromMap(new IdentityHashMap<>());

    Expressions(Sources sources, Origins origins) {
        this.sources = sources;
        this.origins = origins;
    }

    /** From now on a table, function or object is referred to by a name. */
    void name(Object thing, String name) {
        names.putIfAbsent(thing, name);
    }

    boolean isNamed(Object thing) {
        return names.containsKey(thing);
    }

    /** Whether a value is written without referring to anything. */
    static boolean isLiteral(@Nullable Object value) {
        return value == null || value instanceof Boolean || value instanceof Double || value instanceof LuaString;
    }

    /** Whether it is there without the configuration, or from a library that {@code require} finds. */
    boolean isBuiltIn(@Nullable Object value) {
        return value != null && sources.builtIn(value) != null;
    }

    String of(@Nullable Object value) {
        String known = value == null ? null : names.getOrDefault(value, sources.builtIn(value));
        return known == null ? made(value) : known;
    }

    /** The expression itself, also of what has a name. */
    String made(@Nullable Object value) {
        return switch (value) {
            case null -> "nil";
            case Boolean truth -> truth.toString();
            case Double number -> number(number);
            case LuaString string -> quoted(string);
            case ScriptFunction function -> sources.text(function);
            case LuaTable table -> table(table);
            case LuaObject object -> object(object);
            default -> throw new Unsayable("a " + FromLua.typeName(value) + " that can't be written down");
        };
    }

    private static String number(double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString((long) number);
        }
        if (Double.isNaN(number)) {
            return "(0/0)";
        }
        return Double.isInfinite(number) ? number > 0 ? "math.huge" : "-math.huge" : Double.toString(number);
    }

    /** A string between quotation marks. */
    static String quoted(LuaString string) {
        String text = string.toString();
        boolean utf8 = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), string.octets());
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : (utf8 ? text : string.toLatin1()).toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c == '\n') {
                quoted.append("\\n");
            } else if (c < ' ' || c == 0x7f || !utf8 && c >= 0x80) {
                quoted.append(String.format("\\%03d", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private String table(LuaTable table) {
        if (!underWay.add(table)) {
            throw new Unsayable("a table that is in itself");
        }
        List<String> items = new ArrayList<>();
        int next = 1;
        for (FromLua.Entry entry : FromLua.entries(table)) {
            boolean inOrder = entry.key() instanceof Double index && index == next;
            next += inOrder ? 1 : 0;
            items.add((inOrder ? "" : key(entry.key()) + " = ") + of(entry.value()));
        }
        underWay.remove(table);
        String text = "{" + String.join(", ", items) + "}";
        return table.metatable() == null ? text : "setmetatable(" + text + ", " + of(table.metatable()) + ")";
    }

    private String key(Object key) {
        boolean word = key instanceof LuaString name
                && name.toString().matches("[A-Za-z_][A-Za-z0-9_]*")
                && sources.words(name.toString()).contains(name.toString());
        return word ? key.toString() : "[" + of(key) + "]";
    }

    private String object(LuaObject object) {
        Object thing = Origins.thing(object);
        return switch (thing) {
            case Name name -> "newDNSName(" + quoted(LuaString.of(name.toString())) + ")";
            case Endpoint address -> "newCA(" + quoted(LuaString.of(address.toString())) + ")";
            case Netmask mask -> "newNetmask(" + quoted(LuaString.of(mask.toString())) + ")";
            case NetmaskGroup group -> "newNMG(" + list(group.masks()) + ")";
            case SuffixSet set -> filled("newSuffixMatchNode", set.names());
            case NameSet set -> filled("newDNSNameSet", set.names());
            case BlockGroup group -> group(group);
            case null, default -> made(object, thing);
        };
    }

    private static String list(Collection<?> values) {
        return values.stream()
                .map(value -> quoted(LuaString.of(value.toString())))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String filled(String maker, Collection<Name> names) {
        return names.isEmpty()
                ? maker + "()"
                : "(function() local set = " + maker + "() set:add(" + list(names) + ") return set end)()";
    }

    private String made(LuaObject object, @Nullable Object thing) {
        Call call = thing == null ? null : origins.of(thing);
        if (call == null || !MAKERS.contains(call.function())) {
            throw new Unsayable("a " + object.objectType().name() + ", which belongs to the configuration");
        }
        return call.function() + arguments(call);
    }

    /** The arguments of a call in parentheses. */
    String arguments(Call call) {
        return call.values().stream().map(this::of).collect(Collectors.joining(", ", "(", ")"));
    }

    private String group(BlockGroup group) {
        StringBuilder text = new StringBuilder("(function()\n  local group = dynBlockRulesGroup()\n");
        for (Call call : origins.calls()) {
            if (call.object() != null
                    && Origins.thing(call.object()) == group
                    && !call.function().endsWith(":apply")
                    && !call.function().endsWith(":toString")) {
                String method = call.function().substring(call.function().indexOf(':'));
                text.append("  group").append(method).append(arguments(call)).append('\n');
            }
        }
        return text.append("  return group\nend)()").toString();
    }
}
