package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.testkit.DnsMessage;
import dev.weir.wire.RecordType;
import org.junit.jupiter.api.Test;

/** Is a neighbour's hardware address told to backends and to the operator's code, and a stranger's nowhere? */
class HardwareAddressTest {
    private static final byte[] ADDRESS = {2, 0, 0, 0, 0, 9};

    private static World world() {
        World world = new World();
        world.host.linkAddresses = ip -> ip.equals(IpAddress.parse("192.0.2.9")) ? ADDRESS : null;
        return world.with("""
                newServer({address='127.0.0.1:5301', healthCheckMode='up'})
                setACL("0.0.0.0/0")
                addAction(AllRule(), SetMacAddrAction(65001))
                """);
    }

    @Test
    void isAnOptionOfTheQuery() {
        Walk walk = new Walk(world());
        for (int again = 0; again < 2; again++) {
            walk.client = Endpoint.parse("192.0.2.9:1", 0);
            assertThat(walk.ask("a.", RecordType.A)).isEqualTo(WalkVerdict.PARK);
            assertThat(DnsMessage.parse(walk.query.packetCopy()).option(65001)).hasValue(ADDRESS);
            walk.answer(DnsMessage.NOERROR);
            assertThat(DnsMessage.parse(walk.query.packetCopy()).opt())
                    .as("the client sent none")
                    .isEmpty();
            walk.client = Endpoint.parse("192.0.2.10:1", 0);
            assertThat(walk.ask("a.", RecordType.A)).isEqualTo(WalkVerdict.PARK);
            assertThat(DnsMessage.parse(walk.query.packetCopy()).opt()).isEmpty();
        }
    }

    @Test
    void isRawOctetsInEntriesOfRings() {
        World world = world();
        Walk walk = new Walk(world);
        walk.client = Endpoint.parse("192.0.2.9:1", 0);
        walk.ask("a.", RecordType.A);
        walk.client = Endpoint.parse("192.0.2.10:1", 0);
        walk.ask("b.", RecordType.A);
        assertThat(world.ask("local all = {} for _, e in ipairs(getRingEntries()) do"
                        + " all[e.qname:toString()] = e.macAddress end"
                        + " return tostring(all['a.'] == '\\2\\0\\0\\0\\0\\9')..' '..#all['b.']"))
                .isEqualTo("true 0\n");
    }

    @Test
    void isRawOctetsForLua() {
        World world = world();
        assertThat(world.ask("getMACAddress('192.0.2.9') == '\\2\\0\\0\\0\\0\\9' and 'yes'"))
                .isEqualTo("yes\n");
        assertThat(world.ask("#getMACAddress('192.0.2.10')")).isEqualTo("0\n");
    }
}
