package dev.weir.script.convert;

import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.YamlText;
import dev.weir.engine.action.Result;
import dev.weir.engine.rule.NameSet;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.object.Constants;
import dev.weir.script.object.Context;
import dev.weir.wire.Name;
import dev.weir.wire.RecordClass;
import dev.weir.wire.RecordType;
import dev.weir.wire.ServiceBinding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values of Lua as YAML has them, where the table names a way of its own for that ({@code :rcode} and so on). */
final class Scalar {
    private final Context context;

    Scalar(Context context) {
        this.context = context;
    }

    /** @return {@code null} if the key can't have it, and another one for the same argument can */
    @Nullable Object write(Field field, String how, Object value) {
        return switch (how) {
            case ":rcode" -> constant(value, "DNSRCode");
            case ":opcode" -> constant(value, "DNSOpcode");
            case ":action" -> action(field, value);
            case ":class" -> RecordClass.toString((int) number(value));
            case ":type" -> RecordType.toString((int) number(value));
            case ":list" ->
                Args.oneOrMore(value).stream()
                        .map(one -> Long.toString(number(one)))
                        .collect(Collectors.joining(","));
            case ":numbers" ->
                Args.oneOrMore(value).stream()
                        .map(one -> Long.toString(number(one)))
                        .toList();
            case ":pairs" -> pairs(field, value);
            case ":keys" ->
                Args.oneOrMore(value).stream()
                        .map(one -> (long) ServiceBinding.key(FromLua.text(one)))
                        .toList();
            case ":names" -> names(value);
            case ":or" -> value instanceof LuaTable ? null : single(field, value);
            default -> field.list() ? list(field, value) : single(field, value);
        };
    }

    private List<Object> list(Field field, Object value) {
        List<Object> all = new ArrayList<>();
        for (@Nullable Object one : Args.oneOrMore(value)) {
            Object written = single(field, one);
            if (written == null) {
                throw new Unsayable("'" + field.name() + "' can't have " + FromLua.text(one));
            }
            all.add(written);
        }
        return all;
    }

    private static @Nullable Object single(Field field, @Nullable Object value) {
        return switch (field.type()) {
            case BOOL -> value instanceof Boolean ? value : number(value) != 0;
            case F64 -> Objects.requireNonNull(LuaNumber.coerce(value));
            case TEXT -> text(field, value);
            default -> integer(field, value);
        };
    }

    private static @Nullable Object text(Field field, @Nullable Object value) {
        boolean isNumber = LuaNumber.coerce(value) != null;
        // Types and classes by their names, and those that have none by another key.
        if (isNumber && field.path().endsWith("[type=QType].qtype")) {
            String name = RecordType.toString((int) number(value));
            return name.startsWith("TYPE") ? null : name;
        }
        if (isNumber && field.path().endsWith("[type=QClass].qclass")) {
            String name = RecordClass.toString((int) number(value));
            return name.startsWith("CLASS") ? null : name;
        }
        return text(value);
    }

    /** A text, or its octets if they are none. */
    static Object text(@Nullable Object value) {
        LuaString string = FromLua.string(value);
        if (string != null) {
            return YamlText.ofOctets(string.octets());
        }
        if (value instanceof LuaObject object) {
            return object.text();
        }
        throw new Unsayable("a " + FromLua.typeName(value) + " where a text is wanted");
    }

    private static Object integer(Field field, @Nullable Object value) {
        long number = LuaNumber.coerce(value) == null && value instanceof LuaString name
                ? RecordType.parse(name.toString())
                : number(value);
        if (number < 0 || number > field.type().most()) {
            throw new Unsayable("'" + field.name() + "' can't be " + FromLua.text(value));
        }
        return number;
    }

    /** A whole number; fractions are cut off, as functions do. */
    static long number(@Nullable Object value) {
        Double number = LuaNumber.coerce(value);
        if (number == null) {
            throw new Unsayable("a " + FromLua.typeName(value) + " where a number is wanted");
        }
        return number.longValue();
    }

    /** A number by its name in a table of constants, if it has one there. */
    Object constant(@Nullable Object value, String constants) {
        long number = number(value);
        LuaTable known = (LuaTable) Objects.requireNonNull(new Constants(context.state).find(constants));
        for (FromLua.Entry entry : FromLua.entries(known)) {
            if (number(entry.value()) == number) {
                return entry.name();
            }
        }
        return Long.toString(number);
    }

    /** What a dynamic block does. */
    static String action(Field field, Object value) {
        long number = number(value);
        Result[] known = Result.values();
        String name = number >= 0 && number < known.length ? known[(int) number].luaName() : "";
        for (String word : field.values()) {
            // The reference's list has it with a letter too many in one place.
            String meant = word.equals("NoNop") ? "NoOp" : word;
            if (meant.equalsIgnoreCase(name)) {
                return word;
            }
        }
        throw new Unsayable("'" + field.name() + "' can't be " + (name.isEmpty() ? number : name));
    }

    private static List<Object> pairs(Field field, Object value) {
        List<Object> all = new ArrayList<>();
        Field key = Objects.requireNonNull(Objects.requireNonNull(field.map()).field("key"));
        for (FromLua.Entry entry : FromLua.entries((LuaTable) value)) {
            Map<String, Object> pair = new LinkedHashMap<>();
            pair.put("key", Objects.requireNonNull(single(key, entry.key())));
            pair.put("value", text(entry.value()));
            all.add(pair);
        }
        return all;
    }

    private static List<Object> names(Object value) {
        if (!(Origins.thing(value) instanceof NameSet set)) {
            throw new Unsayable("a set of names that is none");
        }
        return set.names().stream().map(Name::toString).sorted().collect(Collectors.toList());
    }
}
