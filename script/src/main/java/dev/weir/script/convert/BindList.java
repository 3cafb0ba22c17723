package dev.weir.script.convert;

import dev.weir.config.yaml.SectionType;
import dev.weir.config.yaml.YamlTable;
import dev.weir.engine.listen.CertificateSpec;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.TlsSpec;
import dev.weir.script.lang.Args;
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

/** {@code binds}: where to listen. */
final class BindList {
    /**
     * @param options position of the table of options
     * @param foreign maps that belong to other protocols
     */
    private record Maker(String protocol, int options, Set<String> foreign) {}

    private static final Map<String, Maker> MAKERS = Map.of(
            "setLocal", new Maker("Do53", 2, Set.of("tls", "doh", "doq", "quic", "dnscrypt")),
            "addLocal", new Maker("Do53", 2, Set.of("tls", "doh", "doq", "quic", "dnscrypt")),
            "addTLSLocal", new Maker("DoT", 4, Set.of("doh", "doq", "quic", "dnscrypt")),
            "addDOHLocal", new Maker("DoH", 5, Set.of("doq", "quic", "dnscrypt")),
            "addDOQLocal", new Maker("DoQ", 4, Set.of("tcp", "doh", "dnscrypt")),
            "addDOH3Local", new Maker("DoH3", 4, Set.of("doh", "doq", "dnscrypt")),
            "addDNSCryptBind", new Maker("DNSCrypt", 5, Set.of("tls", "doh", "doq", "quic")));

    private final Workshop workshop;
    private final SectionType type = Objects.requireNonNull(
            Objects.requireNonNull(YamlTable.table().root().field("binds")).map());

    BindList(Workshop workshop) {
        this.workshop = workshop;
    }

    List<Object> written() {
        List<Call> calls = new ArrayList<>();
        for (Call call : workshop.origins.calls()) {
            if (call.function().equals("setLocal")) {
                calls.removeIf(before -> protocol(before).equals("Do53"));
            }
            if (MAKERS.containsKey(call.function())) {
                calls.add(call);
            }
        }
        List<ListenSpec> specs = workshop.context.configuration.listeners;
        List<Object> all = new ArrayList<>();
        int https = 0;
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            int number = protocol(call).equals("DoH") ? https++ : -1;
            try {
                all.add(bind(call, specs.get(i), number));
            } catch (Unsayable e) {
                workshop.leave(call, e.getMessage() + ": the listener is left out");
            }
        }
        return all;
    }

    private static Maker maker(Call call) {
        return Objects.requireNonNull(MAKERS.get(call.function()));
    }

    private static String protocol(Call call) {
        return maker(call).protocol;
    }

    /** @param https its number among the listeners for HTTP; -1 for others */
    private Map<String, Object> bind(Call call, ListenSpec spec, int https) {
        Maker maker = maker(call);
        Map<String, Object> bind = new LinkedHashMap<>();
        bind.put("listen_address", FromLua.text(call.value(1)));
        if (!maker.protocol.equals("Do53")) {
            bind.put("protocol", maker.protocol);
        }
        Object more = Unpacking.argument(call, maker.options, "additionalAddresses");
        if (more != null) {
            bind.put(
                    "additional_addresses",
                    Args.oneOrMore(more).stream().map(FromLua::text).toList());
        }
        bind.putAll(workshop.unpacking.keys(type, call, maker.options, own(call, maker), maker.foreign));
        certificates(spec, bind);
        if (maker.protocol.equals("DoH")) {
            http(call, bind, https);
        } else if (maker.protocol.equals("DNSCrypt")) {
            below(bind, "dnscrypt").putAll(dnscrypt(call));
        }
        return bind;
    }

    /** Arguments that are looked at here: all in front of the options, and some of those. */
    private static Set<String> own(Call call, Maker maker) {
        Set<String> own = new HashSet<>();
        for (int position = 1; position < maker.options; position++) {
            own.add(position + ".");
        }
        own.add(maker.options + ".additionalAddresses");
        boolean withoutTcp =
                maker.protocol.equals("Do53") && Boolean.FALSE.equals(Unpacking.argument(call, maker.options, "doTCP"));
        if (!withoutTcp) {
            own.add(maker.options + ".doTCP"); // it is always there
        }
        return own;
    }

    @SuppressWarnings("unchecked") // only such maps are put below keys
    private static Map<String, Object> below(Map<String, Object> map, String key) {
        return (Map<String, Object>) map.computeIfAbsent(key, any -> new LinkedHashMap<String, Object>());
    }

    private static void certificates(ListenSpec spec, Map<String, Object> bind) {
        @Nullable TlsSpec tls =
                switch (spec) {
                    case ListenSpec.Tls dot -> dot.tls();
                    case ListenSpec.Https doh -> doh.tls();
                    case ListenSpec.Quic quic -> quic.tls();
                    default -> null;
                };
        if (tls == null) {
            return;
        }
        List<Object> pairs = new ArrayList<>();
        for (CertificateSpec each : tls.certificates()) {
            Map<String, Object> pair = new LinkedHashMap<>();
            pair.put("certificate", each.certificate());
            if (!each.key().isEmpty()) {
                pair.put("key", each.key());
            }
            if (!each.password().isEmpty()) {
                pair.put("password", each.password());
            }
            pairs.add(pair);
        }
        below(bind, "tls").put("certificates", pairs);
    }

    private void http(Call call, Map<String, Object> bind, int number) {
        if (call.value(4) != null) {
            below(bind, "doh")
                    .put(
                            "paths",
                            Args.oneOrMore(call.value(4)).stream()
                                    .map(FromLua::text)
                                    .toList());
        }
        Call responses = workshop.origins.last(method -> method.function().equals("DOHFrontend:setResponsesMap")
                && Origins.thing(method.object()) instanceof dev.weir.script.object.DohFrontendType.Place place
                && place.index() == number);
        if (responses != null) {
            SectionType entry = Objects.requireNonNull(Objects.requireNonNull(Objects.requireNonNull(
                                    Objects.requireNonNull(type.field("doh")).map())
                            .field("responses_map"))
                    .map());
            List<Object> all = new ArrayList<>();
            for (@Nullable Object each : Args.oneOrMore(responses.value(1))) {
                all.add(workshop.unpacking.keys(entry, workshop.unpacking.maker(each)));
            }
            below(bind, "doh").put("responses_map", all);
        }
    }

    private static Map<String, Object> dnscrypt(Call call) {
        List<@Nullable Object> certificates = Args.oneOrMore(call.value(3));
        List<@Nullable Object> keys = Args.oneOrMore(call.value(4));
        List<Object> pairs = new ArrayList<>();
        for (int i = 0; i < certificates.size(); i++) {
            Map<String, Object> pair = new LinkedHashMap<>();
            pair.put("certificate", FromLua.text(certificates.get(i)));
            pair.put("key", FromLua.text(keys.get(i)));
            pairs.add(pair);
        }
        Map<String, Object> dnscrypt = new LinkedHashMap<>();
        dnscrypt.put("provider_name", FromLua.text(call.value(2)));
        dnscrypt.put("certificates", pairs);
        return dnscrypt;
    }
}
