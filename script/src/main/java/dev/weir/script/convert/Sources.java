package dev.weir.script.convert;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Netmask;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.ScriptFunction;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.LuaText;
import dev.weir.wire.Name;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The Lua that was loaded, and the world that it has made. */
public final class Sources {
    private final Map<String, byte[]> texts;
    private final LuaTable globals;
    private final Predicate<String> builtIn;
    private final IdentityHashMap<Object, String> builtInNames = new IdentityHashMap<>();
    private final Map<String, String> identities = new HashMap<>();
    private final Set<Object> ofRules = java.util.Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * @param texts by the names of their files
     * @param builtIn whether a global is there without the configuration
     */
    public Sources(Map<String, byte[]> texts, LuaTable globals, Predicate<String> builtIn) {
        this.texts = texts;
        this.globals = globals;
        this.builtIn = builtIn;
        for (FromLua.Entry entry : FromLua.entries(globals)) {
            if (builtIn.test(entry.name())) {
                known(entry.name(), entry.value());
            }
        }
        builtInNames.put(globals, "_G");
        if (globals.get("package") instanceof LuaTable loader && loader.get("loaded") instanceof LuaTable loaded) {
            FromLua.entries(loaded).forEach(entry -> module(entry.name(), entry.value()));
        }
    }

    /** What {@code require} has loaded it gives again, and it is the same for all. */
    private void module(String name, Object value) {
        if (!builtInNames.containsKey(value)) {
            known("require(" + Expressions.quoted(LuaString.of(name)) + ")", value);
        }
    }

    private void known(String name, Object value) {
        builtInNames.putIfAbsent(value, name);
        if (value instanceof LuaTable library && library != globals && !name.equals("package")) {
            for (FromLua.Entry entry : FromLua.entries(library)) {
                if (!Expressions.isLiteral(entry.value()) && entry.name().matches("[A-Za-z_][A-Za-z0-9_]*")) {
                    builtInNames.putIfAbsent(entry.value(), name + "." + entry.name());
                }
            }
        }
    }

    /** The name of a function or library that is there without the configuration; {@code null} for anything else. */
    @Nullable String builtIn(Object value) {
        return Expressions.isLiteral(value) ? null : builtInNames.get(value);
    }

    /** Whether it is a global that the configuration has made. */
    boolean isTheirs(String name) {
        return !builtIn.test(name) && globals.get(name) != null;
    }

    @Nullable Object global(String name) {
        return globals.get(name);
    }

    /** The names of all globals that the configuration has made. */
    Set<String> theirs() {
        Set<String> names = new LinkedHashSet<>();
        FromLua.entries(globals).stream()
                .map(FromLua.Entry::name)
                .filter(this::isTheirs)
                .forEach(names::add);
        return names;
    }

    /** Rules have this set of names or networks. */
    void isOfRules(Object set) {
        ofRules.add(set);
    }

    /** Whether rules have it. */
    boolean areRulesWith(@Nullable Object thing) {
        return thing != null && ofRules.contains(thing);
    }

    /** The one object for equal ids of variables. */
    Object identity(Object id) {
        return id instanceof String text ? identities.computeIfAbsent(text, same -> same) : id;
    }

    /** Whether an object of ours can become another one while others hold it. */
    boolean changes(LuaObject object) {
        Object instance = object.instance();
        return !(instance instanceof Name || instance instanceof Endpoint || instance instanceof Netmask);
    }

    /** {@code function (...) ... end}. */
    String text(ScriptFunction function) {
        return "function " + signatureAndBody(function);
    }

    /** The same from the parenthesis on. */
    String signatureAndBody(ScriptFunction function) {
        String name = function.source().toString();
        byte[] source = name.startsWith("@") ? texts.get(name.substring(1)) : null;
        if (source == null || function.firstLine() == 0) {
            throw new Unsayable("a function whose text is not at hand");
        }
        String text = shifted(utf8(source, function.begin(), function.end()));
        String parameters = text.substring(1, text.indexOf(')')).strip();
        long written = parameters.isEmpty()
                ? 0
                : parameters.chars().filter(c -> c == ',').count() + 1 - (parameters.endsWith("...") ? 1 : 0);
        boolean method = function.parameters() == written + 1;
        return method ? (parameters.isEmpty() ? "(self" : "(self, ") + text.substring(1) : text;
    }

    /** As if the function began at the left, unless there may be strings of several lines in it. */
    private static String shifted(String text) {
        String margin = text.substring(text.lastIndexOf('\n') + 1).replaceFirst("\\S.*", "");
        boolean plain = !text.contains("[[") && !text.contains("[=") && !text.contains("\\\n");
        boolean within = text.lines().skip(1).allMatch(line -> line.isBlank() || line.startsWith(margin));
        return plain && within && !margin.isEmpty() ? text.replace("\n" + margin, "\n") : text;
    }

    private static String utf8(byte[] source, int begin, int end) {
        String text = new String(source, begin, end - begin, StandardCharsets.UTF_8);
        if (text.getBytes(StandardCharsets.UTF_8).length != end - begin) {
            throw new Unsayable("a function whose text is not in UTF-8");
        }
        return text;
    }

    /** The words of a text that may be variables. */
    Set<String> words(String text) {
        return LuaText.words(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a text may assign to a variable. */
    boolean assigns(String text, String word) {
        return LuaText.of(text.getBytes(StandardCharsets.UTF_8)).defined().contains(word);
    }

    /** {@code file:line} of a function. */
    String place(ScriptFunction function) {
        String name = function.source().toString();
        return name.substring(Math.min(1, name.length())) + ":" + function.firstLine();
    }
}
