package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Ledger.Status;
import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.Slot;
import dev.weir.config.yaml.YamlTable;
import dev.weir.engine.rule.Rule;
import dev.weir.script.convert.Converted;
import dev.weir.script.host.Purpose;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Is each selector and action that YAML knows still the same when it has been written down? */
class ConvertedPartsTest {
    private static final String NEEDED = """
            kvs = newCDBKVStore("/nowhere/file.cdb", 0)
            lmdb = newLMDBKVStore("/nowhere/lmdb", "db", true)
            mmdb = openMMDB("/nowhere/file.mmdb")
            geo = newMMDBKVStore(mmdb, {"country", "iso_code"})
            set = newDNSNameSet() set:add(newDNSName("a.example")) set:add("B.example")
            suffixes = newSuffixMatchNode() suffixes:add({"x.example", "y.example"})
            networks = newNMG({"192.0.2.0/24", "2001:db8::/32"})
            timed = TimedIPSetRule()
            """;

    private static final List<String> SELECTORS = List.of(
            "AllRule()",
            "AndRule({AllRule(), OrRule({RDRule(), NotRule(DNSSECRule())})})",
            "DNSSECRule()",
            "DSTPortRule(5353)",
            "EDNSOptionRule(EDNSOptionCode.ECS)",
            "EDNSVersionRule(1)",
            "ERCodeRule(DNSRCode.BADVERS)",
            "ERCodeRule(3000)",
            "HTTPHeaderRule('User-Agent', '^curl/[0-9]+\\\\.')",
            "HTTPPathRegexRule('^/dns-[a-z]+$')",
            "HTTPPathRule('/dns-query')",
            "IncomingProtocolRule('DoTCP')",
            "KeyValueStoreLookupRule(kvs, KeyValueLookupKeyQName(false))",
            "KeyValueStoreLookupRule(lmdb, KeyValueLookupKeySuffix(2, true))",
            "KeyValueStoreLookupRule(geo, KeyValueLookupKeyTag('tag'))",
            "KeyValueStoreRangeLookupRule(lmdb, KeyValueLookupKeySourceIP(24, 56, true))",
            "LuaFFIPerThreadRule('return function(dq) return true end')",
            "LuaFFIRule(function(dq) return true end)",
            "LuaRule(function(dq) return dq.tcp end)",
            "makeRule({'192.0.2.0/24', '192.0.2.1'})",
            "makeRule('example.org')",
            "MaxQPSIPRule(7)",
            "MaxQPSIPRule(7, 24, 48, 20, 100, 30, 20, 5)",
            "MaxQPSRule(5)",
            "MaxQPSRule(5, 10)",
            "NetmaskGroupRule(networks)",
            "NetmaskGroupRule({'192.0.2.0/24'}, false, true)",
            "NotRule(RDRule())",
            "OpcodeRule(DNSOpcode.Notify)",
            "OrRule({AllRule(), RDRule()})",
            "PayloadSizeRule('greaterOrEqual', 512)",
            "PoolAvailableRule('pool')",
            "PoolOutstandingRule('pool', 100)",
            "ProbaRule(0.25)",
            "ProxyProtocolValueRule(42)",
            "ProxyProtocolValueRule(42, 'value\\0\\255')",
            "QClassRule(DNSClass.CHAOS)",
            "QClassRule('IN')",
            "QClassRule(77)",
            "QNameLabelsCountRule(1, 5)",
            "QNameRule('www.example.org')",
            "QNameSetRule(set)",
            "QNameSuffixRule({'a.example', 'b.example'}, true)",
            "QNameWireLengthRule(0, 100)",
            "QTypeRule(DNSQType.AAAA)",
            "QTypeRule('HTTPS')",
            "QTypeRule(65400)",
            "RCodeRule(DNSRCode.REFUSED)",
            "RDRule()",
            "RE2Rule('[a-z]+.example')",
            "RecordsCountRule(DNSSection.Additional, 1, 2)",
            "RecordsTypeCountRule(DNSSection.Answer, DNSQType.A, 1, 65535)",
            "RegexRule('^(ads|track)[0-9]*\\\\.')",
            "SNIRule('dns.example.org')",
            "SuffixMatchNodeRule(suffixes)",
            "TagRule('name')",
            "TagRule('name', 'value')",
            "TagRule('name', '')",
            "TCPRule(true)",
            "timed:slice()",
            "TrailingDataRule()");

