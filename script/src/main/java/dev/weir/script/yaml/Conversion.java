package dev.weir.script.yaml;

import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.NearestName;
import dev.weir.config.yaml.Section;
import dev.weir.config.yaml.Value;
import dev.weir.config.yaml.YamlException;
import dev.weir.engine.action.Result;
import dev.weir.engine.rule.NameSet;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.ToLua;
import dev.weir.script.object.Constants;
import dev.weir.script.object.Context;
import dev.weir.wire.Name;
import dev.weir.wire.RecordClass;
import dev.weir.wire.RecordType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Values of YAML as Lua has them, where the table names a way of its own for that ({@code :rcode} and so on). */
final class Conversion {
    private final Context context;

    Conversion(Context context) {
        this.context = context;
    }

    /** As it is. No switch over types: the JVM makes the first one at run time, which a start would wait for. */
    static Object plain(Value value) {
        Object content = value.content();
        if (content instanceof Boolean) {
            return content;
        }
        if (content instanceof Number number) {
            return ToLua.of(number);
        }
        if (content instanceof List<?>) {
            return LuaTable.ofList(
                    value.elements().stream().map(Conversion::plain).toArray());
        }
        return content instanceof byte[] octets ? LuaString.of(octets) : LuaString.of(value.text());
    }

    Object convert(Field field, Value value, String how) {
        return switch (how) {
            case "", "*", ":or" -> plain(value);
            case ":rcode" -> number(value, "DNSRCode");
            case ":opcode" -> number(value, "DNSOpcode");
            case ":action" -> ToLua.of(action(value).ordinal());
            case ":class" -> number(value, RecordClass.parse(value.text()), "class");
            case ":type" -> number(value, RecordType.parse(value.text()), "record type");
            case ":list" -> ToLua.list(numbers(value));
            case ":numbers" ->
                LuaTable.ofList(value.elements().stream()
                        .map(one -> number(one, "EDNSOptionCode"))
                        .toArray());
            case ":comma" ->
                LuaString.of(value.elements().stream().map(Value::text).collect(Collectors.joining(",")));
            case ":pairs" -> pairs(value);
            case ":keys" ->
                ToLua.texts(
                        value.elements().stream().map(one -> "key" + one.text()).toList());
            case ":names" -> names(value);
            default -> throw new IllegalStateException("the table of YAML says " + how + " for " + field.path());
        };
    }

    /** A number, or the name that it has in a table of constants. */
    private Object number(Value value, String constants) {
        String text = value.text();
        if (text.matches("[0-9]{1,9}")) {
            return ToLua.of(Long.parseLong(text));
        }
        LuaTable known = (LuaTable) java.util.Objects.requireNonNull(new Constants(context.state).find(constants));
        for (FromLua.Entry entry : FromLua.entries(known)) {
            if (entry.name().equalsIgnoreCase(text)) {
                return entry.value();
            }
        }
        List<String> names =
                FromLua.entries(known).stream().map(FromLua.Entry::name).toList();
        throw new YamlException(
                value.place(), "'" + text + "' is no number and not in " + constants + NearestName.hint(text, names));
    }

    private static Object number(Value value, int number, String what) {
        if (number < 0) {
            throw new YamlException(value.place(), "'" + value.text() + "' is not a " + what);
        }
        return ToLua.of(number);
    }

    /** The action of a dynamic block. */
    static Result action(Value value) {
        String word = value.text().toLowerCase(Locale.ROOT);
        // The reference's list of values has it with this letter too many.
        String name = word.equals("nonop") ? "noop" : word;
        for (Result result : Result.values()) {
            if (result.luaName().toLowerCase(Locale.ROOT).equals(name)) {
                return result;
            }
        }
        throw new YamlException(value.place(), "'" + value.text() + "' is not an action");
    }

    /** Numbers with commas or blanks between them, such as those of processors. */
    private static List<Object> numbers(Value value) {
        return Arrays.stream(value.text().strip().split("[,\\s]+", -1))
                .map(word -> {
                    if (!word.matches("[0-9]{1,6}")) {
                        throw new YamlException(value.place(), "'" + word + "' is not a number");
                    }
                    return ToLua.of(Long.parseLong(word));
                })
                .toList();
    }

    private static LuaTable pairs(Value value) {
        LuaTable table = new LuaTable();
        for (Value one : value.elements()) {
            Section pair = one.section();
            Value key = java.util.Objects.requireNonNull(pair.value("key"));
            Value content = java.util.Objects.requireNonNull(pair.value("value"));
            table.put(plain(key), plain(content));
        }
        return table;
    }

    private Object names(Value value) {
        NameSet set = new NameSet();
        for (Value one : value.elements()) {
            try {
                set.add(Name.parse(one.text()));
            } catch (IllegalArgumentException e) {
                throw new YamlException(one.place(), String.valueOf(e.getMessage()));
            }
        }
        return context.objects.nameSet.wrap(set);
    }
}
