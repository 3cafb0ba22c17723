package dev.weir.script;

import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.SectionType;
import dev.weir.config.yaml.YamlTable;
import dev.weir.engine.listen.DnscryptCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Configurations in YAML made from the table: the least that says a given key. */
final class YamlSamples {
    /** Values that a text of any kind is not, by the end of the path. */
    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("acl[]", "192.0.2.0/24"),
            Map.entry("additional_addresses[]", "127.0.0.2:5301"),
            Map.entry("address", "127.0.0.1:5300"),
            Map.entry("listen_address", "127.0.0.1:5300"),
            Map.entry("listen_addresses[]", "127.0.0.1:8083"),
            Map.entry("rca", "127.0.0.1:5300"),
            Map.entry("lca", "127.0.0.1"),
            Map.entry("netmasks[]", "192.0.2.0/24"),
            Map.entry("netmasks", "192.0.2.0/24"),
            Map.entry("exclude_ranges[]", "192.0.2.0/24"),
            Map.entry("include_ranges[]", "192.0.2.0/24"),
            Map.entry("ips", "192.0.2.1"),
            Map.entry("answers", "abcd"),
            Map.entry("SetECS].ipv4", "192.0.2.0/24"),
            Map.entry("SetECS].ipv6", "2001:db8::/32"),
            Map.entry("ipv4-hints", "192.0.2.1"),
            Map.entry("ipv6-hints", "2001:db8::1"),
            Map.entry("rcode", "Refused"),
            Map.entry("allowed_rcodes[]", "NXDomain"),
            Map.entry("Opcode].code", "Notify"),
            Map.entry("qtype", "AAAA"),
            Map.entry("qclass", "IN"),
            Map.entry("qtype_for_any", "A"),
            Map.entry("cpus", "0,1"),
            Map.entry("capabilities_to_retain[]", "CAP_NET_RAW"),
            Map.entry("fast_open_key", "0-1-2-ffffffff"),
            Map.entry("options_to_skip[]", "10"),
            Map.entry("uuid", "3bd8a8a6-5f2c-4f1c-9e0e-1c2f3a4b5c6d"),
            Map.entry("source", "127.0.0.1"),
            Map.entry("subject_address", "192.0.2.1"),
            Map.entry("default_policy", "wrandom"),
            Map.entry("pools[].policy", "wrandom"),
            Map.entry("packet_cache", "cache"),
            Map.entry("kvs_name", "kvs"),
            Map.entry("lookup_key_name", "key"),
            Map.entry("netmask_group_name", "nmg"),
            Map.entry("set_name", "set"),
            Map.entry("selector_name", "selector"),
            Map.entry("action_name", "action"),
            Map.entry("mmdb[].mmdb", "mmdb"),
            Map.entry("function_name", "f"),
            Map.entry("health_checks.function", "f"),
            Map.entry("validation_function", "f"),
            Map.entry("code", "return function() end"),
            Map.entry("function_code", "return function() end"),
            Map.entry("health_checks.lua", "return function() end"),
            Map.entry("validation_lua", "return function() end"),
            Map.entry("function_file", "src/test/resources/function.lua"),
            Map.entry("lua_file", "src/test/resources/function.lua"),
            Map.entry("protocol", "Do53"),
            Map.entry("selector[type=IncomingProtocol].protocol", "DoUDP"),
            Map.entry("syslog_facility", "local3"),
            Map.entry("structured.backend", "json"),
            Map.entry("key_value_stores.mmdb[].query_param", "country"),
            Map.entry("response", "0123456789ab"),
            Map.entry("ca_store", "/dev/null"),
            Map.entry("dnscrypt.certificates[].certificate", "target/sample.cert"),
            Map.entry("dnscrypt.certificates[].key", "target/sample.key"),
            Map.entry("file_name", "/nowhere/file"),
            Map.entry("Log].file_name", "/dev/null"),
            Map.entry("type", "query-rate"));

    /** Numbers that 1 is not good for. */
    private static final Map<String, String> NUMBERS = Map.of(
            "HTTPStatus].status", "200",
            "responses_map[].status", "200",
            "weighted_balancing_factor", "1.5",
            "consistent_hashing_balancing_factor", "1.5",
            "maximum_entry_size", "512",
            "len", "12",
            "edns_udp_payload_size_self_generated_answers", "1400",
            "proxy_protocol.maximum_payload_size", "300");

    private static final String DNSCRYPT_CERTIFICATE = "target/sample.cert";
    private static final String DNSCRYPT_KEY = "target/sample.key";

    static {
        try {
            byte[] certificate = DnscryptCertificate.composeUnsigned(1, new byte[32], 1, 2, 3);
            Files.write(Path.of(DNSCRYPT_CERTIFICATE), certificate);
            Files.write(Path.of(DNSCRYPT_KEY), new byte[32]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private YamlSamples() {}

    /** What references find: the parts that no rule needs. */
    static Map<String, Object> named() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("packet_caches", List.of(Map.of("name", "cache", "size", 100)));
        root.put(
                "key_value_stores",
                Map.of(
                        "cdb",
                        List.of(Map.of("name", "kvs", "file_name", "/nowhere", "refresh_delay", 0)),
                        "lookup_keys",
                        Map.of("qname_keys", List.of(Map.of("name", "key")))));
        root.put("mmdbs", List.of(Map.of("name", "mmdb", "file_name", "/nowhere")));
        root.put("netmask_groups", List.of(Map.of("name", "nmg", "netmasks", List.of("192.0.2.0/24"))));
        root.put("timed_ip_sets", List.of(Map.of("name", "set")));
        root.put("selectors", List.of(Map.of("type", "All", "name", "selector")));
        root.put(
                "query_rules",
                new ArrayList<>(List.of(Map.of(
                        "selector", Map.of("type", "All"), "action", Map.of("type", "None", "name", "action")))));
        root.put(
                "response_rules",
                new ArrayList<>(List.of(Map.of(
                        "selector", Map.of("type", "All"), "action", Map.of("type", "Allow", "name", "action")))));
        return root;
    }

    /** A map that has the keys that it must have, and one more. */
    static Map<String, Object> map(SectionType type, String... more) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Field field : type.fields()) {
            if (field.required() || List.of(more).contains(field.name())) {
                map.put(field.name(), value(field));
            }
        }
        return map;
    }

    static Object value(Field field) {
        Object one = one(field);
        return field.list() ? List.of(one) : one;
    }

    private static Object one(Field field) {
        SectionType map = field.map();
        if (map != null) {
            return map(map);
        }
        return switch (field.type()) {
            case BOOL -> !Boolean.parseBoolean(field.defaultText());
            case SELECTOR -> Map.of("type", "RD");
            case ACTION -> Map.of("type", "Drop");
            case RESPONSE_ACTION -> Map.of("type", "Drop");
            case TEXT -> text(field);
            default ->
                new Number(ending(NUMBERS, field.path(), field.defaultText().equals("1") ? "2" : "1"));
        };
    }

    private static Object text(Field field) {
        String known = ending(TEXTS, field.path(), "");
        if (!known.isEmpty()) {
            return known;
        }
        return field.values().isEmpty() ? "some" : field.values().getLast();
    }

    /** The value of the longest key that ends a path. */
    private static String ending(Map<String, String> values, String path, String otherwise) {
        String best = "";
        for (String key : values.keySet()) {
            boolean ends = path.equals(key)
                    || path.endsWith("." + key)
                    || path.endsWith("_" + key)
                    || path.endsWith(key) && key.contains(".");
            if (ends && key.length() > best.length()) {
                best = key;
            }
        }
        return best.isEmpty() ? otherwise : values.get(best);
    }

    /** Written as it is. */
    record Number(String text) {}

    /** As JSON, which YAML contains. */
    static String yaml(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> '"' + entry.getKey().toString() + "\": " + yaml(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case List<?> list -> list.stream().map(YamlSamples::yaml).collect(Collectors.joining(", ", "[", "]"));
            case String text -> '"' + text + '"';
            case Number number -> number.text;
            default -> value.toString();
        };
    }

    /** A whole file around one value at a path of the table, such as {@code backends[].tls}. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> around(Field field) {
        Map<String, Object> root = named();
        String[] keys = field.path().split("\\.", -1);
        Map<String, Object> map = root;
        SectionType type = YamlTable.table().root();
        for (int i = 0; i < keys.length - 1; i++) {
            String key = keys[i].replace("[]", "");
            Field step = java.util.Objects.requireNonNull(type.field(key), field.path());
            type = java.util.Objects.requireNonNull(step.map());
            Map<String, Object> below = map(type);
            if (step.list()) {
                map.put(key, new ArrayList<>(List.of(below)));
            } else if (map.get(key) instanceof Map<?, ?> there) {
                below.putAll((Map<String, Object>) there);
                map.put(key, below);
            } else {
                map.put(key, below);
            }
            map = below;
        }
        map.put(field.name(), value(field));
        adapt(field.path(), root);
        return root;
    }

    /** What some keys want beside them. */
    @SuppressWarnings("unchecked")
    private static void adapt(String path, Map<String, Object> root) {
        if (path.startsWith("binds[].")) {
            Map<String, Object> bind = ((List<Map<String, Object>>) root.get("binds")).getFirst();
            for (String protocol : List.of("doh", "doq", "quic", "dnscrypt", "tls")) {
                if (path.startsWith("binds[]." + protocol)) {
                    bind.put(
                            "protocol",
                            switch (protocol) {
                                case "tls" -> "DoT";
                                case "quic" -> "DoQ";
                                case "dnscrypt" -> "DNSCrypt";
                                default -> protocol;
                            });
                    if (bind.get("dnscrypt") instanceof Map<?, ?> there) {
                        Map<String, Object> named = new LinkedHashMap<>(Map.of("provider_name", "2.a."));
                        named.putAll((Map<String, Object>) there);
                        bind.put("dnscrypt", named);
                    }
                    if (!protocol.equals("dnscrypt")) {
                        Map<String, Object> tls = new LinkedHashMap<>(
                                Map.of("certificates", List.of(Map.of("certificate", "/c", "key", "/k"))));
                        if (bind.get("tls") instanceof Map<?, ?> there) {
                            tls.putAll((Map<String, Object>) there);
                        }
                        bind.put("tls", tls);
                    }
                }
            }
        }
        if (path.startsWith("load_balancing_policies.custom_policies")) {
            Map<String, Object> policy = ((List<Map<String, Object>>)
                            ((Map<String, Object>) root.get("load_balancing_policies")).get("custom_policies"))
                    .getFirst();
            if (policy.keySet().stream().noneMatch(key -> key.startsWith("function_"))) {
                policy.put("function_code", "return function() end");
            }
            if (path.endsWith("per_thread")) {
                policy.put("ffi", true);
            }
        }
        if (path.equals("selectors[]")) {
            root.put(
                    "selectors",
                    List.of(Map.of("type", "RD", "name", "other"), Map.of("type", "All", "name", "selector")));
        }
        if (path.equals("binds[].pad_responses")) {
            ((List<Map<String, Object>>) root.get("binds")).getFirst().put("protocol", "DoH");
        }
        if (path.startsWith("snmp.")) {
            ((Map<String, Object>) root.get("snmp")).put("enabled", true);
        }
        if (path.contains("key_value_stores.mmdb[]")) {
            ((List<Map<String, Object>>) ((Map<String, Object>) root.get("key_value_stores")).get("mmdb"))
                    .getFirst()
                    .putIfAbsent("query_params", List.of("country"));
        }
        if (path.endsWith("query_param")) {
            ((List<Map<String, Object>>) ((Map<String, Object>) root.get("key_value_stores")).get("mmdb"))
                    .getFirst()
                    .remove("query_params");
        }
    }
}