    private static final List<String> ACTIONS = List.of(
            "AllowAction()",
            "ContinueAction(SetTagAction('a', 'b'))",
            "DelayAction(10)",
            "DropAction()",
            "ERCodeAction(DNSRCode.BADVERS)",
            "ERCodeAction(DNSRCode.NXDOMAIN, {aa=true, ra=false})",
            "HTTPStatusAction(403, 'no\\nentry', 'text/plain')",
            "HTTPStatusAction(307, 'https://example.org', '', {aa=true})",
            "KeyValueStoreLookupAction(kvs, KeyValueLookupKeyQName(), 'tag')",
            "KeyValueStoreRangeLookupAction(lmdb, KeyValueLookupKeySourceIP(), 'tag')",
            "LogAction()",
            "LogAction('', false, true, true, false, true)",
            "LuaAction(function(dq) return DNSAction.Drop end)",
            "LuaFFIAction(function(dq) return DNSAction.Drop end)",
            "LuaFFIPerThreadAction('return function(dq) return 0 end')",
            "NegativeAndSOAAction(true, 'example.org', 60, 'ns.example.org', 'mail.example.org', 1, 2, 3, 4, 5)",
            "NegativeAndSOAAction(false, 'example.org', 60, 'ns.example.org', 'mail.example.org', 1, 2, 3, 4, 5,"
                    + " {soaInAuthoritySection=true, ad=true})",
            "NoneAction()",
            "PoolAction('pool')",
            "PoolAction('pool', false)",
            "QPSAction(10)",
            "QPSPoolAction(10, 'pool', false)",
            "RCodeAction(DNSRCode.REFUSED)",
            "RCodeAction(DNSRCode.SERVFAIL, {ad=true})",
            "SetAdditionalProxyProtocolValueAction(224, 'x\\0y')",
            "SetDisableECSAction()",
            "SetDisableValidationAction()",
            "SetECSAction('192.0.2.0/24')",
            "SetECSAction('192.0.2.0/24', '2001:db8::/32')",
            "SetECSOverrideAction(true)",
            "SetECSPrefixLengthAction(16, 40)",
            "SetEDNSOptionAction(65001, 'data\\1\\200')",
            "SetExtendedDNSErrorAction(15, 'blocked, says \\\"we\\\"')",
            "SetExtendedDNSErrorAction(15, 'more', false)",
            "SetMacAddrAction(65000)",
            "SetMaxReturnedTTLAction(30)",
            "SetNoRecurseAction()",
            "SetProxyProtocolValuesAction({[1]='one', [2]='two'})",
            "SetSkipCacheAction()",
            "SetTagAction('name', 'true')",
            "SetTempFailureCacheTTLAction(10)",
            "SpoofAction('192.0.2.1')",
            "SpoofAction({'192.0.2.1', '2001:db8::1'}, {ttl=5, aa=true})",
            "SpoofAction('192.0.2.1', '2001:db8::1', {ttl=7})",
            "SpoofCNAMEAction('other.example', {ttl=1})",
            "SpoofPacketAction('0123456789ab\\200\\0', 13)",
            "SpoofPacketAction('0123456789ab')",
            "SpoofRawAction('\\4aaa\\200', {typeForAny=DNSQType.TXT, ttl=9})",
            "SpoofRawAction({'\\3aaa', '\\3bbb'})",
            "SpoofSVCAction({newSVCRecordParameters(1, 'dot.example', {mandatory={'port'}, alpn={'dot', 'h2'},"
                    + " noDefaultAlpn=true, port=853, ipv4hint={'192.0.2.1'}, ipv6hint={'2001:db8::1'}, key65001='x'}),"
                    + " newSVCRecordParameters(0, 'alias.example')}, {ttl=11})",
            "TCAction()",
            "TeeAction('127.0.0.1:5399')",
            "TeeAction('127.0.0.1:5399', true, '127.0.0.1', true)",
            "UnsetTagAction('name')");

