package dev.weir.gate;

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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random and damaged packets against random tables: the program in the kernel must do what {@link GuardModel} says, to the last byte.
 * {@code -Dweir.fuzz=10000000} says how many packets, {@code -Dweir.fuzz.seed=N} where to start; both stand in a failure's message.
 */
class GuardFuzzTest {
    private static final long PACKETS = Long.getLong("weir.fuzz", 100_000);
    private static final long SEED = Long.getLong("weir.fuzz.seed", 1);
    private static final int PACKETS_PER_ROUND = 5_000;

    private static final String[] ADDRESSES = {
        "198.18.0.1", "198.18.0.2", "198.18.1.1", "198.19.255.255", "0.0.0.0", "224.0.0.1", "255.255.255.255",
        "fd00::1", "fd00::2", "fd00:0:0:1::1", "fdff::ffff", "::", "ff02::1", "::ffff:198.18.0.1"
    };
    private static final String[] NAMES = {
        ".",
        "com",
        "example.com",
        "www.example.com",
        "WWW.Example.COM",
        "badexample.com",
        "a.b.c.d.e.f.example.com",
        "www.example.org",
        "x".repeat(63) + ".example.com",
        "@[`{.example.com",
        ("a".repeat(61) + ".").repeat(4) + "bcdef",
        "a.".repeat(127).substring(0, 253)
    };
    private static final int[] TYPES = {1, 28, 255, 16, 65_535, 0};
    private static final int[] ACTIONS = {0, 1, 1, 2, 2, 128, 129, 3, 127, 255};

    private final SplittableRandom random = new SplittableRandom(SEED);
    private long[] verdicts = new long[4];

    @Test
    void theProgramDoesWhatTheModelSays() throws Exception {
        KernelSandbox.run(sandbox -> {
            long left = PACKETS;
            for (int round = 0; left > 0; round++) {
                boolean anyIs255 = round % 4 == 3;
                boolean passUnanswerable = round % 3 == 2;
                GuardSpec spec = GuardSpec.DEFAULT.withOptions(GuardOptions.DEFAULT
                        .withAnyIs255(anyIs255)
                        .withPassUnanswerable(passUnanswerable)
                        .withPorts(java.util.Set.of(53, 5300)));
                try (GuardObject guard = GuardObject.load(Bpf.kernel(), spec)) {
                    // A program takes a while to verify: several sets of tables for each.
                    for (int tables = 0; tables < 5 && left > 0; tables++, left -= PACKETS_PER_ROUND) {
                        round(guard, anyIs255, passUnanswerable);
                    }
                }
            }
            assertThat(verdicts[GuardModel.DROP]).as("dropped packets").isGreaterThan(PACKETS / 50);
            assertThat(verdicts[GuardModel.PASS]).as("passed packets").isGreaterThan(PACKETS / 50);
            assertThat(verdicts[GuardModel.TX]).as("replies").isGreaterThan(PACKETS / 50);
        });
    }

    private void round(GuardObject guard, boolean anyIs255, boolean passUnanswerable) throws Exception {
        GuardTables tables = new GuardTables(guard);
        tables.clear();
        GuardModel model = new GuardModel();
        model.ports.add(5300);
        model.anyIs255 = anyIs255;
        model.passUnanswerable = passUnanswerable;
        fill(tables, model);
        Map<GuardCounter, Long> before = guard.counters();
        long[] seen = new long[4];
        for (int i = 0; i < PACKETS_PER_ROUND; i++) {
            byte[] frame = damaged(frame());
            GuardModel.Outcome wanted = model.judge(frame);
            TestRun got = guard.program().testRun(frame);
            if (got.returned() != wanted.verdict() || !Arrays.equals(got.data(), wanted.frame())) {
                assertThat(got.returned() + " " + HexFormat.of().formatHex(got.data()))
                        .as("seed %d, frame %s, tables %s", SEED, HexFormat.of().formatHex(frame), model)
                        .isEqualTo(wanted.verdict() + " " + HexFormat.of().formatHex(wanted.frame()));
            }
            seen[got.returned()]++;
        }
        Map<GuardCounter, Long> after = guard.counters();
        after.replaceAll((counter, value) -> value - before.get(counter));
        assertThat(after.get(GuardCounter.SEEN)).isEqualTo(PACKETS_PER_ROUND);
        assertThat(after.get(GuardCounter.PASSED)).isEqualTo(seen[GuardModel.PASS]);
        assertThat(after.get(GuardCounter.DROPPED)).isEqualTo(seen[GuardModel.DROP]);
        assertThat(after.get(GuardCounter.TRUNCATED)
                        + after.get(GuardCounter.REFUSED)
                        + after.get(GuardCounter.NXDOMAIN))
                .isEqualTo(seen[GuardModel.TX]);
        assertThat(tables.hits()).as("hits of all entries").isEqualTo(model.hits);
        for (int i = 0; i < seen.length; i++) {
            verdicts[i] += seen[i];
        }
    }

