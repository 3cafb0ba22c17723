package dev.weir.gate;

import static dev.weir.gate.GuardModel.DROP;
import static dev.weir.gate.GuardModel.PASS;
import static dev.weir.gate.GuardModel.TX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ebpf.prog.TestRun;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.gate.table.Bucket;
import dev.weir.gate.table.GuardCounter;
import dev.weir.gate.table.NameKey;
import dev.weir.gate.table.SuffixKey;
import dev.weir.sys.Bpf;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.PacketBuilder;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Packets in, verdicts and bytes out: a table for each question. Replies are built by hand, headers and checksums with them. */
class GuardPacketsTest {
    private static final int ALLOW = 0;
    private static final int BLOCK = 1;
    private static final int TRUNCATE = 2;
    private static final int REFUSE = 128;
    private static final int DENY = 129;
    private static final int UNKNOWN = 77;

    private static final Query QUERY = Query.of("www.Example.com", 1);
    private static final IpAddress CLIENT4 = IpAddress.parse("198.18.0.1");
    private static final IpAddress CLIENT6 = IpAddress.parse("fd00::1");

    /** Fills tables. */
    @FunctionalInterface
    private interface Setup {
        void fill(GuardTables tables) throws Exception;
    }

    /** @param reply the frame that comes back, null if the frame must stay as it is */
    private record Case(String what, Setup setup, byte[] frame, int verdict, byte[] reply, GuardCounter reason) {}

    private final List<Case> cases = new ArrayList<>();

    private void add(String what, Setup setup, PacketBuilder packet, int verdict, GuardCounter reason) {
        cases.add(new Case(what, setup, packet.build(), verdict, new byte[0], reason));
    }

    private void addReply(String what, Setup setup, PacketBuilder packet, PacketBuilder reply, GuardCounter reason) {
        cases.add(new Case(what, setup, packet.build(), TX, reply.build(), reason));
    }

    private void run(int atLeast) throws Exception {
        assertThat(cases).hasSizeGreaterThanOrEqualTo(atLeast);
        KernelSandbox.run(sandbox -> {
            try (GuardObject guard = GuardObject.load(Bpf.kernel(), GuardSpec.DEFAULT)) {
                GuardTables tables = new GuardTables(guard);
                for (Case c : cases) {
                    tables.clear();
                    c.setup.fill(tables);
                    Map<GuardCounter, Long> before = guard.counters();
                    TestRun result = guard.program().testRun(c.frame);
                    assertThat(result.returned()).as("verdict: %s", c.what).isEqualTo(c.verdict);
                    byte[] wanted = c.verdict == TX ? c.reply : c.frame;
                    assertThat(HexFormat.of().formatHex(result.data()))
                            .as("frame: %s", c.what)
                            .isEqualTo(HexFormat.of().formatHex(wanted));
                    assertThat(guard.counters().get(c.reason) - before.get(c.reason))
                            .as("%s: %s", c.reason, c.what)
                            .isEqualTo(1);
                    boolean carriedOut = c.verdict != PASS || c.reason == GuardCounter.ALLOWED;
                    boolean byRate = c.reason == GuardCounter.LIMITED;
                    assertThat(tables.hits()).as("hits: %s", c.what).isEqualTo(carriedOut && !byRate ? 1 : 0);
                }
            }
        });
    }

    private static PacketBuilder from(int family) {
        return family == 4 ? new PacketBuilder() : new PacketBuilder().addresses("fd00::1", "fd00::53");
    }

    /** The way back of {@link #from}. */
    private static PacketBuilder back(int family) {
        PacketBuilder packet = new PacketBuilder().ports(53, 40_000).timeToLive(64);
        packet.stations(new byte[] {2, 0, 0, 0, 0, 2}, new byte[] {2, 0, 0, 0, 0, 1});
        return family == 4 ? packet.addresses("198.18.0.53", "198.18.0.1") : packet.addresses("fd00::53", "fd00::1");
    }

    private static IpAddress client(int family) {
        return family == 4 ? CLIENT4 : CLIENT6;
    }

    private static Netmask network(int family, int prefix) {
        return Netmask.of(client(family).truncate(prefix), prefix);
    }

    private static Setup address(int family, int action) {
        return tables -> tables.address(client(family), action, 0);
    }

    private static Name name(String text) {
        return Name.parse(text);
    }

