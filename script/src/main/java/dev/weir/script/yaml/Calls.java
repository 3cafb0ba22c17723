package dev.weir.script.yaml;

import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.NearestName;
import dev.weir.config.yaml.Section;
import dev.weir.config.yaml.SectionType;
import dev.weir.config.yaml.Slot;
import dev.weir.config.yaml.Value;
import dev.weir.config.yaml.YamlException;
import dev.weir.config.yaml.YamlPlace;
import dev.weir.config.yaml.YamlTable;
import dev.weir.engine.policy.Policy;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.Mistake;
import dev.weir.script.lang.Vocabulary;
import dev.weir.script.object.Constants;
import dev.weir.script.object.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Maps of the file as calls of the functions that the table names for them. */
final class Calls {
    final Context context;
    final Vocabulary vocabulary;
    final InlineLua lua;
    private final Conversion conversion;
    private final Variants variants;

    Calls(Context context, Vocabulary vocabulary) {
        this.context = context;
        this.vocabulary = vocabulary;
        this.lua = new InlineLua(context);
        this.conversion = new Conversion(context);
        this.variants = new Variants(this);
    }

    Variants variants() {
        return variants;
    }

    // ---- settings

    /** Calls what the keys at and below one of the file's first level ask for. */
    void settings(Field field, Value value) {
        Map<String, Draft> drafts = new LinkedHashMap<>();
        gather(field, value, null, drafts, 0);
        for (Draft draft : drafts.values()) {
            if (!vocabulary.has(draft.function) && draft.isUsual()) {
                continue; // asks for what holds anyhow
            }
            fill(field, draft);
            if (draft.isWanted()) {
                var _ = run(draft);
            }
        }
    }

    /** The arguments that a call is not given, from the keys below one of the first level. */
    private static void fill(Field field, Draft draft) {
        Slot slot = field.slot();
        SectionType map = field.map();
        if (slot != null && slot.function().equals(draft.function)) {
            draft.fill(field);
        }
        if (map != null && !field.list()) {
            map.fields().forEach(below -> fill(below, draft));
        }
    }

    // ---- objects

    /** What the function of a map's type makes of it; it gets its name if it has one. */
    @Nullable Object make(Section section) {
        Slot maker = maker(section);
        Draft draft = draft(section, function(section, maker));
        if (maker.kind().equals("filter")) {
            var _ = draft.options(1); // without any it would be the form with three numbers
        }
        @Nullable Object made = run(draft);
        if (maker.isReference() && made instanceof LuaObject object && section.has("name")) {
            name(maker.kind(), section, object);
        }
        return made;
    }

    private static String function(Section section, Slot maker) {
        return maker.function().equals("newFrameStream")
                ? maker.function() + (section.text("transport").equalsIgnoreCase("tcp") ? "TcpLogger" : "UnixLogger")
                : maker.function();
    }

    /** The arguments that a map has for a function. */
    Draft draft(Section section, String function) {
        Draft draft = new Draft(function, section.place());
        requireFunction(draft);
        Map<String, Draft> drafts = new LinkedHashMap<>();
        ListenSections.FUNCTIONS.forEach(name -> drafts.put(name, draft));
        gather(section, draft, drafts, 0);
        section.type().fields().forEach(draft::fill);
        return draft;
    }

    private static Slot maker(Section section) {
        Slot maker = section.type().maker();
        if (maker == null) {
            throw new IllegalStateException(
                    "nothing is made of " + section.type().name());
        }
        return maker;
    }

    /** Gives an object its name, which no other of the kind has. */
    void name(String kind, Section section, LuaObject object) {
        if (!context.named.add(kind, section.text("name"), object)) {
            throw new YamlException(section.place("name"), "'" + section.text("name") + "' stands twice");
        }
    }

    /** What has been given a name before. */
    LuaObject named(String kind, Value value) {
        LuaObject found = context.named.find(kind, value.text());
        if (found == null && kind.equals("policy")) {
            found = policy(value.text());
        }
        if (found != null) {
            return found;
        }
        if (isLacking(kind)) {
            throw new YamlException(value.place(), "not implemented yet in Weir");
        }
        List<String> known = new ArrayList<>(context.named.names(kind));
        if (kind.equals("policy")) {
            Policy.BUILT_IN.forEach(policy -> known.add(policy.name()));
        }
        throw new YamlException(
                value.place(),
                "nothing above has the name '" + value.text() + "'" + NearestName.hint(value.text(), known));
    }

    /** Whether there is no function yet that makes such things. */
    private boolean isLacking(String kind) {
        List<String> makers = YamlTable.table().fields().stream()
                .map(Field::slot)
                .filter(slot -> slot != null
                        && slot.key().isEmpty()
                        && slot.position() == 0
                        && slot.kind().equals(kind))
                .map(slot -> Objects.requireNonNull(slot).function())
                .toList();
        return !makers.isEmpty() && makers.stream().noneMatch(vocabulary::has);
    }

    /** One of dnsdist's, or what a Lua file beside has made. */
    private @Nullable LuaObject policy(String name) {
        for (Policy policy : Policy.BUILT_IN) {
            if (policy.name().equals(name)) {
                return context.objects.policy.wrap(policy);
            }
        }
        return context.state.globals().get(name) instanceof LuaObject object && object.instance() instanceof Policy
                ? object
                : null;
    }