    private static final List<String> RESPONSE_ACTIONS = List.of(
            "AllowResponseAction()",
            "ClearRecordTypesResponseAction({DNSQType.A, 'AAAA'})",
            "ClearRecordTypesResponseAction(DNSQType.HTTPS)",
            "DelayResponseAction(5)",
            "DropResponseAction()",
            "LimitTTLResponseAction(10, 20)",
            "LimitTTLResponseAction(10, 20, {DNSQType.A, DNSQType.TXT})",
            "LogResponseAction()",
            "LogResponseAction('', true, true, false, true)",
            "LuaFFIPerThreadResponseAction('return function(dr) return 0 end')",
            "LuaFFIResponseAction(function(dr) return 0 end)",
            "LuaResponseAction(function(dr) return DNSResponseAction.Allow end)",
            "SetEDNSOptionResponseAction(65001, 'x')",
            "SetExtendedDNSErrorResponseAction(3)",
            "SetExtendedDNSErrorResponseAction(3, 'stale', false)",
            "SetMaxReturnedTTLResponseAction(60)",
            "SetMaxTTLResponseAction(60)",
            "SetMinTTLResponseAction(60)",
            "SetReducedTTLResponseAction(50)",
            "SetSkipCacheResponseAction()",
            "SetTagResponseAction('a', '1')",
            "TCResponseAction()",
            "UnsetTagResponseAction('a')");

    /** Parts that no two objects have alike: code, clocks, secrets, open files. */
    private static final RecursiveComparisonConfiguration SAME = RecursiveComparisonConfiguration.builder()
            .withIgnoredFieldsMatchingRegexes(
                    "(.*\\.)?(test|effect|hash|nextLook|records|fullAtNanos|slots|channel|copier\\.selector)(\\..*)?")
            .withStrictTypeChecking(true)
            .build();

    @TempDir
    Path directory;

    private static List<String> makers(Field.Type family) {
        List<String> makers = new ArrayList<>();
        Map<String, Status> statuses = YamlTable.table().statuses();
        YamlTable.table().variants(family).forEach((word, type) -> {
            Slot maker = type.maker();
            boolean there = statuses.get(type.name()) == Status.WORKS;
            if (maker != null && !maker.function().isEmpty() && there && !word.equals("TimedIPSet")) {
                makers.add(maker.function());
            }
        });
        return makers;
    }

    private void check(Field.Type family, List<String> parts, String pattern) throws IOException {
        for (String maker : makers(family)) {
            assertThat(parts).as(maker).anyMatch(part -> part.startsWith(maker + "("));
        }
        StringBuilder text = new StringBuilder(NEEDED);
        parts.forEach(part -> text.append(String.format(pattern, part)).append('\n'));
        Path file = directory.resolve("parts.lua");
        Files.writeString(file, text);
        World lua = new World(Purpose.CONVERT);
        LoadResult loaded = lua.lua.loadToConvert(file);
        assertThat(loaded.error()).isNull();
        assertThat(loaded.complaints()).isEmpty();
        Converted converted = lua.lua.converted("parts.lua", false);
        assertThat(converted.left()).isEmpty();
        World yaml = new World(Purpose.CONVERT);
        LoadResult again = yaml.lua.loadYaml("parts.yml", converted.yaml().getBytes(StandardCharsets.UTF_8));
        assertThat(again.error()).as(converted.yaml()).isNull();
        assertThat(again.complaints()).as(converted.yaml()).isEmpty();
        same(lua.model.rules().rules(), yaml.model.rules().rules(), parts);
        same(lua.model.responseRules().rules(), yaml.model.responseRules().rules(), parts);
        assertThat(yaml.ask("showRules() .. showResponseRules()"))
                .isEqualTo(lua.ask("showRules() .. showResponseRules()"));
    }

    private static <A> void same(List<Rule<A>> wanted, List<Rule<A>> got, List<String> parts) {
        assertThat(got).hasSameSizeAs(wanted);
        for (int i = 0; i < got.size(); i++) {
            Rule<A> one = got.get(i);
            Rule<A> other = wanted.get(i);
            assertThat(one.selector().text())
                    .as(parts.get(i))
                    .isEqualTo(other.selector().text());
            assertThat(one.selector())
                    .as(parts.get(i))
                    .usingRecursiveComparison(SAME)
                    .isEqualTo(other.selector());
            assertThat(one.action())
                    .as(parts.get(i))
                    .usingRecursiveComparison(SAME)
                    .isEqualTo(other.action());
        }
    }

    @Test
    void selectors() throws IOException {
        check(Field.Type.SELECTOR, SELECTORS, "addAction(%s, NoneAction())");
    }

    @Test
    void actions() throws IOException {
        check(Field.Type.ACTION, ACTIONS, "addAction(AllRule(), %s)");
    }

    @Test
    void responseActions() throws IOException {
        check(Field.Type.RESPONSE_ACTION, RESPONSE_ACTIONS, "addResponseAction(AllRule(), %s)");
    }
}
