package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Ledger;
import dev.weir.config.Ledger.Status;
import dev.weir.config.Ledger.Table;
import dev.weir.script.host.Purpose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The names that public configurations use most, most frequent first: does each work as it is usually written, or stop the start by its
 * name and line? The ledger says which of both it must be.
 */
class UsualNamesTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "newServer | newServer({address='192.0.2.1:5353', name='a', pool={'x', 'y'}, useClientSubnet=true})",
                "addAction | addAction('example.org.', DropAction())",
                "setLocal | setLocal('0.0.0.0:53', {reusePort=true})",
                "setACL | setACL({'192.0.2.0/24', '2001:db8::/32'})",
                "AllRule | addAction(AllRule(), PoolAction('x'))",
                "PoolAction | addAction({'a.example.', 'b.example.'}, PoolAction('x'))",
                "addLocal | addLocal('[::]:53', {doTCP=true, tcpFastOpenQueueSize=10})",
                "getPool | getPool(''):setCache(newPacketCache(100))",
                "newPacketCache | newPacketCache(10000, {maxTTL=86400, minTTL=0, staleTTL=60, dontAge=false})",
                "webserver | webserver('127.0.0.1:8083')",
                "addDOHLocal | addDOHLocal('127.0.0.1:443', 'c.pem', 'k.pem', '/dns-query')",
                "controlSocket | controlSocket('127.0.0.1:5199')",
                "setServerPolicy | setServerPolicy(leastOutstanding)",
                "setWebserverConfig | setWebserverConfig({password='p', apiKey='k', acl='127.0.0.1/8'})",
                "setKey | setKey('AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=')",
                "addACL | addACL('192.0.2.0/24')",
                "setSecurityPollSuffix | setSecurityPollSuffix('')",
                "DropAction | addAction(QTypeRule(DNSQType.ANY), DropAction())",
                "addTLSLocal | addTLSLocal('127.0.0.1:853', 'c.pem', 'k.pem')",
                "DNSAction | addAction(AllRule(), LuaAction(function(dq) return DNSAction.None, '' end))",
                "AndRule | addAction(AndRule({TCPRule(false), NotRule(RDRule())}), DropAction())",
                "DNSRCode | addAction(RCodeRule(DNSRCode.NXDOMAIN), DropAction())",
                "DNSQType | addAction(QTypeRule(DNSQType.AXFR), RCodeAction(DNSRCode.REFUSED))",
                "addResponseAction | addResponseAction(AllRule(), DelayResponseAction(10))",
                "firstAvailable | setServerPolicy(firstAvailable)",
                "MaxQPSIPRule | addAction(MaxQPSIPRule(5, 32, 48), DropAction())",
                "LuaAction | addAction(AllRule(), LuaAction(function(dq) return DNSAction.Drop, '' end))",
                "SuffixMatchNodeRule | addAction(SuffixMatchNodeRule(newSuffixMatchNode()), DropAction())",
                "newSuffixMatchNode | s = newSuffixMatchNode() s:add(newDNSName('example.org.'))",
                "RCodeAction | addAction('example.org.', RCodeAction(DNSRCode.NXDOMAIN))",
                "QTypeRule | addAction(QTypeRule('MX'), DropAction())",
                "setECSSourcePrefixV4 | setECSSourcePrefixV4(24)",
                "setMaxTCPClientThreads | setMaxTCPClientThreads(20)",
                "newDNSName | newDNSName('example.org.')",
                "roundrobin | setServerPolicy(roundrobin)",
                "setVerbose | setVerbose(false)",
                "addDOQLocal | addDOQLocal('127.0.0.1:853', 'c.pem', 'k.pem')",
                "newNMG | n = newNMG() n:addMask('192.0.2.0/24')",
                "leastOutstanding | setPoolServerPolicy(leastOutstanding, 'x')",
                "SpoofAction | addAction('example.org.', SpoofAction({'192.0.2.1', '2001:db8::1'}, {ttl=300}))",
                "infolog | infolog('loaded')",
                "setConsoleACL | setConsoleACL({'127.0.0.1/8'})",
                "includeDirectory | includeDirectory('src')",
                "setRingBuffersSize | setRingBuffersSize(10000, 10)",
                "DnstapLogResponseAction | addResponseAction(AllRule(), DnstapLogResponseAction('id', nil))",
                "NetmaskGroupRule | addAction(NetmaskGroupRule({'192.0.2.0/24'}), DropAction())",
                "addDOH3Local | addDOH3Local('127.0.0.1:443', 'c.pem', 'k.pem')",
                "maintenance | function maintenance() end",
                "setECSSourcePrefixV6 | setECSSourcePrefixV6(56)",
                "setMaxUDPOutstanding | setMaxUDPOutstanding(65535)",
                "dynBlockRulesGroup | local d = dynBlockRulesGroup()",
                "newFrameStreamTcpLogger | newFrameStreamTcpLogger('127.0.0.1:6000')",
                "TagRule | addAction(TagRule('k', 'v'), DropAction())",
                "addCacheHitResponseAction | addCacheHitResponseAction(AllRule(), DropResponseAction())",
                "setVerboseHealthChecks | setVerboseHealthChecks(true)",
                "setMaxTCPConnectionsPerClient | setMaxTCPConnectionsPerClient(10)",
                "SetTagAction | addAction(AllRule(), SetTagAction('k', 'v'))",
                "RegexRule | addAction(RegexRule('[0-9]{5,}\\\\.example\\\\.org$'), DropAction())",
                "DnstapLogAction | addAction(AllRule(), DnstapLogAction('id', nil))",
                "TCPRule | addAction(TCPRule(true), DelayAction(1))"
            })
    void worksOrSaysThatItDoesNot(String name, String line) {
        assertThat(line).contains(name);
        Ledger.Entry entry = Ledger.find(Table.FUNCTIONS, name);
        LoadResult result = new World(Purpose.CHECK).load("-- one line before\n" + line);
        if (entry != null && entry.status() == Status.NOT_YET) {
            assertThat(result.error()).hasToString("test.lua:2: " + name + ": not implemented yet in Weir");
        } else {
            assertThat(result.error()).isNull();
            assertThat(result.complaints()).isEmpty();
        }
    }
}
