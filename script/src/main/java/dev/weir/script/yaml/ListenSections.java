package dev.weir.script.yaml;

import dev.weir.config.yaml.Section;
import dev.weir.config.yaml.Value;
import dev.weir.engine.listen.Protocol;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ToLua;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** {@code binds}: the protocol picks the function that makes the listener. */
final class ListenSections {
    /** @param options position of the table of options */
    private record Maker(String function, int options, List<String> sections) {}

    /** Those that the table names: what one of them does not take is told by itself. */
    static final List<String> FUNCTIONS =
            List.of("addLocal", "addTLSLocal", "addDOHLocal", "addDOQLocal", "addDNSCryptBind");

    private static final List<String> OF_PROTOCOLS = List.of("tls", "doh", "doq", "quic", "dnscrypt");

    private final Calls calls;

    ListenSections(Calls calls) {
        this.calls = calls;
    }

    private static Maker maker(String protocol) {
        return switch (protocol) {
            case "dot" -> new Maker("addTLSLocal", 4, List.of("tls"));
            case "doh" -> new Maker("addDOHLocal", 5, List.of("tls", "doh"));
            case "doq" -> new Maker("addDOQLocal", 4, List.of("tls", "doq", "quic"));
            case "doh3" -> new Maker("addDOH3Local", 4, List.of("tls", "quic"));
            case "dnscrypt" -> new Maker("addDNSCryptBind", 5, List.of("dnscrypt"));
            default -> new Maker("addLocal", 2, List.of());
        };
    }

    void bind(Section given) {
        String protocol = given.text("protocol").toLowerCase(Locale.ROOT);
        Maker maker = maker(protocol);
        Section section = of(given, maker, protocol);
        long threads = Math.max(1, section.integer("threads"));
        boolean more = maker.function.equals("addTLSLocal") || maker.function.equals("addDOHLocal");
        List<Value> addresses = new ArrayList<>(List.of(Objects.requireNonNull(section.value("listen_address"))));
        if (!more) {
            addresses.addAll(section.list("additional_addresses"));
        }
        for (Value address : addresses) {
            for (long i = 0; i < threads; i++) {
                Draft draft = calls.draft(section, maker.function);
                draft.argument(1, LuaString.of(address.text()));
                if (threads > 1) {
                    draft.options(0).put(LuaString.of("reusePort"), true);
                }
                if (more && section.has("additional_addresses")) {
                    draft.options(0)
                            .put(
                                    LuaString.of("additionalAddresses"),
                                    Conversion.plain(Objects.requireNonNull(section.value("additional_addresses"))));
                }
                encryption(draft, section, protocol);
                draft.argument(maker.options, draft.options(0));
                var _ = calls.run(draft);
            }
        }
        Section doh = section.section("doh");
        if (doh != null && doh.has("responses_map")) {
            responses(doh);
        }
    }

    /** Without what belongs to other protocols, which is said. */
    private Section of(Section given, Maker maker, String protocol) {
        Map<String, Value> values = new LinkedHashMap<>(given.values());
        for (String name : OF_PROTOCOLS) {
            if (!maker.sections.contains(name) && values.remove(name) != null) {
                calls.context.at(given.place(name).fileAndLine());
                calls.context.complain(
                        given.place(name).path(), "has no effect with the protocol " + protocol + ", ignored");
            }
        }
        return new Section(given.type(), given.place(), values);
    }

    private void encryption(Draft draft, Section section, String protocol) {
        Section tls = section.section("tls");
        if (tls != null && tls.has("certificates")) {
            draft.argument(
                    2,
                    LuaTable.ofList(tls.list("certificates").stream()
                            .map(each -> calls.make(each.section()))
                            .toArray()));
        }
        Section doh = section.section("doh");
        if (protocol.equals("doh") && doh != null && doh.has("paths")) {
            draft.argument(4, Conversion.plain(Objects.requireNonNull(doh.value("paths"))));
        }
        Section dnscrypt = section.section("dnscrypt");
        if (dnscrypt != null) {
            draft.argument(2, LuaString.of(dnscrypt.text("provider_name")));
            draft.argument(3, paths(dnscrypt, "certificate"));
            draft.argument(4, paths(dnscrypt, "key"));
        }
    }

    private static LuaTable paths(Section dnscrypt, String key) {
        return ToLua.texts(dnscrypt.list("certificates").stream()
                .map(each -> each.section().text(key))
                .toList());
    }

    /** To the frontend that was added last. */
    private void responses(Section doh) {
        int last = calls.context.frontends(Protocol.DOH).size() - 1;
        Object frontend = calls.call("getDOHFrontend", doh.place("responses_map"), ToLua.of(last));
        LuaTable responses = LuaTable.ofList(doh.list("responses_map").stream()
                .map(each -> calls.make(each.section()))
                .toArray());
        calls.method(
                (LuaObject) Objects.requireNonNull(frontend), "setResponsesMap", doh.place("responses_map"), responses);
    }
}