    private static Map<String, Setup> matches(int family, int action) {
        return Map.of(
                "address", address(family, action),
                "range", tables -> tables.range(network(family, 20), action, 0),
                "range of one",
                        tables -> tables.range(network(family, client(family).bits()), action, 0),
                "range of all", tables -> tables.range(network(family, 0), action, 0),
                "name and type", tables -> tables.name(new NameKey(name("www.example.com"), 1), action),
                "name", tables -> tables.name(new NameKey(name("WWW.EXAMPLE.COM"), 65_535), action),
                "suffix and type", tables -> tables.suffix(new SuffixKey(name("example.com"), 1), action, 0),
                "suffix", tables -> tables.suffix(new SuffixKey(name("com"), 65_535), action, 0),
                "root as suffix", tables -> tables.suffix(new SuffixKey(Name.ROOT, 65_535), action, 0));
    }

    @Test
    void everyTableWithEveryActionInBothFamilies() throws Exception {
        Map<Integer, GuardCounter> outcomes = Map.of(
                ALLOW, GuardCounter.ALLOWED,
                BLOCK, GuardCounter.DROPPED,
                TRUNCATE, GuardCounter.TRUNCATED,
                REFUSE, GuardCounter.REFUSED,
                DENY, GuardCounter.NXDOMAIN,
                UNKNOWN, GuardCounter.UNKNOWN_ACTION);
        Map<Integer, Integer> results = Map.of(TRUNCATE, Query.TC, REFUSE, Query.REFUSED, DENY, Query.NXDOMAIN);
        for (int family : new int[] {4, 6}) {
            for (Map.Entry<Integer, GuardCounter> outcome : outcomes.entrySet()) {
                matches(family, outcome.getKey()).forEach((by, setup) -> {
                    String what = "IPv" + family + ", by " + by + ", " + outcome.getValue();
                    PacketBuilder packet = from(family).payload(QUERY.bytes());
                    Integer result = results.get(outcome.getKey());
                    if (result == null) {
                        add(what, setup, packet, outcome.getKey() == BLOCK ? DROP : PASS, outcome.getValue());
                    } else {
                        PacketBuilder reply = back(family).payload(QUERY.reply(result, -1));
                        addReply(what, setup, packet, reply, outcome.getValue());
                    }
                });
            }
        }
        run(108);
    }

