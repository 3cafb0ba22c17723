package dev.weir.script.convert;

import dev.weir.config.Configuration;
import dev.weir.config.web.WebSpec;
import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.SectionType;
import dev.weir.config.yaml.Slot;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.model.Setting;
import dev.weir.lua.LuaTable;
import dev.weir.script.function.LogFunctions;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Journal.Call;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keys that stand for calls which set something: each has what holds at last. */
final class SettingKeys {
    private final Workshop workshop;

    SettingKeys(Workshop workshop) {
        this.workshop = workshop;
    }

    /** The keys of a map of settings that say something. */
    Map<String, Object> written(SectionType type) {
        Map<String, Object> keys = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        for (Field field : type.fields()) {
            Object value = value(field, taken);
            if (value != null) {
                keys.put(field.name(), value);
            }
        }
        return keys;
    }

    /** What a key should say; {@code null}: nothing. */
    @Nullable Object value(Field field, Set<String> taken) {
        Slot slot = field.slot();
        SectionType map = field.map();
        if (map != null && !field.list() && (slot == null || !slot.isReference())) {
            Map<String, Object> below = written(map);
            return below.isEmpty() ? null : below;
        }
        if (slot == null
                || slot.isSpecial()
                || slot.function().isEmpty()
                || slot.how().equals("-")) {
            return null;
        }
        String where = slot.function() + " " + slot.position() + "." + slot.key();
        Call call = call(slot);
        try {
            Object value = taken.contains(where) ? null : value(field, slot, call, where);
            if (value != null) {
                taken.add(where);
            }
            return value;
        } catch (Unsayable e) {
            workshop.leave(call, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** The last call that gives this argument. */
    private @Nullable Call call(Slot slot) {
        String function = slot.function().equals("setRingBuffersOptions")
                        && slot.key().equals("lockRetries")
                        && workshop.origins.last(slot.function()) == null
                ? "setRingBuffersLockRetries"
                : slot.function();
        return workshop.origins.last(call -> call.function().equals(function)
                && (slot.position() == 0 || Unpacking.argument(call, slot.position(), slot.key()) != null));
    }

    private @Nullable Object value(Field field, Slot slot, @Nullable Call call, String where) {
        List<Setting> rows = slot.key().isEmpty() ? Setting.of(slot.function()) : List.of();
        if (!rows.isEmpty()) {
            return setting(field, rows.get(slot.position() - 1));
        }
        if (field.list() && field.map() != null && slot.position() == 0) {
            return slot.isReference() ? null : each(field, slot);
        }
        if (slot.how().equals("*")) {
            List<Object> all = new ArrayList<>();
            for (Call one : workshop.origins.all(slot.function())) {
                all.add(FromLua.text(one.value(1)));
                if (one.value(2) instanceof LuaTable options
                        && !FromLua.entries(options).isEmpty()) {
                    workshop.leave(one, "there is no key for its options");
                }
            }
            return all.isEmpty() ? null : all;
        }
        if (where.startsWith("setWebserverConfig") || where.startsWith("setAPIWritable")) {
            return web(slot, call);
        }
        Configuration configuration = workshop.context.configuration;
        return switch (where) {
            case "setACL 1." -> masks(workshop.context.model.acl(), "setACL", "addACL", "rmACL", "setACLFromFile");
            case "setProxyProtocolACL 1." -> masks(workshop.context.model.proxyAcl(), "setProxyProtocolACL");
            case "setConsoleACL 1." -> masks(configuration.consoleAcl, "setConsoleACL", "addConsoleACL");
            case "addCapabilitiesToRetain 1." ->
                configuration.capabilitiesToRetain.isEmpty()
                        ? null
                        : configuration.capabilitiesToRetain.stream()
                                .map(Enum::name)
                                .toList();
            case "setServerPolicy 1." -> null; // of the policies
            case "setSyslogFacility 1." -> facility(field, configuration.syslogFacility);
            default ->
                call == null
                        ? null
                        : workshop.unpacking.write(
                                field,
                                slot,
                                Objects.requireNonNull(Unpacking.argument(call, slot.position(), slot.key())));
        };
    }

    private @Nullable Object setting(Field field, Setting setting) {
        boolean said = setting.functions().stream().anyMatch(name -> workshop.origins.last(name) != null);
        if (!said) {
            return null;
        }
        LiveSettings settings = workshop.context.model.settings();
        return switch (setting.argument().shape()) {
            case SWITCH -> settings.on(setting);
            case FACTOR -> settings.factor(setting);
            case NUMBER, NEAREST -> {
                long number = setting == Setting.HASH_PERTURBATION
                        ? Integer.toUnsignedLong(settings.number(setting))
                        : settings.number(setting);
                if (number > field.type().most()) {
                    throw new Unsayable(
                            "'" + field.name() + "' is at most " + field.type().most());
                }
                yield number;
            }
        };
    }

    private static @Nullable Object facility(Field field, int number) {
        if (number < 0) {
            return null;
        }
        String name = LogFunctions.FACILITIES.get(number);
        if (!field.values().contains(name)) {
            throw new Unsayable("'" + field.name() + "' can't be " + name);
        }
        return name;
    }

    /** A list with a map for each call. */
    private @Nullable Object each(Field field, Slot slot) {
        List<Object> all = new ArrayList<>();
        for (Call call : workshop.origins.all(slot.function())) {
            all.add(workshop.unpacking.keys(Objects.requireNonNull(field.map()), call));
        }
        return all.isEmpty() ? null : all;
    }

    private @Nullable Object masks(NetmaskGroup group, String... functions) {
        for (String function : functions) {
            if (workshop.origins.last(function) != null) {
                return group.masks().stream().map(Netmask::toString).toList();
            }
        }
        return null;
    }

    // ---- the web server, whose settings had a place behind its address once

    private @Nullable Object web(Slot slot, @Nullable Call call) {
        WebSpec web = workshop.context.configuration.web;
        WebSpec usual = WebSpec.DEFAULT;
        return switch (slot.key()) {
            case "password" -> web.password();
            case "apiKey" -> web.apiKey();
            case "acl" ->
                web.acl().masks().equals(usual.acl().masks())
                        ? null
                        : web.acl().masks().stream().map(Netmask::toString).toList();
            case "customHeaders" -> web.customHeaders().isEmpty() ? null : headers(web.customHeaders());
            case "apiRequiresAuthentication" ->
                unless(web.access().api(), usual.access().api());
            case "dashboardRequiresAuthentication" ->
                unless(web.access().dashboard(), usual.access().dashboard());
            case "statsRequireAuthentication" ->
                unless(web.access().statistics(), usual.access().statistics());
            case "allowCrossOriginRequests" ->
                unless(web.access().allowCrossOriginRequests(), usual.access().allowCrossOriginRequests());
            case "prometheusAddInstanceLabel" ->
                unless(web.prometheusAddInstanceLabel(), usual.prometheusAddInstanceLabel());
            case "maxConcurrentConnections" ->
                web.maxConcurrentConnections() == usual.maxConcurrentConnections()
                        ? null
                        : (Object) (long) web.maxConcurrentConnections();
            case "" -> call == null ? null : slot.position() == 1 ? (Object) web.apiWritable() : web.apiDirectory();
            default -> null; // what is to be hashed has been
        };
    }

    private static @Nullable Object unless(boolean value, boolean usual) {
        return value == usual ? null : (Object) value;
    }

    private static List<Object> headers(Map<String, String> headers) {
        List<Object> all = new ArrayList<>();
        headers.forEach((key, value) -> {
            Map<String, Object> pair = new LinkedHashMap<>();
            pair.put("key", key);
            pair.put("value", value);
            all.add(pair);
        });
        return all;
    }
}