    private void fill(GuardTables tables, GuardModel model) throws Exception {
        for (int i = random.nextInt(5); i > 0; i--) {
            IpAddress address = address();
            // An entry made anew would find the end of the one before.
            if (model.addresses.containsKey(address)) {
                continue;
            }
            GuardModel.Entry entry = entry();
            tables.address(address, entry.action(), end(entry));
            model.addresses.put(address, entry);
        }
        for (int i = random.nextInt(6); i > 0; i--) {
            Netmask range = range();
            if (model.ranges.containsKey(range)) {
                continue;
            }
            GuardModel.Entry entry = entry();
            tables.range(range, entry.action(), end(entry));
            model.ranges.put(range, entry);
        }
        if (random.nextInt(4) == 0) {
            Netmask orphan = range();
            if (!model.ranges.containsKey(orphan)) {
                tables.rangeEnd(
                        orphan,
                        System.nanoTime() + (random.nextBoolean() ? GuardTables.FUTURE_NS : -GuardTables.LONG_NS));
            }
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            NameKey key = new NameKey(name(), type());
            GuardModel.Entry entry = new GuardModel.Entry(action(), false);
            tables.name(key, entry.action());
            model.names.put(key, entry);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            SuffixKey key = new SuffixKey(random.nextInt(3) == 0 ? name() : parent(name()), type());
            GuardModel.Entry entry = entry();
            tables.suffix(key, entry.action(), end(entry));
            model.suffixes.put(key, entry);
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            Netmask range = range();
            boolean exceeded = random.nextInt(3) > 0;
            int slip = random.nextInt(4);
            tables.rate(
                    range,
                    exceeded ? new Bucket(Long.MAX_VALUE / 2, 1, 0, 0, slip, 0) : new Bucket(0, 0, 0, 0, slip, 0));
            model.rates.put(range, exceeded ? Optional.of(new GuardModel.Exceeded(slip)) : Optional.empty());
        }
    }

    private GuardModel.Entry entry() {
        return new GuardModel.Entry(action(), random.nextInt(4) == 0);
    }

    private long end(GuardModel.Entry entry) {
        if (entry.ended()) {
            return System.nanoTime() - GuardTables.LONG_NS;
        }
        return random.nextBoolean() ? 0 : System.nanoTime() + GuardTables.FUTURE_NS;
    }

    private byte[] frame() {
        String from = pick(ADDRESSES);
        boolean four = from.indexOf(':') < 0;
        String to = random.nextInt(8) == 0 ? from : four ? "198.18.0.53" : "fd00::53";
        PacketBuilder packet = new PacketBuilder()
                .addresses(octets(from), octets(to))
                .ports(random.nextInt(30) == 0 ? 0 : random.nextInt(65_536), pick(53, 53, 53, 53, 53, 5300, 5300, 54))
                .payload(query());
        for (int tags = random.nextInt(40) == 0 ? 50 : random.nextInt(8) - 4; tags > 0; tags--) {
            packet.tag(random.nextBoolean() ? 0x8100 : 0x88a8, random.nextInt(65_536));
        }
        if (random.nextInt(6) == 0) {
            packet.protocol(random.nextInt(3) == 0 ? 1 : PacketBuilder.TCP);
        }
        if (random.nextInt(10) == 0) {
            packet.withoutChecksum();
        }
        if (random.nextInt(4) == 0) {
            packet.padding(random.nextInt(20));
        }
        if (four && random.nextInt(8) == 0) {
            packet.options(new byte[4 * (1 + random.nextInt(10))]);
        }
        if (!four && random.nextInt(4) == 0) {
            extend(packet);
        }
        if (random.nextInt(12) == 0) {
            packet.fragment(random.nextInt(3), random.nextBoolean());
        }
        return packet.build();
    }

    private void extend(PacketBuilder packet) {
        for (int i = random.nextInt(10) == 0 ? 100 : 1 + random.nextInt(7); i > 0; i--) {
            int type = pick(0, 43, 60, 44);
            byte[] content = new byte[type == 44 ? 6 : 6 + 8 * random.nextInt(3)];
            packet.extension(type, content);
        }
    }

    private byte[] query() {
        Query query = new Query(
                random.nextInt(65_536),
                random.nextInt(9) == 0 ? 3 : 1,
                flags(),
                1,
                name().toWire(),
                type(),
                0,
                0,
                null);
        if (random.nextInt(2) == 0) {
            query = query.withOpt(random.nextInt(65_536), random.nextInt(9) == 0 ? 1 : 0, random.nextInt(3) * 5);
        }
        if (random.nextInt(12) == 0) {
            query = query.withCounts(random.nextInt(3), random.nextInt(2));
        }
        return query.bytes();
    }

    private int flags() {
        return random.nextInt(3) == 0 ? random.nextInt(65_536) : Query.RD;
    }

    /** As it is, or with a few octets changed, or cut, or longer. */
    private byte[] damaged(byte[] frame) {
        byte[] result = frame;
        if (random.nextInt(3) == 0) {
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                int at = random.nextInt(result.length);
                result[at] = random.nextBoolean()
                        ? (byte) random.nextInt(256)
                        : (byte) (result[at] ^ 1 << random.nextInt(8));
            }
        }
        if (random.nextInt(12) == 0) {
            result = Arrays.copyOf(result, 14 + random.nextInt(result.length));
        }
        return result;
    }

    private IpAddress address() {
        return IpAddress.of(octets(pick(ADDRESSES)));
    }

    private static byte[] octets(String address) {
        return IpAddress.parse(address).octets();
    }

    private Netmask range() {
        IpAddress address = address();
        int prefix = random.nextInt(5) == 0 ? 0 : random.nextInt(address.bits() + 1);
        return Netmask.of(address.truncate(prefix), prefix);
    }

    private Name name() {
        return Name.parse(pick(NAMES));
    }

    private Name parent(Name name) {
        Name result = name;
        for (int i = random.nextInt(4); i > 0; i--) {
            result = result.parent();
        }
        return result;
    }

    private int type() {
        return pick(TYPES);
    }

    private int action() {
        return pick(ACTIONS);
    }

    private int pick(int... from) {
        return from[random.nextInt(from.length)];
    }

    private String pick(String... from) {
        return from[random.nextInt(from.length)];
    }
}