    @Test
    void headersOfEveryKind() throws Exception {
        byte[] query = QUERY.bytes();
        for (int family : new int[] {4, 6}) {
            for (int tags : new int[] {0, 1, 2, 3, 40}) {
                PacketBuilder packet = from(family).payload(query).padding(9);
                PacketBuilder reply = back(family).payload(QUERY.reply(Query.TC, -1));
                for (int tag = 0; tag < tags; tag++) {
                    packet.tag(tag == 0 && tags > 1 ? 0x88a8 : 0x8100, 100 + tag);
                    reply.tag(tag == 0 && tags > 1 ? 0x88a8 : 0x8100, 100 + tag);
                }
                String what = "IPv" + family + ", tags " + tags;
                add(what, address(family, BLOCK), packet, DROP, GuardCounter.DROPPED);
                addReply(what, address(family, TRUNCATE), packet, reply, GuardCounter.TRUNCATED);
            }
            PacketBuilder tcp = from(family).protocol(PacketBuilder.TCP);
            add("TCP " + family, address(family, BLOCK), tcp, DROP, GuardCounter.DROPPED);
            add("TCP " + family, t -> t.range(network(family, 20), BLOCK, 0), tcp, DROP, GuardCounter.DROPPED);
            add("TCP " + family, address(family, TRUNCATE), tcp, PASS, GuardCounter.PASSED);
            add("TCP " + family, address(family, REFUSE), tcp, DROP, GuardCounter.UNANSWERABLE);
            add("TCP " + family, address(family, ALLOW), tcp, PASS, GuardCounter.ALLOWED);
            Setup root = t -> t.suffix(new SuffixKey(Name.ROOT, 65_535), BLOCK, 0);
            add("TCP's names " + family, root, tcp.payload(query), PASS, GuardCounter.PASSED);
            add(
                    "TCP elsewhere",
                    address(family, BLOCK),
                    from(family).protocol(6).ports(1, 54),
                    PASS,
                    GuardCounter.PASSED);
            add(
                    "UDP elsewhere",
                    address(family, BLOCK),
                    from(family).ports(53, 54).payload(query),
                    PASS,
                    GuardCounter.PASSED);
            add("ICMP", address(family, BLOCK), from(family).protocol(1).payload(query), PASS, GuardCounter.PASSED);
            for (int[] f : new int[][] {{0, 1}, {1, 0}, {185, 1}}) {
                PacketBuilder fragment = from(family).payload(query).fragment(f[0], f[1] == 1);
                String what = "fragment " + family + " at " + f[0];
                add(what, address(family, BLOCK), fragment, DROP, GuardCounter.DROPPED);
                add(what, address(family, TRUNCATE), fragment, DROP, GuardCounter.UNANSWERABLE);
                add(what, root, fragment, PASS, GuardCounter.PASSED);
            }
        }
        for (int words = 1; words <= 10; words += 3) {
            PacketBuilder packet = from(4).options(new byte[4 * words]).payload(query);
            add("options", address(4, BLOCK), packet, DROP, GuardCounter.DROPPED);
            add(
                    "options",
                    t -> t.name(new NameKey(name("www.example.com"), 1), BLOCK),
                    packet,
                    DROP,
                    GuardCounter.DROPPED);
            add("options", address(4, REFUSE), packet, DROP, GuardCounter.UNANSWERABLE);
        }
        for (int type : new int[] {0, 43, 60}) {
            for (int length : new int[] {6, 14, 62}) {
                PacketBuilder packet = from(6).extension(type, new byte[length]).payload(query);
                add("extension " + type, address(6, BLOCK), packet, DROP, GuardCounter.DROPPED);
                add("extension " + type, address(6, DENY), packet, DROP, GuardCounter.UNANSWERABLE);
            }
        }
        PacketBuilder atomic = from(6).fragment(0, false).payload(query);
        Setup byName = t -> t.name(new NameKey(name("www.example.com"), 65_535), BLOCK);
        add("atomic fragment", byName, atomic, DROP, GuardCounter.DROPPED);
        for (int count : new int[] {6, 7, 170}) {
            PacketBuilder many = from(6).payload(query);
            for (int i = 0; i < count; i++) {
                many.extension(60, new byte[6]);
            }
            add(count + " extensions", address(6, BLOCK), many, DROP, GuardCounter.DROPPED);
            add(count + " extensions", byName, many, DROP, GuardCounter.DROPPED);
        }
        PacketBuilder jumbo = from(6).extension(0, new byte[6]).payload(query).ipLength(0);
        add("no length", address(6, BLOCK), jumbo, DROP, GuardCounter.DROPPED);
        add("no length", byName, jumbo, DROP, GuardCounter.DROPPED);
        PacketBuilder later = from(6).fragment(3, true).protocol(60).payload(query);
        add("fragment of options", address(6, BLOCK), later, DROP, GuardCounter.DROPPED);
        run(80);
    }

