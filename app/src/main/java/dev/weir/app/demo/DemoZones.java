package dev.weir.app.demo;

import dev.weir.wire.Name;
import dev.weir.wire.RecordType;
import dev.weir.wire.Soa;
import java.util.List;

/**
 * What each backend of the demo serves: {@code demo.example}, and as much of {@code root-servers.net} as the default health check asks
 * for. Addresses are those reserved for documentation (RFC 5737, RFC 3849).
 */
final class DemoZones {
    private static final long TTL_SECONDS = 60;

    private static final Name ORIGIN = Name.parse("demo.example.");
    private static final Name ROOT_SERVERS = Name.parse("root-servers.net.");
    private static final Soa SOA = new Soa(name("ns"), name("hostmaster"), 1, 3600, 600, 86_400, 30);

    private DemoZones() {}

    /** The zones of one instance: {@code whoami} says its name. */
    static List<Zone> of(String instance) {
        return List.of(demo(instance), rootServers());
    }

    private static Zone demo(String instance) {
        Zone zone = new Zone(ORIGIN, SOA);
        zone.add(ORIGIN, RecordType.NS, TTL_SECONDS, Rdata.name(name("ns")));
        zone.add(ORIGIN, RecordType.MX, TTL_SECONDS, Rdata.mx(10, name("mail")));
        address(zone, "ns", "192.0.2.53", "2001:db8::53");
        address(zone, "www", "192.0.2.10", "2001:db8::10");
        zone.add(name("www"), RecordType.A, TTL_SECONDS, Rdata.address("192.0.2.11"));
        address(zone, "mail", "192.0.2.25", "2001:db8::25");
        zone.add(name("alias"), RecordType.CNAME, TTL_SECONDS, Rdata.name(name("www")));
        zone.add(name("text"), RecordType.TXT, TTL_SECONDS, Rdata.txt("Weir answers"));
        zone.add(name("big"), RecordType.TXT, TTL_SECONDS, Rdata.txt("too big for UDP ".repeat(200)));
        address(zone, "*.wild", "192.0.2.42", "2001:db8::42");
        // TTL 0: each query is to show which backend it went to.
        zone.add(name("whoami"), RecordType.TXT, 0, Rdata.txt(instance));
        zone.add(name("whoami.lab"), RecordType.TXT, 0, Rdata.txt(instance));
        return zone;
    }

    private static Zone rootServers() {
        Zone zone = new Zone(ROOT_SERVERS, SOA);
        Name a = Name.parse("a.root-servers.net.");
        zone.add(ROOT_SERVERS, RecordType.NS, TTL_SECONDS, Rdata.name(a));
        zone.add(a, RecordType.A, TTL_SECONDS, Rdata.address("192.0.2.1"));
        return zone;
    }

    private static void address(Zone zone, String label, String v4, String v6) {
        zone.add(name(label), RecordType.A, TTL_SECONDS, Rdata.address(v4));
        zone.add(name(label), RecordType.AAAA, TTL_SECONDS, Rdata.address(v6));
    }

    private static Name name(String label) {
        return Name.parse(label).concat(ORIGIN);
    }
}
