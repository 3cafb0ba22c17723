package dev.weir.script.convert;

import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.SectionType;
import dev.weir.config.yaml.Slot;
import dev.weir.config.yaml.YamlTable;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.Answering;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.NameSelector;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.rule.StatefulSelector;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Journal.Call;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Selectors and actions as the maps that make them. What several rules share, and remembers something, gets a name, so that it stays one thing. */
final class Parts {
    /** Sets with more members are not written twice. */
    private static final int LONG = 8;

    private final Workshop workshop;
    private final Map<String, String> selectorWords = words(Field.Type.SELECTOR);
    private final Map<String, String> actionWords = words(Field.Type.ACTION);
    private final Map<String, String> responseWords = words(Field.Type.RESPONSE_ACTION);
    private final IdentityHashMap<Object, Integer> uses = new IdentityHashMap<>();
    private final IdentityHashMap<Object, String> selectorNames = new IdentityHashMap<>();
    private final IdentityHashMap<Object, String> actionNames = new IdentityHashMap<>();
    private final List<Object> named = new ArrayList<>();

    Parts(Workshop workshop) {
        this.workshop = workshop;
    }

    /** The word that picks a variant, by the function that makes it. */
    private static Map<String, String> words(Field.Type family) {
        Map<String, String> words = new HashMap<>();
        YamlTable.table().variants(family).forEach((word, type) -> {
            Slot maker = type.maker();
            if (maker != null && !maker.function().isEmpty()) {
                words.put(maker.function(), word);
            }
        });
        return words;
    }

    // ---- what is shared

    /** A rule is going to have this part: to be said of each before the first is written. */
    void count(Object part) {
        if (uses.merge(part, 1, Integer::sum) > 1) {
            return;
        }
        if (part instanceof ClientSelector.Netmasks masks) {
            uses.merge(masks.group(), 1, Integer::sum);
        }
        Call call = workshop.origins.of(part);
        if (call != null) {
            call.values().forEach(this::countBelow);
        }
    }

    private void countBelow(@Nullable Object value) {
        Object thing = Origins.thing(value);
        if (thing instanceof Selector || thing instanceof Action || thing instanceof ResponseAction) {
            count(thing);
        } else if (value instanceof LuaTable table) {
            FromLua.entries(table).forEach(entry -> countBelow(entry.value()));
        }
    }

    private boolean isShared(Object part) {
        return uses.getOrDefault(part, 0) > 1;
    }

    private static boolean remembers(Selector selector) {
        return switch (selector) {
            case StatefulSelector.MaxQps any -> true;
            case StatefulSelector.MaxQpsIp any -> true;
            case NameSelector.Suffix suffix -> suffix.names().size() > LONG;
            case NameSelector.QNameSet set -> set.names().size() > LONG;
            case ClientSelector.Netmasks masks -> masks.group().size() > LONG;
            default -> false;
        };
    }

    /** Selectors that have a name, in the order in which they must stand. */
    List<Object> named() {
        return named;
    }

    // ---- selectors

    Map<String, Object> selector(@Nullable Object value) {
        if (Origins.thing(value) instanceof Selector selector) {
            return selector(selector);
        }
        throw new Unsayable("a selector that is none");
    }

    Map<String, Object> selector(Selector selector) {
        if (!isShared(selector) || !remembers(selector)) {
            return written(selector);
        }
        String name = selectorNames.get(selector);
        if (name == null) {
            Map<String, Object> definition = new LinkedHashMap<>();
            name = workshop.names.free("selector", "");
            definition.put("name", name);
            definition.putAll(written(selector));
            named.add(definition);
            selectorNames.put(selector, name);
        }
        return variant("ByName", Map.of("selector_name", name));
    }

    private static Map<String, Object> variant(String word, Map<String, Object> keys) {
        Map<String, Object> variant = new LinkedHashMap<>();
        variant.put("type", word);
        variant.putAll(keys);
        return variant;
    }

    private Map<String, Object> written(Selector selector) {
        return switch (selector) {
            case NameSelector.Suffix suffix -> {
                Map<String, Object> keys = new LinkedHashMap<>();
                keys.put(
                        "suffixes",
                        suffix.names().names().stream().map(Name::toString).toList());
                yield variant("QNameSuffix", withFlag(keys, "quiet", suffix.quiet(), false));
            }
            case ClientSelector.Netmasks masks -> netmasks(masks);
            case ClientSelector.TimedSource timed ->
                variant("TimedIPSet", Map.of("set_name", workshop.names.of("set", timed.addresses(), "")));
            default -> built(selector);
        };
    }