    @Test
    void repliesOfEveryKind() throws Exception {
        Setup truncate = address(4, TRUNCATE);
        for (int flags : new int[] {0, 0x8000, 0xffff}) {
            for (int options : new int[] {0, 12, 500}) {
                Query asked = QUERY.withOpt(flags, 0, options);
                addReply(
                        "OPT",
                        truncate,
                        from(4).payload(asked.bytes()),
                        back(4).payload(asked.reply(Query.TC, flags & 0x8000)),
                        GuardCounter.TRUNCATED);
            }
        }
        List<Query> withoutOpt = List.of(
                QUERY.withOpt(0, 1, 0),
                QUERY.withOpt(0, 0, 0).withCounts(1, 1),
                QUERY.withBehind(1, new byte[] {0, 0, 41, 4, 0, 0, 0, 0, 0, 0, 1}),
                QUERY.withBehind(1, new byte[] {0, 0, 41, 4, 0, 0, 0, 0, 0, 0}),
                QUERY.withBehind(1, new byte[] {0, 0, 1, 4, 0, 0, 0, 0, 0, 0, 0}),
                QUERY.withBehind(1, new byte[] {1, 0, 0, 41, 4, 0, 0, 0, 0, 0, 0}),
                QUERY.withBehind(2, new byte[22]),
                QUERY.withBehind(0, new byte[] {0, 0, 41, 4, 0, 0, 0, 0, 0, 0, 0}));
        for (Query asked : withoutOpt) {
            addReply(
                    "no clean OPT",
                    truncate,
                    from(4).payload(asked.bytes()),
                    back(4).payload(asked.reply(Query.TC, -1)),
                    GuardCounter.TRUNCATED);
        }
        for (int flags : new int[] {0, 0x0100, 0x0110, 0x0120, 0x7fff, 0x2800, 0x0600}) {
            Query asked = QUERY.withFlags(flags);
            addReply(
                    "flags",
                    address(6, REFUSE),
                    from(6).payload(asked.bytes()),
                    back(6).payload(asked.reply(Query.REFUSED, -1)),
                    GuardCounter.REFUSED);
        }
        for (String text : new String[] {
            ".", "a", "ab", "abc", "abcd", "x".repeat(63), "a.".repeat(127).substring(0, 253)
        }) {
            Query asked = Query.of(text, 65_280).withOpt(0x8000, 0, 8);
            for (int family : new int[] {4, 6}) {
                addReply(
                        "name " + text,
                        address(family, DENY),
                        from(family).payload(asked.bytes()),
                        back(family).payload(asked.reply(Query.NXDOMAIN, 0x8000)),
                        GuardCounter.NXDOMAIN);
            }
        }
        byte[] query = QUERY.bytes();
        byte[] refused = QUERY.reply(Query.REFUSED, -1);
        addReply(
                "no checksum",
                address(4, REFUSE),
                from(4).withoutChecksum().payload(query),
                back(4).withoutChecksum().payload(refused),
                GuardCounter.REFUSED);
        addReply(
                "no checksum",
                address(6, REFUSE),
                from(6).withoutChecksum().payload(query),
                back(6).payload(refused),
                GuardCounter.REFUSED);
        addReply(
                "traffic class",
                address(4, REFUSE),
                from(4).trafficClass(3).payload(query),
                back(4).payload(refused),
                GuardCounter.REFUSED);
        addReply(
                "traffic class",
                address(6, REFUSE),
                from(6).trafficClass(255).payload(query),
                back(6).payload(refused),
                GuardCounter.REFUSED);
        addReply(
                "don't fragment",
                address(4, REFUSE),
                from(4).identity(77, 0x4000).payload(query),
                back(4).identity(77, 0x4000).payload(refused),
                GuardCounter.REFUSED);
        add(
                "an answer",
                address(4, REFUSE),
                from(4).payload(QUERY.withFlags(0x8180).bytes()),
                DROP,
                GuardCounter.UNANSWERABLE);
        add(
                "an answer, dropped",
                address(4, BLOCK),
                from(4).payload(QUERY.withFlags(0x8180).bytes()),
                DROP,
                GuardCounter.DROPPED);
        add(
                "two questions",
                address(4, REFUSE),
                from(4).payload(QUERY.withCounts(2, 0).bytes()),
                DROP,
                GuardCounter.UNANSWERABLE);
        add("from port 0", address(4, REFUSE), from(4).ports(0, 53).payload(query), DROP, GuardCounter.UNANSWERABLE);
        add(
                "to a group",
                address(4, REFUSE),
                from(4).addresses("198.18.0.1", "224.0.0.251").payload(query),
                DROP,
                GuardCounter.UNANSWERABLE);
        add(
                "to a group",
                address(6, REFUSE),
                from(6).addresses("fd00::1", "ff02::fb").payload(query),
                DROP,
                GuardCounter.UNANSWERABLE);
        add(
                "to all stations",
                address(4, REFUSE),
                from(4).stations(new byte[] {2, 0, 0, 0, 0, 1}, new byte[] {-1, -1, -1, -1, -1, -1})
                        .payload(query),
                DROP,
                GuardCounter.UNANSWERABLE);
        run(40);
    }

