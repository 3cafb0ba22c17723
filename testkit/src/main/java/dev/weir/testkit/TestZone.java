package dev.weir.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * A zone of 10,000 names over the usual types, with text too big for UDP, wildcards, delegations and empty
 * non-terminals; the same every time.
 */
public final class TestZone {
    /** Its name. */
    public static final String NAME = "weir.test.";

    /** Its number of names. */
    public static final int NAMES = 10_000;

    /** Numbers of names that are delegated, modulo 10. */
    public static final int DELEGATED = 7;

    private static final int TXT_SMALL = 80;
    private static final int TXT_LARGEST = 6_000;
    private static final int TTL_SECONDS = 3600;

    private TestZone() {}

    /** The zone in master file format, unsigned. */
    public static String masterFile() {
        StringBuilder zone = new StringBuilder(1 << 20)
                .append("$ORIGIN ")
                .append(NAME)
                .append("\n$TTL ")
                .append(TTL_SECONDS)
                .append('\n')
                .append("@ SOA ns1 hostmaster 2026010101 7200 3600 1209600 300\n")
                .append("@ NS ns1\n@ NS ns2\nns1 A 192.0.2.53\nns2 AAAA 2001:db8::53\n")
                .append("*.wild A 192.0.2.99\n*.wild TXT \"wildcard\"\n");
        for (int i = 0; i < NAMES; i++) {
            append(zone, i);
        }
        return zone.toString();
    }

    private static void append(StringBuilder zone, int i) {
        String name = owner(i);
        switch (i % 10) {
            case 0 -> {
                for (int n = 0; n <= i / 10 % 4; n++) {
                    zone.append(name)
                            .append(" A 198.51.")
                            .append(i / 250)
                            .append('.')
                            .append(i % 250 + n)
                            .append('\n');
                }
            }
            case 1 ->
                zone.append(name)
                        .append(" AAAA 2001:db8::")
                        .append(Integer.toHexString(i))
                        .append('\n');
            case 2 ->
                zone.append(name)
                        .append(" MX 10 mail")
                        .append(i)
                        .append("\n")
                        .append(name)
                        .append(" MX 20 ns1\n");
            case 3 -> appendTxt(zone, name, TXT_SMALL);
            case 4 -> appendTxt(zone, name, TXT_SMALL + i * (TXT_LARGEST - TXT_SMALL) / NAMES);
            case 5 -> zone.append(name).append(" CNAME ").append(owner(i - 5)).append('\n');
            case 6 ->
                zone.append(name).append(" SRV 0 5 5060 ").append(owner(i - 6)).append('\n');
            case DELEGATED ->
                zone.append(name)
                        .append(" NS ns.")
                        .append(name)
                        .append("\nns.")
                        .append(name)
                        .append(" A 203.0.113.7\n");
            case 8 -> zone.append(name).append(" PTR host").append(i).append(".example.net.\n");
            default -> zone.append("leaf.").append(name).append(" A 203.0.113.9\n");
        }
    }

    private static void appendTxt(StringBuilder zone, String name, int size) {
        zone.append(name).append(" TXT");
        for (int left = size; left > 0; left -= 200) {
            zone.append(" \"")
                    .append("0123456789abcdefghij".repeat(10), 0, Math.min(left, 200))
                    .append('"');
        }
        zone.append('\n');
    }

    private static String owner(int i) {
        return i % 10 == 8 ? (i / 256) + "." + (i % 256) + ".in-addr" : "n" + i;
    }

    /**
     * {@code count} different questions about the zone, without EDNS: existing names, also in mixed case, empty
     * non-terminals, absent types, absent names and wildcards.
     */
    public static List<DnsQuery> queries(int count) {
        List<DnsQuery> queries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            queries.add(query(i));
        }
        return queries;
    }

    private static DnsQuery query(int i) {
        int of = i % NAMES;
        String name = owner(of) + "." + NAME;
        return switch (i / NAMES % 2 == 0 ? 0 : 1 + of % 5) {
            case 0 -> DnsQuery.of(name, type(of));
            case 1 -> DnsQuery.of(name.replace('n', 'N').replace("test", "TeSt"), type(of));
            case 2 -> DnsQuery.of(name, DnsMessage.NS);
            case 3 -> DnsQuery.of("absent" + name, DnsMessage.A);
            case 4 -> DnsQuery.of("x" + i + ".wild." + NAME, of % 2 == 0 ? DnsMessage.A : DnsMessage.TXT);
            default -> DnsQuery.of("leaf." + name, DnsMessage.A);
        };
    }

    private static int type(int i) {
        return switch (i % 10) {
            case 1 -> DnsMessage.AAAA;
            case 2 -> DnsMessage.MX;
            case 3, 4 -> DnsMessage.TXT;
            case 6 -> DnsMessage.SRV;
            case 8 -> DnsMessage.PTR;
            default -> DnsMessage.A;
        };
    }
}