    private static Map<String, Object> withFlag(Map<String, Object> keys, String key, boolean flag, boolean usual) {
        if (flag != usual) {
            keys.put(key, flag);
        }
        return keys;
    }

    private Map<String, Object> netmasks(ClientSelector.Netmasks masks) {
        NetmaskGroup group = masks.group();
        Map<String, Object> keys = new LinkedHashMap<>();
        if (isShared(group) && workshop.origins.of(group) != null) {
            keys.put("netmask_group_name", workshop.names.of("nmg", group, ""));
        } else {
            keys.put("netmasks", group.masks().stream().map(Netmask::toString).toList());
        }
        withFlag(keys, "source", masks.source(), true);
        return variant("NetmaskGroup", withFlag(keys, "quiet", masks.quiet(), false));
    }

    private Map<String, Object> built(Selector selector) {
        Call call = origin(selector, "selector");
        String word = word(selectorWords, call);
        Map<String, Object> keys = keys(Field.Type.SELECTOR, word, call, Set.of());
        if (word.equals("Tag") && "".equals(keys.get("value"))) {
            keys.put("empty-as-wildcard", false);
        }
        return variant(word, keys);
    }

    private Call origin(Object part, String what) {
        Call call = workshop.origins.of(part);
        if (call == null) {
            throw new Unsayable("a " + what + " of unknown origin");
        }
        return call;
    }

    private static String word(Map<String, String> words, Call call) {
        String word = words.get(call.function());
        if (word == null) {
            throw new Unsayable(call.function() + " has no twin in YAML");
        }
        return word;
    }

    private Map<String, Object> keys(Field.Type family, String word, Call call, Set<String> others) {
        SectionType type = java.util.Objects.requireNonNull(
                YamlTable.table().variants(family).get(word));
        return workshop.unpacking.keys(type, call, 0, others);
    }

    // ---- actions

    /** An action on queries or on responses. */
    Map<String, Object> action(@Nullable Object value) {
        Object thing = Origins.thing(value);
        if (thing == null) {
            throw new Unsayable("an action that is none");
        }
        return ofAction(thing);
    }

    Map<String, Object> ofAction(Object action) {
        boolean shared = isShared(action) && (action instanceof Action.Qps || action instanceof Action.QpsPool);
        String name = actionNames.get(action);
        if (shared && name != null) {
            return variant("ByName", Map.of("action_name", name));
        }
        Map<String, Object> made = builtAction(action);
        if (shared) {
            name = workshop.names.free("action", "");
            actionNames.put(action, name);
            made.put("name", name);
        }
        return made;
    }

    private Map<String, Object> builtAction(Object action) {
        Call call = origin(action, "action");
        boolean query = action instanceof Action;
        String word = word(query ? actionWords : responseWords, call);
        Field.Type family = query ? Field.Type.ACTION : Field.Type.RESPONSE_ACTION;
        if (action instanceof Answering.SpoofAddresses spoof) {
            return variant(word, spoofed(spoof, call));
        }
        Map<String, Object> keys = keys(family, word, call, Set.of());
        if (action instanceof Answering.SpoofPacket packet) {
            keys.putIfAbsent("len", (long) packet.answer().length);
        }
        return variant(word, keys);
    }

    /** Old configurations give the second address as an argument of its own, with the options behind it. */
    private Map<String, Object> spoofed(Answering.SpoofAddresses spoof, Call call) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("ips", spoof.addresses().stream().map(Object::toString).toList());
        int options = FromLua.isText(call.value(2)) ? 3 : 2;
        SectionType type = java.util.Objects.requireNonNull(java.util.Objects.requireNonNull(
                                YamlTable.table().variants(Field.Type.ACTION).get("Spoof"))
                        .field("vars"))
                .map();
        Map<String, Object> vars =
                workshop.unpacking.keys(java.util.Objects.requireNonNull(type), call, options, others(options));
        if (!vars.isEmpty()) {
            keys.put("vars", vars);
        }
        return keys;
    }

    private static Set<String> others(int options) {
        return options == 2 ? Set.of("1.") : Set.of("1.", "2.");
    }

    /** The values of a list, or the one value. */
    static List<@Nullable Object> oneOrMore(@Nullable Object value) {
        return Args.oneOrMore(value);
    }
}
