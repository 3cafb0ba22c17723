package dev.weir.script;

import dev.weir.config.Ledger;
import dev.weir.script.lang.LuaText;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.object.Constants;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Names in the text of a configuration that dnsdist has and Weir has not yet: inside a function they would show only when a query comes.
 *
 * <p>Lua has no types, so a method is known by its name alone, and a name that some object of ours has is not told from its namesake. A
 * word as common as {@code send} counts only where an object that can be there lacks it. What the configuration defines itself is its own.
 */
final class MissingNames {
    /** Methods of strings and files. */
    private static final Set<String> OF_LUA = Set.of(
            "byte close find flush format gmatch gsub len lines lower match read rep reverse seek setvbuf sub upper write"
                    .split(" ", -1));

    private final Predicate<String> functions;
    private final List<ObjectType<?>> types;

    /** @param functions whether there is such a global function */
    MissingNames(Predicate<String> functions, List<ObjectType<?>> types) {
        this.functions = functions;
        this.types = types;
    }

    /** Told of a name that is missing. */
    interface Report {
        /** @param place {@code file:line} */
        void missing(String place, String message);
    }

    /** @param texts Lua by the name of its file */
    void find(Map<String, byte[]> texts, Report report) {
        Set<String> theirs = new HashSet<>();
        Map<String, LuaText> scanned = new LinkedHashMap<>();
        texts.forEach((file, text) -> {
            LuaText lua = LuaText.of(text);
            scanned.put(file, lua);
            theirs.addAll(lua.defined());
        });
        scanned.forEach((file, lua) -> {
            Set<String> told = new HashSet<>();
            for (LuaText.Use use : lua.uses()) {
                String message = theirs.contains(use.name()) ? null : message(use);
                if (message != null && told.add(use.name())) {
                    report.missing(file + ":" + use.line(), message);
                }
            }
        });
    }

    /** What is wrong with a name; {@code null} if nothing is. */
    private @Nullable String message(LuaText.Use use) {
        String name = use.name();
        boolean missing =
                switch (use.kind()) {
                    case FUNCTION -> false;
                    case METHOD -> !OF_LUA.contains(name) && !isMember(name) && isLackingMember(name, isCommon(name));
                    // The names that everybody gives to a DNSQuestion and a DNSResponse.
                    case FIELD ->
                        (use.object().equals("dq") || use.object().equals("dr"))
                                && !isMember(name)
                                && isLackingMember(name, true);
                };
        if (use.kind() == LuaText.Kind.FUNCTION && !functions.test(name)) {
            return Constants.refusal(name);
        }
        return missing ? name + Constants.LACKING : null;
    }

    private boolean isMember(String name) {
        return types.stream().anyMatch(type -> type.has(name));
    }

    private boolean isLackingMember(String name, boolean ofOurTypesOnly) {
        for (Ledger.Entry row : Ledger.all(Ledger.Table.METHODS)) {
            int colon = row.name().indexOf(':');
            if (row.status() == Ledger.Status.NOT_YET
                    && row.name().startsWith(name, colon + 1)
                    && row.name().length() == colon + 1 + name.length()
                    && (!ofOurTypesOnly || isOurs(row.name().substring(0, colon)))) {
                return true;
            }
        }
        return false;
    }

    private boolean isOurs(String type) {
        return types.stream().anyMatch(ours -> ours.name().equals(type));
    }

    /** A single word, which objects of other libraries may well have. */
    private static boolean isCommon(String name) {
        return name.chars().allMatch(c -> c >= 'a' && c <= 'z');
    }
}
