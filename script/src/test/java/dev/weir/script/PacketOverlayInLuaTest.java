package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.stat.Counter;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Does Lua code see the parts of a message, and an error where there is none? */
class PacketOverlayInLuaTest {
    private static final String SHOW = """
            function parts(packet)
              local o = newDNSPacketOverlay(packet)
              local t = {o.qname:toString(), o.qtype, o.qclass, o.dh:getID()}
              for idx = 0, o:getRecordsCountInSection(DNSSection.Answer) + o:getRecordsCountInSection(2)
                           + o:getRecordsCountInSection(DNSSection.Additional) - 1 do
                local r = o:getRecord(idx)
                t[#t + 1] = r.name:toString() .. "/" .. r.type .. "/" .. r.class .. "/" .. r.ttl .. "/" .. r.place
                            .. "/" .. r.contentLength
                if r.type == DNSQType.A then t[#t + 1] = parseARecord(packet, r):toString() end
                if r.type == DNSQType.AAAA then t[#t + 1] = parseAAAARecord(packet, r):toString() end
                if r.type == DNSQType.A or r.type == DNSQType.AAAA then
                  t[#t + 1] = parseAddressRecord(packet, r):toString()
                end
                if r.type == DNSQType.CNAME then t[#t + 1] = parseCNAMERecord(packet, r):toString() end
              end
              return table.concat(t, " ")
            end
            """;

    private static String octets(byte[] message) {
        StringBuilder text = new StringBuilder("\"");
        for (byte octet : message) {
            text.append('\\').append(String.format("%03d", octet & 0xff));
        }
        return text.append('"').toString();
    }

    private static byte[] answer() {
        DnsMessage reply = DnsQuery.of("www.example.", DnsMessage.A)
                .withId(7)
                .message()
                .reply(
                        DnsMessage.NOERROR,
                        new DnsMessage.Rr("www.example.", 5, 1, 9, new byte[] {1, 'x', (byte) 0xc0, 16}),
                        DnsMessage.Rr.a("x.example.", 60, "192.0.2.1"),
                        DnsMessage.Rr.aaaa("x.example.", 61, "2001:db8::1"))
                .withAuthority(DnsMessage.Rr.soa("example.", 5));
        return reply.compose();
    }

    @Test
    void showsAllParts() {
        World world = new World().with(SHOW);
        String soa = String.valueOf(DnsMessage.Rr.soa("example.", 5).rdata().length);
        assertThat(world.ask("parts(" + octets(answer()) + ")"))
                .isEqualTo(
                        "www.example. 1 1 7 www.example./5/1/9/1/4 x.example. x.example./1/1/60/1/4 192.0.2.1 192.0.2.1 "
                                + "x.example./28/1/61/1/16 2001:db8::1 2001:db8::1 example./6/1/5/2/" + soa + "\n");
    }

    @Test
    void mistakesAreErrors() {
        World world = new World().with(SHOW);
        assertThat(world.ask("newDNSPacketOverlay('x')")).contains("no well-formed message");
        String overlay = "newDNSPacketOverlay(" + octets(answer()) + ")";
        assertThat(world.ask(overlay + ":getRecord(4)")).contains("there are 4 records");
        assertThat(world.ask("parseARecord('', " + overlay + ":getRecord(1))")).contains("no such address");
        assertThat(world.ask("parseARecord(" + octets(answer()) + ", " + overlay + ":getRecord(2))"))
                .contains("no such address");
        assertThat(world.ask("parseAddressRecord(" + octets(answer()) + ", " + overlay + ":getRecord(3))"))
                .contains("no such address");
        assertThat(world.ask("parseCNAMERecord(" + octets(answer()) + ", " + overlay + ":getRecord(1))"))
                .contains("no alias");
    }

    /** What a second parser reads is what Lua code sees; what it cannot read ends in an error of Lua, never in one of ours. */
    @Test
    void malformedMessagesHarmNobody() {
        World world = new World().with(SHOW);
        Random random = new Random(5);
        byte[] seed = answer();
        int errors = 0;
        for (int round = 0; round < 2_000; round++) {
            byte[] message = seed.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt(256);
            }
            String said = world.ask("parts(" + octets(message) + ")");
            if (said.startsWith("Error")) {
                assertThat(said).containsAnyOf("well-formed", "no such address", "no valid name", "nil");
                errors++;
            } else {
                List<DnsMessage.Rr> records = DnsMessage.parse(message).answers();
                assertThat(said)
                        .contains(
                                records.isEmpty()
                                        ? ""
                                        : "/" + records.getFirst().type() + "/");
            }
        }
        assertThat(errors).isBetween(100, 1_900);
        assertThat(world.model.engine().statistics().value(Counter.LUA_ERRORS)).isZero();
    }
}
