package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.model.Setting;
import dev.weir.testkit.TempDirectory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does a configuration in YAML do, and what is said of one that can't be used? */
class YamlConfigurationTest {
    private final World world = new World();

    private LoadResult load(String yaml) {
        return world.lua.loadYaml("c.yml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    private String refusal(String yaml) {
        return String.valueOf(load(yaml).error());
    }

    private void accepted(String yaml) {
        LoadResult result = load(yaml);
        assertThat(result.error()).isNull();
        assertThat(result.complaints()).isEmpty();
    }

    // ---- what is refused

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // keys
                "bakends: []|c.yml:1: bakends: unknown key, did you mean 'backends'?",
                "tuning: {udp: {timout: 1}}|c.yml:1: tuning.udp.timout: unknown key, did you mean 'timeout'?",
                "1: a|c.yml:1: 1: unknown key",
                "acl: []\\nacl: []|c.yml:2: acl: this key stands twice, the first time in line 1",
                "backends:\\n- {address: 192.0.2.1}|c.yml:2: backends[0]: 'protocol' is missing",
                "query_rules:\\n- action: {type: Drop}|c.yml:2: query_rules[0]: 'selector' is missing",
                "{[a]: b}|c.yml:1: a key is a text, not a list",
                // types
                "acl: 192.0.2.0/24|c.yml:1: acl: a list is wanted, not a single value",
                "acl: {a: b}|c.yml:1: acl: a list is wanted, not a map",
                "acl: [[a]]|c.yml:1: acl[0]: a text is wanted, not a list",
                "general: []|c.yml:1: general: a map is wanted, not a list",
                "- a|c.yml:1: a map is wanted, not a list",
                "cache_settings: {cleaning_delay: 65536}|c.yml:1: cache_settings.cleaning_delay: 65536 is not from 0 to 65535",
                "cache_settings: {cleaning_delay: -1}|c.yml:1: cache_settings.cleaning_delay: -1 is not from 0 to 65535",
                "cache_settings: {cleaning_delay: 1.5}|c.yml:1: cache_settings.cleaning_delay: an integer is wanted, not '1.5'",
                "cache_settings: {cleaning_delay: '1'}|c.yml:1: cache_settings.cleaning_delay: an integer is wanted, not the text '1'",
                "general: {fixup_case: yes}|c.yml:1: general.fixup_case: true or false is wanted, not 'yes', which is a text in YAML 1.2",
                "general: {fixup_case: 'true'}|c.yml:1: general.fixup_case: true or false is wanted, not the text 'true'",
                "load_balancing_policies: {weighted_balancing_factor: .nan}|c.yml:1: load_balancing_policies.weighted_balancing_factor: a number is wanted, not '.nan'",
                "tuning: {udp: {timeout: 0x1ff}}|c.yml:1: tuning.udp.timeout: 0x1ff is not from 0 to 255",
                // values
                "backends: [{address: 192.0.2.1, protocol: DoX}]|c.yml:1: backends[0].protocol: 'DoX' is none of Do53, DoT, DoH, did you mean 'DoT'?",
                "backends: [{address: nowhere, protocol: Do53}]|c.yml:1: backends[0].address: 'nowhere' is not an IP address",
                "acl: [192.0.2.0/33]|c.yml:1: acl: setACL: '192.0.2.0/33' has no valid prefix length",
                "general:\\n  edns_udp_payload_size_self_generated_answers: 1\\n  server_id: a\\n  capabilities_to_retain: a|c.yml:4: general.capabilities_to_retain: a list is wanted, not a single value",
                // selectors and actions
                "selectors: [{type: QTipe, name: a}]|c.yml:1: selectors[0].type: unknown type 'QTipe', did you mean 'QType'?",
                "selectors: [{type: All}]|c.yml:1: selectors[0]: 'name' is missing: rules find a selector by it",
                "selectors: [{type: All, name: a}, {type: RD, name: a}]|c.yml:1: selectors[1].name: 'a' stands twice",
                "selectors: [{name: a}]|c.yml:1: selectors[0]: 'type' is missing",
                "query_rules: [{selector: {type: ByName, selector_name: blocked}, action: {type: Drop}}]|c.yml:1: query_rules[0].selector.selector_name: nothing above has the name 'blocked'",
                "query_rules: [{selector: {type: All}, action: {type: RCode, rcode: Refusd}}]|c.yml:1: query_rules[0].action.rcode: 'Refusd' is no number and not in DNSRCode, did you mean 'REFUSED'?",
                "query_rules: [{selector: {type: RecordsCount, section: 4, minimum: 0, maximum: 1}, action: {type: Drop}}]|c.yml:1: query_rules[0].selector.section: RecordsCountRule: 'section' must be from 0 to 3, not 4",
                "query_rules: [{selector: {type: QType, qtype: A, numeric_value: 2}, action: {type: Drop}}]|c.yml:1: query_rules[0].selector.numeric_value: 'qtype' says it already: only one of the two can be given",
                "query_rules: [{uuid: x, selector: {type: All}, action: {type: Drop}}]|c.yml:1: query_rules[0].uuid: addAction: option 'uuid': 'x' is not a UUID",
                // Lua
                "query_rules: [{selector: {type: All}, action: {type: Lua}}]|c.yml:1: query_rules[0].action: one of function_name, function_code and function_file is wanted",
                "query_rules: [{selector: {type: All}, action: {type: Lua, function_name: g}}]|c.yml:1: query_rules[0].action.function_name: there is no Lua function 'g'",
                "query_rules: [{selector: {type: All}, action: {type: Lua, function_code: return 1}}]|c.yml:1: query_rules[0].action.function_code: the Lua code must return a function, not number",
                "query_rules: [{selector: {type: All}, action: {type: Lua, function_file: /nowhere}}]|c.yml:1: query_rules[0].action.function_file: can't read '/nowhere'",
                // named things
                "pools: [{name: a, packet_cache: c}]|c.yml:1: pools[0].packet_cache: nothing above has the name 'c'",
                "load_balancing_policies: {default_policy: wranom}|c.yml:1: load_balancing_policies.default_policy: nothing above has the name 'wranom', did you mean 'wrandom'?",
                "packet_caches: [{name: a, size: 1}, {name: a, size: 1}]|c.yml:1: packet_caches[1].name: 'a' stands twice",
                // YAML itself
                "a: b: c|c.yml:1: mapping values are not allowed here",
                "&a {acl: *a}|c.yml:1: acl: a list is wanted, not a map",
                "acl: [*a]|c.yml:1: found undefined alias a",
                "--- {}\\n--- {}|c.yml:2: expected a single document in the stream: but found another document",
            })
    void refuses(String yaml, String message) {
        assertThat(refusal(yaml.replace("\\n", "\n"))).isEqualTo(message);
    }

    @Test
    void whatIsNotYetThereSaysWhere() {
        assertThat(refusal("general: {}\nremote_logging:\n  dnstap_loggers:\n"
                        + "    - {name: a, transport: tcp, address: '192.0.2.1:1'}"))
                .isEqualTo(
                        "c.yml:4: remote_logging.dnstap_loggers[0]: newFrameStreamTcpLogger: not implemented yet in Weir");
    }

    @Test
    void textsThatContainThemselvesEnd() {
        String loop = "query_rules: [{selector: &a {type: Not, selector: *a}, action: {type: Drop}}]";
        assertThat(refusal(loop)).contains("too deep");
        assertThat(refusal("[".repeat(100_000))).startsWith("c.yml");
        StringBuilder bomb = new StringBuilder("selectors:\n- &a0 {type: All, name: x}\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("- &a%d {type: And, name: x%d, selectors: [*a%d, *a%d, *a%d]}\n"
                    .formatted(i, i, i - 1, i - 1, i - 1));
        }
        assertThat(refusal(bomb.toString())).contains("aliases bring more");
    }

    // ---- what it does

    @Test
    void anEmptyFileIsAConfiguration() {
        accepted("");
        accepted("# nothing\n");
        accepted("---\n...\n");
        accepted("acl:\nbackends: ~\n");
    }

    @Test
    void anchorsAndMerges() {
        accepted("""
                backends:
                  - &first
                    address: 192.0.2.1
                    protocol: Do53
                    weight: 7
                    order: 3
                  - <<: *first
                    address: 192.0.2.2
                    order: 4
                """);
        assertThat(world.ask("for _, s in ipairs(getServers()) do show(s.weight .. ' ' .. s.order) end"))
                .isEqualTo("7 3\n7 4\n");
    }

    @Test
    void portsFollowProtocols() {
        accepted("backends: [{address: 192.0.2.1, protocol: Do53}, {address: 192.0.2.2, protocol: DoT}]");
        assertThat(world.model.backends())
                .extracting(backend -> backend.address().toString())
                .containsExactly("192.0.2.1:53", "192.0.2.2:853");
    }

    @Test
    void settings() {
        accepted("""
                general: {fixup_case: true, server_id: me}
                tuning:
                  udp: {timeout: 0x7, receive_buffer_size: 1000}
                  tcp: {worker_threads: 3}
                ring_buffers: {size: 500, record_queries: false}
                acl: [192.0.2.0/24]
                console: {listen_address: "127.0.0.1:5199", acl: ["::1"]}
                """);
        assertThat(world.model.settings().on(Setting.FIXUP_CASE)).isTrue();
        assertThat(world.model.settings().number(Setting.UDP_TIMEOUT)).isEqualTo(7);
        assertThat(world.model.settings().number(Setting.UDP_RECEIVE_BUFFER_SIZE))
                .isEqualTo(1000);
        assertThat(world.model.settings().number(Setting.UDP_SEND_BUFFER_SIZE)).isZero();
        assertThat(world.model.settings().number(Setting.MAX_TCP_CLIENT_THREADS))
                .isEqualTo(3);
        assertThat(world.configuration.serverId).isEqualTo("me");
        assertThat(world.ask("showACL()")).isEqualTo("192.0.2.0/24\n");
        assertThat(String.valueOf(world.configuration.consoleAddress)).isEqualTo("127.0.0.1:5199");
        assertThat(world.model.engine().rings().spec().recordQueries()).isFalse();
    }

    @Test
    void namedThingsAreFoundFromLua() {
        accepted("""
                netmask_groups: [{name: here, netmasks: [192.0.2.0/24]}]
                timed_ip_sets: [{name: bad}]
                load_balancing_policies:
                  custom_policies: [{name: mine, ffi: true, function_code: "return function() return 0 end"}]
                """);
        assertThat(world.ask("show(type(getObjectFromYAMLConfiguration('mine').ffipolicy))"))
                .isEqualTo("function\n");
        assertThat(world.ask("show(tostring(getObjectFromYAMLConfiguration('here'):match(newCA('192.0.2.7'))))"))
                .isEqualTo("true\n");
        assertThat(world.ask("getObjectFromYAMLConfiguration('bad'):add(newCA('192.0.2.7'), 10)"))
                .isEmpty();
        assertThat(world.ask("show(tostring(getObjectFromYAMLConfiguration('none')))"))
                .isEqualTo("nil\n");
    }

    @Test
    void errorsInInlineLuaHaveTheLinesOfTheFile() {
        String yaml = """
                query_rules:
                  - selector: {type: All}
                    action:
                      type: Lua
                      function_code: |
                        local x = nil
                        return x.y
                """;
        assertThat(refusal(yaml)).startsWith("c.yml:5: query_rules[0].action.function_code: c.yml:7: attempt to index");
    }

    @Test
    void namesThatInlineLuaWillMissAreTold() {
        LoadResult result = load("""
                query_rules:
                  - selector:
                      type: Lua
                      function_code: |
                        return function(dq) return true end
                    action:
                      type: Lua
                      function_code: |
                        return function(dq)
                          sendCustomTrap("a")
                          return DNSAction.None
                        end
                """);
        assertThat(result.error()).isNull();
        assertThat(result.complaints()).containsExactly("c.yml:10: sendCustomTrap: not implemented yet in Weir");
    }

    @Test
    void rulesHaveNamesAndUuids() {
        accepted("""
                query_rules:
                  - name: first
                    uuid: 3bd8a8a6-5f2c-4f1c-9e0e-1c2f3a4b5c6d
                    selector: {type: And, selectors: [{type: RD}, {type: QType, qtype: AAAA}]}
                    action: {type: Spoof, ips: ["2001:db8::1"], vars: {ttl: 7, set-aa: true}}
                """);
        assertThat(world.ask("showRules({showUUIDs=true})"))
                .contains(
                        "first",
                        "3bd8a8a6-5f2c-4f1c-9e0e-1c2f3a4b5c6d",
                        "(rd==1) && (qtype==AAAA)",
                        "spoof in 2001:db8::1");
    }

    // ---- Lua beside

    @Test
    void functionsComeFromTheLuaFileBeside() {
        try (TempDirectory directory = TempDirectory.create("weir-yaml")) {
            directory.write("c.lua", "function f(dq) return DNSAction.Drop end newServer('192.0.2.1')");
            var yaml = directory.write(
                    "c.yml", "query_rules: [{selector: {type: All}, action: {type: Lua, function_name: f}}]");
            LoadResult result = world.lua.load(yaml);
            assertThat(result.error()).isNull();
            assertThat(result.complaints()).singleElement().asString().contains("c.lua:1: newServer: ignored beside");
            assertThat(world.model.backends()).isEmpty();
            assertThat(world.ask("showRules()")).contains("Lua script");
        }
    }

    @Test
    void directivesInTheLuaFileBesideCanBeEnabled() {
        try (TempDirectory directory = TempDirectory.create("weir-yaml")) {
            var lua = directory.write("c.lua", "enableLuaConfiguration() newServer('192.0.2.1')");
            directory.write("c.yml", "backends: [{address: 192.0.2.2, protocol: Do53}]");
            LoadResult result = world.lua.load(lua);
            assertThat(result.error()).isNull();
            assertThat(result.complaints()).isEqualTo(List.of());
            assertThat(world.model.backends()).hasSize(2);
        }
    }
}