    @Test
    void whatIsMalformedIsJudgedByItsClientAndItsRate() throws Exception {
        byte[] query = QUERY.bytes();
        Setup root = t -> {
            t.suffix(new SuffixKey(Name.ROOT, 65_535), BLOCK, 0);
            t.address(CLIENT4, TRUNCATE, 0);
            t.rate(network(6, 0), new Bucket(Long.MAX_VALUE / 2, 1, 0, 0, 0, 0));
        };
        Setup nobody = t -> t.name(new NameKey(name("elsewhere"), 65_535), BLOCK);
        for (int family : new int[] {4, 6}) {
            GuardCounter reason = family == 4 ? GuardCounter.UNANSWERABLE : GuardCounter.LIMITED;
            for (int length : new int[] {0, 1, 11, 12, 16, 32}) {
                PacketBuilder cut = from(family).payload(Arrays.copyOf(query, length));
                add("message of " + length, root, cut, DROP, reason);
                add("message of " + length, nobody, cut, PASS, GuardCounter.MALFORMED);
                add("message of " + length, address(family, BLOCK), cut, DROP, GuardCounter.DROPPED);
            }
            for (int length : new int[] {0, 7, 8, 40, 42, 1000}) {
                PacketBuilder wrong =
                        from(family).payload(query).udpLength(length).padding(20);
                boolean isJumbo = length == 0 && family == 6;
                add("UDP length " + length, root, wrong, DROP, isJumbo ? GuardCounter.DROPPED : reason);
                add("UDP length " + length, address(family, BLOCK), wrong, DROP, GuardCounter.DROPPED);
            }
            for (int length : new int[] {7, 10_000}) {
                PacketBuilder wrong = from(family).payload(query).ipLength(length);
                add("IP length " + length, address(family, BLOCK), wrong, DROP, GuardCounter.DROPPED);
                add("IP length " + length, root, wrong, DROP, reason);
            }
            byte[] pointer = query.clone();
            pointer[12] = (byte) 0xc0;
            byte[] label = query.clone();
            label[12] = 64;
            for (byte[] bad :
                    new byte[][] {pointer, label, QUERY.withCounts(0, 0).bytes()}) {
                add("bad question", root, from(family).payload(bad), DROP, reason);
                add("bad question", nobody, from(family).payload(bad), PASS, GuardCounter.MALFORMED);
            }
            byte[] tooLong = new byte[12 + 256 + 4];
            tooLong[5] = 1;
            for (int at = 12; at < 12 + 254; at += 2) {
                tooLong[at] = 1;
            }
            tooLong[12 + 254] = 0;
            PacketBuilder longest = from(family).payload(tooLong);
            add("254 and the root", address(family, BLOCK), longest, DROP, GuardCounter.DROPPED);
            tooLong[12 + 254] = 1;
            add("one more", root, from(family).payload(tooLong), DROP, reason);
        }
        byte[] version = from(4).payload(query).build();
        version[14] = 0x65;
        cases.add(new Case("version 6 in IPv4", address(4, BLOCK), version, PASS, new byte[0], GuardCounter.PASSED));
        byte[] shortHeader = from(4).payload(query).build();
        shortHeader[14] = 0x44;
        cases.add(new Case("header of 16", address(4, BLOCK), shortHeader, DROP, new byte[0], GuardCounter.DROPPED));
        for (int length : new int[] {14, 20, 33}) {
            byte[] cut = Arrays.copyOf(from(4).payload(query).build(), length);
            cases.add(new Case("frame of " + length, address(4, BLOCK), cut, PASS, new byte[0], GuardCounter.PASSED));
        }
        run(50);
    }

