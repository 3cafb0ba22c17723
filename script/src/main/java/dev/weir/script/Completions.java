package dev.weir.script;

import dev.weir.config.Ledger;
import dev.weir.config.Signatures;
import dev.weir.config.Signatures.Signature;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.object.Constants;
import dev.weir.script.object.Context;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What TAB completes on the console: names, members behind {@code :} and {@code .}, and the keys of options inside the braces of a call. An
 * object's class is known from the variable that holds it, or from what {@link Signatures} say of the call that gives it: nothing is called to
 * find it out.
 */
final class Completions {
    private final Context context;
    private final Collection<String> names;

    /** @param names the functions that are registered */
    Completions(Context context, Collection<String> names) {
        this.context = context;
        this.names = names;
    }

    /**
     * The words that may stand in place of the one that was begun, in alphabetical order: functions with their opening parenthesis, keys with an
     * equals sign.
     *
     * @param typed the line up to the cursor
     */
    List<String> after(String typed) {
        TypedLine line = TypedLine.read(typed);
        if (line.inText()) {
            return List.of();
        }
        Set<String> words = new TreeSet<>(String.CASE_INSENSITIVE_ORDER.thenComparing(String::compareTo));
        String before = line.before();
        if (before.equals(":") || before.equals(".")) {
            addMembers(line, before.equals(":"), words);
        } else {
            String owner = line.atKey() ? ownerOfOptions(line) : null;
            if (owner != null) {
                addOptions(owner, words);
            }
            if (words.isEmpty()) {
                addNames(words);
            }
        }
        words.removeIf(word -> !word.startsWith(line.word()));
        return List.copyOf(words);
    }

    private void addNames(Set<String> words) {
        for (String name : names) {
            words.add(context.state.globals().get(name) instanceof LuaFunction ? name + "(" : name);
        }
        addKeys(context.state.globals(), words);
        words.addAll(Constants.names());
    }

    private void addMembers(TypedLine line, boolean methods, Set<String> words) {
        int end = line.end() - 1;
        String type = typeBefore(line, end);
        if (type == null) {
            String name = line.nameAt(end - 1);
            if (!methods && name != null && !line.at(end - 2).equals(".")) {
                addConstants(name, words);
            }
            return;
        }
        for (ObjectType<?> each : context.objects.all()) {
            if (each.name().equals(type)) {
                each.members().forEach(member -> addMember(type, member, methods, words));
            }
        }
    }

    private static void addMember(String type, String member, boolean methods, Set<String> words) {
        Signature signature = Signatures.find(type + ":" + member);
        boolean called = signature == null || !signature.parameters().isEmpty();
        if (called == methods) {
            words.add(called ? member + "(" : member);
        }
    }

    /** Of a table of ours, or one that the configuration has made. */
    private void addConstants(String table, Set<String> words) {
        for (Ledger.Entry constant : Ledger.all(Ledger.Table.CONSTANTS)) {
            if (constant.name().startsWith(table + ".") && constant.status() != Ledger.Status.NOT_YET) {
                words.add(constant.name().substring(table.length() + 1));
            }
        }
        if (words.isEmpty() && context.state.globals().get(table) instanceof LuaTable keys) {
            addKeys(keys, words);
        }
    }

    private static void addKeys(LuaTable table, Set<String> words) {
        for (int position = table.nextPosition(0); position > 0; position = table.nextPosition(position)) {
            String key = FromLua.isText(table.keyAt(position)) ? String.valueOf(table.keyAt(position)) : "";
            if (key.matches("[A-Za-z]\\w*")) {
                words.add(table.valueAt(position) instanceof LuaFunction ? key + "(" : key);
            }
        }
    }

    /** The function, or the class and method, inside whose innermost braces the line ends. */
    private @Nullable String ownerOfOptions(TypedLine line) {
        int name = line.callAroundBraces();
        String called = name < 0 ? null : line.nameAt(name);
        if (called == null || name == 0 || !line.at(name - 1).equals(":")) {
            return called;
        }
        String type = typeBefore(line, name - 1);
        return type == null ? null : type + ":" + called;
    }

    private static void addOptions(String owner, Set<String> words) {
        for (Ledger.Entry entry : Ledger.all(Ledger.Table.OPTIONS)) {
            if (entry.name().startsWith(owner + ":")
                    && entry.status() != Ledger.Status.NOT_YET
                    && entry.name().indexOf(':', owner.length() + 1) < 0) {
                words.add(entry.name().substring(owner.length() + 1) + "=");
            }
        }
    }

    /** The class of the object that the words before a position give. */
    private @Nullable String typeBefore(TypedLine line, int end) {
        int last = line.beginOfCall(end);
        String name = line.nameAt(last);
        if (name == null) {
            return null;
        }
        String before = last == 0 ? "" : line.at(last - 1);
        if (before.equals(":") || before.equals(".")) {
            String owner = typeBefore(line, last - 1);
            return owner == null ? null : Signatures.gives(owner + ":" + name);
        }
        return last < end - 1 ? Signatures.gives(name) : typeOf(name);
    }

    private @Nullable String typeOf(String variable) {
        return context.state.globals().get(variable) instanceof LuaObject object
                ? object.objectType().name()
                : null;
    }
}
