package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.backend.Backend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What does a configuration get away with, as it does with dnsdist, and what must it not? */
class LenienciesTest {
    /** Sizes are small: what these calls make is really made. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SuffixMatchNodeRule(newSuffixMatchNode())",
                "SuffixMatchNodeRule(newSuffixMatchNode(), true)",
                "SuffixMatchNodeRule('example.org')",
                "SuffixMatchNodeRule({'example.org', 'example.net'}, true)",
                "SuffixMatchNodeRule({newDNSName('example.org')})",
                "QNameSuffixRule(newSuffixMatchNode())",
                "QNameSuffixRule(newSuffixMatchNode(), true)",
                "QNameSuffixRule('example.org', false)",
                "QNameSuffixRule({'example.org', 'example.net'})",
                "MaxQPSIPRule(25, 64)",
                "MaxQPSIPRule(25, 24, 200)",
                "MaxQPSIPRule('25', '24', '48')",
                "MaxQPSIPRule(25, nil, 48)",
                "RCodeRule(DNSRCode.BADVERS)",
                "OpcodeRule(16)",
                "ProbaRule(2)",
                "SetECSPrefixLengthAction(33, 129)",
                "newServer({address='192.0.2.1', checkInterval=0})",
                "newServer({address='192.0.2.1', checkTimeout=0})",
                "newServer({address='192.0.2.1', sockets=0})",
                "newServer({address='192.0.2.1', weight='3', order='2', qps='10', checkInterval='5'})",
                "setRingBuffersSize(0)",
                "setRingBuffersSize('100', '1')",
                "setRingBuffersSize(100, 0)",
                "setCacheCleaningDelay(0)",
                "setCacheCleaningPercentage(150)",
                "setMaxTCPQueuedConnections(100000)",
                "setMaxUDPOutstanding(0)",
                "setTCPConnectionRateInterval(0)",
                "setTCPDownstreamCleanupInterval(0)",
                "setUDPMultipleMessagesVectorSize(0)",
                "setConsistentHashingBalancingFactor(0)",
                "newPacketCache(100, {numberOfShards=0})",
                "newPacketCache('100')",
                "SpoofAction('192.0.2.1:53')",
                "SpoofAction('[2001:db8::1]:53')",
                "SpoofAction({'192.0.2.1', '2001:db8::1'}, {ttl='60'})",
                "SpoofAction({})",
                "getServer(42)",
                "getServer('no such id')",
            })
    void accepted(String call) {
        LoadResult result = new World().load(call);
        assertThat(result.error()).isNull();
        assertThat(result.complaints()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "newServer({}) | newServer: no server made: option 'address' is missing",
                "newServer({address=''}) | newServer: no server made: option 'address' is missing",
                "newServer({address='192.0.2.1', weight=0}) | newServer: no server made: 'weight' must be at least 1",
                "newServer({address='192.0.2.1', checkType='NONSENSE'}) | newServer: option 'checkType': 'NONSENSE' is not a"
                        + " record type, health checks ask for type 0",
                "newServer({address='192.0.2.1', source='absent0'}) | newServer: option 'source': 'absent0' is neither an"
                        + " address nor an interface, ignored",
                "newServer({address='192.0.2.1'}).weight = 0 | Server.weight: it is at least 1, not 0: 192.0.2.1:53 keeps"
                        + " its own",
                "RCodeAction(DNSRCode.BADVERS) | RCodeAction: 16 has more than the header's four bits and is answered as 0;"
                        + " ERCodeAction answers all of it",
                "setWeightedBalancingFactor(0.5) | setWeightedBalancingFactor: 'factor' must be 0 or at least 1, not 0.5:"
                        + " it stays at 0.0",
                "setPayloadSizeOnSelfGeneratedAnswers(100) | setPayloadSizeOnSelfGeneratedAnswers: 'payloadSize' is from"
                        + " 512 to 1500: 100 is read as 512",
                "setPayloadSizeOnSelfGeneratedAnswers(70000) | setPayloadSizeOnSelfGeneratedAnswers: 'payloadSize' is from"
                        + " 512 to 1500: 70000 is read as 1500",
                "setSyslogFacility('nowhere') | setSyslogFacility: 'nowhere' is not a syslog facility, ignored",
                "setSyslogFacility(5000) | setSyslogFacility: '5000' is not a syslog facility, ignored",
                "setDynBlocksAction(50) | setDynBlocksAction: Dynamic blocks action can only be Drop, NoOp, NXDomain,"
                        + " Refused, Truncate or NoRecurse!",
                "newPacketCache(100, {minTTL=50, maxTTL=10}) | newPacketCache: minTTL 50 is above maxTTL 10: nothing will"
                        + " be stored",
                "rmRule(7) | rmRule: there is no rule '7'",
                "newPacketCache(0) | newPacketCache: 1 entries are fewer than 20 shards: using 1",
                "newPacketCache(2e9, {numberOfShards=1e9}) | newPacketCache: 1000000000 shards are too many: using 16384",
                "setMaxTCPClientThreads(2.5) | setMaxTCPClientThreads: 'num' is a whole number: 2.5 is read as 2",
                "newServer({address='192.0.2.1', qps=1.5}) | newServer: 'qps' is a whole number: 1.5 is read as 1",
                "MaxQPSRule(10 / 4) | MaxQPSRule: 'qps' is a whole number: 2.5 is read as 2",
                "dynBlockRulesGroup():setQueryRate(7.5, 10, 'x', 60) | DynBlockRulesGroup:setQueryRate: 'rate' is a whole"
                        + " number: 7.5 is read as 7",
            })
    void acceptedWithAComplaint(String call, String complaint) {
        LoadResult result = new World().load("\n" + call);
        assertThat(result.error()).isNull();
        assertThat(result.complaints()).containsExactly("test.lua:2: " + complaint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "setUDPTimeout(0/0) | setUDPTimeout: 'num' must be from 0 to 255, not nan",
                "setUDPTimeout(1/0) | setUDPTimeout: 'num' must be from 0 to 255, not inf",
                "setUDPTimeout(-1/0) | setUDPTimeout: 'num' must be from 0 to 255, not -inf",
                "setUDPTimeout(-1) | setUDPTimeout: 'num' must be from 0 to 255, not -1",
                "setUDPTimeout(256) | setUDPTimeout: 'num' must be from 0 to 255, not 256",
                "setWeightedBalancingFactor(0/0) | setWeightedBalancingFactor: 'factor' must be a finite number, not nan",
                "setConsistentHashingBalancingFactor(1/0) | setConsistentHashingBalancingFactor: 'factor' must be a finite"
                        + " number, not inf",
                "ProbaRule(0/0) | ProbaRule: 'probability' must be a finite number, not nan",
                "newServer({address='192.0.2.1', checkTimeout=0/0}) | newServer: 'checkTimeout' must be from 0 to 65535, not"
                        + " nan",
                "newServer({address='192.0.2.1', weight=1/0}) | newServer: 'weight' must be from -2147483648 to 2147483647,"
                        + " not inf",
                "newServer({address='192.0.2.1'}).order = 0/0 | Server.order: 'order' must be from -2147483648 to"
                        + " 2147483647, not nan",
                "newPacketCache(0/0) | newPacketCache: 'maxEntries' must be from 0 to 2147483647, not nan",
                "newPacketCache(100, {maximumEntrySize=11}) | newPacketCache: 'maximumEntrySize' must be from 12 to 65535,"
                        + " not 11",
                "setMaxUDPOutstanding(65536) | setMaxUDPOutstanding: 'num' must be from 0 to 65535, not 65536",
                "dynBlockRulesGroup():setRCodeRatio(3, 0/0, 10, 'x', 60, 5) | DynBlockRulesGroup:setRCodeRatio: 'ratio' must"
                        + " be a finite number, not nan",
                "SpoofPacketAction('xx') | SpoofPacketAction: a message has 12 to 65535 octets, not 2",
                "SpoofPacketAction(('x'):rep(70000), 70000) | SpoofPacketAction: a message has 12 to 65535 octets, not"
                        + " 70000",
                "QTypeRule(70000) | QTypeRule: 'qtype' must be from 0 to 65535, not 70000",
                "MaxQPSIPRule(25, 256) | MaxQPSIPRule: 'v4Mask' must be from 0 to 255, not 256",
                "SuffixMatchNodeRule(5 == 5) | SuffixMatchNodeRule: 'suffixes' must be a SuffixMatchNode, a name or a list"
                        + " of names, not a boolean",
                "SpoofAction('1.2.3.x') | SpoofAction: '1.2.3.x' is not an IP address; names are for SpoofCNAMEAction",
                "SpoofAction({'192.0.2.1', '1.2.3.256'}) | SpoofAction: '1.2.3.256' is not an IP address; names are for"
                        + " SpoofCNAMEAction",
                "SpoofAction('example.org') | SpoofAction: 'example.org' is not an IP address; names are for"
                        + " SpoofCNAMEAction",
            })
    void refusedWithFileAndLine(String call, String message) {
        assertThat(World.refusal("\n" + call)).isEqualTo("test.lua:2: " + message);
    }

    @Test
    void aRecordTypeThatNobodyKnowsIsAskedForAsTypeZero() {
        World world = new World();
        world.load("newServer({address='192.0.2.1', checkType='NONSENSE', checkInterval=0})");
        Backend backend = world.model.backends().getFirst();
        assertThat(backend.spec().checks().type()).isZero();
        assertThat(backend.spec().checks().intervalSeconds()).isEqualTo(1);
    }

    @Test
    void rulesNameResponseCodesInWords() {
        World world = new World();
        assertThat(world.ask("RCodeRule(DNSRCode.REFUSED):toString()")).isEqualTo("rcode==Query Refused\n");
        assertThat(world.ask("RCodeRule(16):toString()")).isEqualTo("rcode==ErrOutOfRange\n");
        assertThat(world.ask("ERCodeRule(16):toString()"))
                .isEqualTo("ercode==Bad OPT Version / TSIG Signature Failure\n");
    }

    @Test
    void aRingWithoutEntriesRecordsNothingUntilItHasSome() {
        World world = new World().with("setRingBuffersSize(0)");
        var rings = world.model.engine().rings();
        assertThat(rings.spec().recordQueries()).isFalse();
        assertThat(rings.spec().recordResponses()).isFalse();
        rings.configure(rings.spec().withEntries(10));
        assertThat(rings.spec().recordQueries()).isTrue();
    }

    @Test
    void bothSuffixRulesFollowTheSetTheyWereGiven() {
        World world = new World().with("""
                names = newSuffixMatchNode()
                addAction(SuffixMatchNodeRule(names), DropAction())
                addAction(QNameSuffixRule(names, true), DropAction())
                """);
        world.ask("names:add('example.org')");
        assertThat(world.ask("showRules()")).contains("qname in example.org", "qname==in-set");
    }

    /** What fills the heap is found again by the line, not by a stack trace. */
    @Test
    void anErrorOfTheMachineHasALineToo() {
        assertThat(World.refusal("local function deep(n)\n return 1 + deep(n + 1)\nend\ndeep(1)"))
                .isEqualTo("test.lua:2: stack overflow");
        World full = new World();
        full.host.memoryIsFull = true;
        assertThat(full.load("local f = showVersion\nf()").error()).hasToString("test.lua:2: not enough memory");
    }
}