    // ---- gathering

    private void gather(Section section, @Nullable Draft scope, Map<String, Draft> drafts, int base) {
        for (Field field : section.type().fields()) {
            Value value = section.value(field.name());
            if (value != null) {
                gather(field, value, scope, drafts, base);
            }
        }
    }

    private void gather(Field field, Value value, @Nullable Draft scope, Map<String, Draft> drafts, int base) {
        Slot slot = field.slot();
        SectionType map = field.map();
        if (slot != null && (slot.isSpecial() || slot.how().equals("=name"))) {
            return;
        }
        if (map != null && !field.list()) {
            if (map.maker() == null) {
                gather(value.section(), scope, drafts, slot == null ? base : slot.position());
            } else if (make(value.section()) instanceof LuaObject filter) {
                var _ = call("setDefaultBPFFilter", value.place(), filter);
            }
        } else if (map != null
                && (slot == null || slot.position() == 0 && slot.key().isEmpty())) {
            value.elements().forEach(element -> make(element.section()));
        } else if (slot != null) {
            put(field, slot, value, scope, drafts, base);
        }
    }

    private void put(Field field, Slot slot, Value value, @Nullable Draft scope, Map<String, Draft> drafts, int base) {
        boolean usual = !field.list() && value.text().equalsIgnoreCase(field.defaultText());
        boolean nothing = !field.list() && value.text().isEmpty()
                || field.list() && slot.function().isEmpty() && value.elements().isEmpty();
        if (nothing && !field.required() || slot.how().equals(":or") && usual) {
            return;
        }
        if (slot.how().equals("-")) {
            if (!usual) {
                throw new YamlException(value.place(), "not implemented yet in Weir");
            }
            return;
        }
        if (slot.how().equals("*")) {
            value.elements().forEach(element -> {
                var _ = call(slot.function(), element.place(), Conversion.plain(element));
            });
            return;
        }
        Draft draft = slot.function().isEmpty()
                ? Objects.requireNonNull(scope)
                : drafts.computeIfAbsent(slot.function(), name -> new Draft(name, value.place()));
        if (!usual) {
            draft.unusual();
        }
        switch (slot.how()) {
            case ":if" -> draft.wanted(Boolean.parseBoolean(value.text()));
            case ":svckeys" -> {
                for (Value each : value.elements()) {
                    Section pair = each.section();
                    draft.options(slot.position())
                            .put(LuaString.of("key" + pair.text("key")), LuaString.of(pair.text("value")));
                }
            }
            default -> draft.put(field, slot, base, argument(field, slot, value), value.place());
        }
    }

    private Object argument(Field field, Slot slot, Value value) {
        if (field.list()
                && (slot.isReference()
                        || slot.how().startsWith("<")
                        || field.map() == null && field.type() == Field.Type.SELECTOR)) {
            return LuaTable.ofList(value.elements().stream()
                    .map(element -> argumentOf(field, slot, element))
                    .toArray());
        }
        return argumentOf(field, slot, value);
    }

    private Object argumentOf(Field field, Slot slot, Value value) {
        return switch (field.type()) {
            case SELECTOR -> variants.selector(value.section());
            case ACTION, RESPONSE_ACTION -> variants.action(value.section());
            default -> {
                if (slot.how().startsWith("<")) {
                    yield Objects.requireNonNull(make(value.section()));
                }
                yield switch (slot.how()) {
                    case ":name", ":code", ":file" -> lua.function(value, slot.how());
                    default ->
                        slot.isReference() ? named(slot.kind(), value) : conversion.convert(field, value, slot.how());
                };
            }
        };
    }

    // ---- calling

    /** Calls a function with values as they are. */
    @Nullable Object call(String function, YamlPlace place, @Nullable Object... arguments) {
        Draft draft = new Draft(function, place);
        for (int i = 0; i < arguments.length; i++) {
            Object argument = arguments[i];
            if (argument != null) {
                draft.argument(i + 1, argument);
            }
        }
        return run(draft);
    }

    private void requireFunction(Draft draft) {
        if (!vocabulary.has(draft.function)) {
            throw new YamlException(draft.place, draft.function + Constants.LACKING);
        }
    }

    @Nullable Object run(Draft draft) {
        requireFunction(draft);
        Args args = new Args(draft.function, draft.arguments(), 0, context.whileLoading());
        context.at(draft.place.fileAndLine());
        try {
            return vocabulary.call(draft.function, args);
        } catch (Mistake e) {
            throw new YamlException(draft.placeOf(e.text(), args.lastRead()), e.text());
        } catch (LuaError | IllegalArgumentException e) {
            String message = draft.function + ": " + e.getMessage();
            throw new YamlException(draft.placeOf(message, args.lastRead()), message);
        }
    }

    /** Calls a method of an object. */
    void method(LuaObject object, String method, YamlPlace place, @Nullable Object... arguments) {
        context.at(place.fileAndLine());
        @Nullable Object[] all = new @Nullable Object[arguments.length + 1];
        all[0] = object;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        try {
            Object function = LuaOperators.index(context.state, object, LuaString.of(method));
            var _ = LuaOperators.call(context.state, function, all);
        } catch (LuaError e) {
            throw new YamlException(place, String.valueOf(e.getMessage()));
        }
    }
}