    @Test
    void theMostSpecificEntryDecides() throws Exception {
        PacketBuilder query = from(4).payload(QUERY.bytes());
        long past = System.nanoTime() - GuardTables.LONG_NS;
        long future = System.nanoTime() + GuardTables.FUTURE_NS;
        Setup block = t -> t.range(network(4, 0), BLOCK, 0);
        Setup allowed = both(block, t -> t.range(network(4, 24), ALLOW, 0));
        add("range in a range", allowed, query, PASS, GuardCounter.ALLOWED);
        add("address in a range", both(block, address(4, ALLOW)), query, PASS, GuardCounter.ALLOWED);
        add(
                "allowed, over the rate",
                both(t -> t.rate(network(4, 0), exceeded(0)), address(4, ALLOW)),
                query,
                PASS,
                GuardCounter.ALLOWED);
        add("address, ended", t -> t.address(CLIENT4, BLOCK, past), query, PASS, GuardCounter.PASSED);
        add("address, to end", t -> t.address(CLIENT4, BLOCK, future), query, DROP, GuardCounter.DROPPED);
        add(
                "address, ended, in a range",
                both(block, t -> t.address(CLIENT4, ALLOW, past)),
                query,
                DROP,
                GuardCounter.DROPPED);
        add("range, ended", t -> t.range(network(4, 24), BLOCK, past), query, PASS, GuardCounter.PASSED);
        add("range, to end", t -> t.range(network(4, 24), BLOCK, future), query, DROP, GuardCounter.DROPPED);
        add(
                "range, ended, in a range",
                both(block, t -> t.range(network(4, 24), ALLOW, past)),
                query,
                DROP,
                GuardCounter.DROPPED);
        add("all, ended", t -> t.range(network(4, 0), BLOCK, past), query, PASS, GuardCounter.PASSED);
        add(
                "range in one that has ended",
                both(t -> t.range(network(4, 0), ALLOW, past), t -> t.range(network(4, 24), BLOCK, 0)),
                query,
                DROP,
                GuardCounter.DROPPED);
        add("an end of nobody", both(block, t -> t.rangeEnd(network(4, 24), past)), query, DROP, GuardCounter.DROPPED);
        add(
                "an end of nobody hides none",
                both(t -> t.range(network(4, 0), BLOCK, past), t -> t.rangeEnd(network(4, 24), future)),
                query,
                PASS,
                GuardCounter.PASSED);
        add(
                "all but one ended",
                t -> {
                    for (int prefix = 1; prefix <= 32; prefix++) {
                        t.range(network(4, prefix), ALLOW, past);
                    }
                    t.range(network(4, 0), BLOCK, 0);
                },
                query,
                DROP,
                GuardCounter.DROPPED);
        add(
                "all but the root ended",
                t -> {
                    for (Name suffix = name("www.example.com"); !suffix.isRoot(); suffix = suffix.parent()) {
                        t.suffix(new SuffixKey(suffix, 65_535), ALLOW, past);
                    }
                    t.suffix(new SuffixKey(Name.ROOT, 65_535), BLOCK, 0);
                },
                query,
                DROP,
                GuardCounter.DROPPED);
        add(
                "name before suffix",
                t -> {
                    t.suffix(new SuffixKey(name("www.example.com"), 1), BLOCK, 0);
                    t.name(new NameKey(name("www.example.com"), 65_535), ALLOW);
                },
                query,
                PASS,
                GuardCounter.ALLOWED);
        add(
                "type before any",
                t -> {
                    t.name(new NameKey(name("www.example.com"), 65_535), BLOCK);
                    t.name(new NameKey(name("www.example.com"), 1), ALLOW);
                },
                query,
                PASS,
                GuardCounter.ALLOWED);
        add(
                "another type",
                t -> t.name(new NameKey(name("www.example.com"), 28), BLOCK),
                query,
                PASS,
                GuardCounter.PASSED);
        add(
                "ANY is not any",
                t -> t.name(new NameKey(name("www.example.com"), 255), BLOCK),
                query,
                PASS,
                GuardCounter.PASSED);
        add(
                "longer suffix",
                t -> {
                    t.suffix(new SuffixKey(name("com"), 65_535), BLOCK, 0);
                    t.suffix(new SuffixKey(name("example.com"), 65_535), ALLOW, 0);
                },
                query,
                PASS,
                GuardCounter.ALLOWED);
        add(
                "suffix, ended, below a suffix",
                t -> {
                    t.suffix(new SuffixKey(name("com"), 65_535), BLOCK, future);
                    t.suffix(new SuffixKey(name("example.com"), 65_535), ALLOW, past);
                },
                query,
                DROP,
                GuardCounter.DROPPED);
        add(
                "root suffix, ended",
                t -> t.suffix(new SuffixKey(Name.ROOT, 65_535), BLOCK, past),
                query,
                PASS,
                GuardCounter.PASSED);
        add(
                "not on a label's boundary",
                t -> t.suffix(new SuffixKey(name("xample.com"), 65_535), BLOCK, 0),
                query,
                PASS,
                GuardCounter.PASSED);
        add(
                "below the name",
                t -> t.suffix(new SuffixKey(name("a.www.example.com"), 65_535), BLOCK, 0),
                query,
                PASS,
                GuardCounter.PASSED);
        add("over the rate", t -> t.rate(network(4, 8), exceeded(0)), query, DROP, GuardCounter.LIMITED);
        addReply(
                "over the rate, slip",
                t -> t.rate(network(4, 8), exceeded(1)),
                query,
                back(4).payload(QUERY.reply(Query.TC, -1)),
                GuardCounter.LIMITED);
        add("over the rate, no slip yet", t -> t.rate(network(4, 8), exceeded(2)), query, DROP, GuardCounter.LIMITED);
        add(
                "over the rate, an answer",
                t -> t.rate(network(4, 8), exceeded(1)),
                from(4).payload(QUERY.withFlags(0x8000).bytes()),
                DROP,
                GuardCounter.LIMITED);
        add("within the rate", t -> t.rate(network(4, 8), Bucket.of(1, 1, 0)), query, PASS, GuardCounter.PASSED);
        run(25);
    }

    /** As many suffixes as a name can have, and ranges as an address, each within the other and ended, above one that has not. */
    @Test
    void noNumberOfEndedEntriesHidesALiveOne() throws Exception {
        long past = System.nanoTime() - GuardTables.LONG_NS;
        Name longest = name("a.".repeat(126) + "b");
        add(
                "suffixes",
                t -> {
                    for (Name suffix = longest; !suffix.isRoot(); suffix = suffix.parent()) {
                        t.suffix(new SuffixKey(suffix, 65_535), ALLOW, past);
                    }
                    t.suffix(new SuffixKey(Name.ROOT, 65_535), BLOCK, 0);
                },
                from(4).payload(Query.of(longest.toString(), 1).bytes()),
                DROP,
                GuardCounter.DROPPED);
        for (int family : new int[] {4, 6}) {
            add(
                    "ranges " + family,
                    t -> {
                        for (int prefix = client(family).bits(); prefix > 0; prefix--) {
                            t.range(network(family, prefix), ALLOW, past);
                        }
                        t.range(network(family, 0), BLOCK, 0);
                    },
                    from(family).payload(QUERY.bytes()),
                    DROP,
                    GuardCounter.DROPPED);
        }
        run(3);
    }

    /** Whatever it is: what comes from a limited network costs a token. */
    @Test
    void everythingTowardsOurPortsCostsAToken() throws Exception {
        for (int family : new int[] {4, 6}) {
            Setup limit = t -> t.rate(network(family, 8), exceeded(0));
            byte[] query = QUERY.bytes();
            byte[] pointer = query.clone();
            pointer[12] = (byte) 0xc0;
            Map<String, PacketBuilder> packets = Map.of(
                    "no question", from(family).payload(QUERY.withCounts(0, 0).bytes()),
                    "11 octets", from(family).payload(Arrays.copyOf(query, 11)),
                    "nothing", from(family).payload(),
                    "a compressed name", from(family).payload(pointer),
                    "a first fragment", from(family).payload(query).fragment(0, true),
                    "a later fragment", from(family).payload(query).fragment(185, false),
                    "an answer", from(family).payload(QUERY.withFlags(0x8000).bytes()),
                    "a wrong length", from(family).payload(query).udpLength(1000),
                    "port 0", from(family).ports(0, 53).payload(query));
            packets.forEach((what, packet) -> add(what + " " + family, limit, packet, DROP, GuardCounter.LIMITED));
            add(
                    "a name that can't be refused",
                    both(limit, t -> t.name(new NameKey(name("www.example.com"), 65_535), REFUSE)),
                    from(family).ports(0, 53).payload(query),
                    DROP,
                    GuardCounter.LIMITED);
            add("a stream", limit, from(family).protocol(PacketBuilder.TCP), PASS, GuardCounter.PASSED);
        }
        run(22);
    }

    /** One query fits, the second of a burst of two too, the third does not. */
    @Test
    void aBucketHoldsItsBurst() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (GuardObject guard = GuardObject.load(Bpf.kernel(), GuardSpec.DEFAULT)) {
                new GuardTables(guard)
                        .rate(network(4, 24), new Bucket(0, GuardTables.LONG_NS, GuardTables.LONG_NS, 0, 3, 0));
                byte[] query = from(4).payload(QUERY.bytes()).build();
                int[] verdicts = new int[8];
                for (int i = 0; i < verdicts.length; i++) {
                    verdicts[i] = guard.program().testRun(query).returned();
                }
                assertThat(verdicts).containsExactly(PASS, PASS, DROP, DROP, TX, DROP, DROP, TX);
            }
        });
    }

    private static Bucket exceeded(int slip) {
        return new Bucket(Long.MAX_VALUE / 2, 1, 0, 0, slip, 0);
    }

    private static Setup both(Setup first, Setup second) {
        return tables -> {
            first.fill(tables);
            second.fill(tables);
        };
    }
}
