package dev.weir.engine.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.acl.AddressHash;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.action.Result;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogFormat;
import dev.weir.engine.log.LogSettings;
import dev.weir.engine.log.LogSink;
import dev.weir.engine.query.HashedName;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.Statistics;
import dev.weir.wire.Name;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which block stands when several are inserted, and which one does a client meet? */
class DynamicBlocksTest {
    private static final long SECOND = 1_000_000_000L;
    private static final ClientRange CLIENT = ClientRange.of(Netmask.parse("192.0.2.1"));

    private final DynamicBlocks blocks = new DynamicBlocks(new Statistics());
    private long now = 77 * SECOND;

    private static BlockSpec drop(String reason, int seconds) {
        return BlockSpec.of(reason, seconds, Result.DROP);
    }

    private DynamicBlock only() {
        assertThat(blocks.clients(now)).hasSize(1);
        return blocks.clients(now).getFirst();
    }

    private static Peer peer(String text) {
        Peer peer = new Peer();
        peer.set(Endpoint.parse(text, 0));
        return peer;
    }

    private @Nullable String reasonFor(String client) {
        DynamicBlocks.InForce inForce = blocks.inForce();
        DynamicBlock block = inForce == null ? null : inForce.client(peer(client), now);
        return block == null ? null : block.reason();
    }

    @Test
    void aBlockThatEndsLaterIsKept() {
        assertThat(blocks.insert(CLIENT, drop("long", 60), now)).isTrue();
        assertThat(blocks.insert(CLIENT, BlockSpec.of("short", 10, Result.REFUSED), now))
                .isFalse();
        assertThat(only().reason()).isEqualTo("long");
    }

    @Test
    void aLongerBlockTakesOverWithTheHits() {
        blocks.insert(CLIENT, drop("short", 10), now);
        only().hit(new Statistics().takeShard());
        assertThat(blocks.insert(CLIENT, BlockSpec.of("long", 60, Result.REFUSED), now))
                .isFalse();
        assertThat(only().reason()).isEqualTo("long");
        assertThat(only().action()).isEqualTo(Result.REFUSED);
        assertThat(only().blocks()).isEqualTo(1);
        assertThat(only().endNanos()).isEqualTo(now + 60 * SECOND);
    }

    @Test
    void theSameBlockIsMadeLonger() {
        blocks.insert(CLIENT, drop("same", 10), now);
        DynamicBlock before = only();
        now += SECOND;
        blocks.insert(CLIENT, drop("same", 10), now);
        assertThat(only()).isSameAs(before);
        assertThat(only().endNanos()).isEqualTo(now + 10 * SECOND);
    }

    @Test
    void afterItsEndABlockIsNewsAgainAndCountsFromZero() {
        blocks.insert(CLIENT, drop("first", 10), now);
        only().hit(new Statistics().takeShard());
        now += 10 * SECOND;
        assertThat(blocks.insert(CLIENT, drop("second", 5), now)).isTrue();
        assertThat(only().blocks()).isZero();
    }

    @Test
    void aWarningGivesWayToARealBlockAndNeverTheOtherWayAround() {
        assertThat(blocks.insert(CLIENT, drop("limit", 60).asWarning(), now)).isTrue();
        assertThat(only().action()).isEqualTo(Result.NO_OP);
        assertThat(blocks.insert(CLIENT, drop("limit", 10), now)).isTrue();
        assertThat(only().warning()).isFalse();
        assertThat(blocks.insert(CLIENT, drop("limit", 600).asWarning(), now)).isFalse();
        assertThat(only().warning()).isFalse();
    }

    @Test
    void theMostSpecificRangeDecides() {
        blocks.insert(ClientRange.of(Netmask.parse("192.0.0.0/16")), drop("16", 60), now);
        blocks.insert(ClientRange.of(Netmask.parse("192.0.2.0/24")), drop("24", 60), now);
        blocks.insert(CLIENT, drop("32", 10), now);
        blocks.insert(ClientRange.of(IpAddress.parse("192.0.2.1"), 32, 0x8000, 1), drop("ports", 5), now);
        blocks.insert(ClientRange.of(Netmask.parse("2001:db8::/32")), drop("v6", 60), now);
        assertThat(reasonFor("192.0.2.1:32768")).isEqualTo("ports");
        assertThat(reasonFor("192.0.2.1:32767")).isEqualTo("32");
        assertThat(reasonFor("192.0.2.2:1")).isEqualTo("24");
        assertThat(reasonFor("192.0.3.1:1")).isEqualTo("16");
        assertThat(reasonFor("192.1.3.1:1")).isNull();
        assertThat(reasonFor("[2001:db8:ffff::1]:1")).isEqualTo("v6");
        assertThat(reasonFor("[2001:db9::1]:1")).isNull();
        now += 10 * SECOND;
        assertThat(reasonFor("192.0.2.1:32768")).isEqualTo("24");
    }

    @Test
    void rangesAreListedAfterThoseInside() {
        for (String range : List.of("2001:db8::/32", "192.0.2.0/24", "192.0.2.1", "10.0.0.0/8", "192.0.2.0/32")) {
            blocks.insert(ClientRange.of(Netmask.parse(range)), drop(range, 10), now);
        }
        blocks.insert(ClientRange.of(IpAddress.parse("192.0.2.1"), 32, 20_000, 2), drop("ports", 5), now);
        assertThat(blocks.clients(now).stream().map(DynamicBlock::key))
                .containsExactly(
                        "10.0.0.0/8",
                        "192.0.2.0/32",
                        "192.0.2.1:16384/2",
                        "192.0.2.1/32",
                        "192.0.2.0/24",
                        "2001:db8::/32");
    }

    /** As dnsdist 1.7.3 lists them. */
    @Test
    void namesAreListedAfterThoseBelow() {
        for (String name : List.of("a-drop.com.", "b.", "x.a-drop.com.", ".", "com.", "c.b.")) {
            blocks.insert(Name.parse(name), drop(name, 10), now);
        }
        assertThat(blocks.suffixes(now).stream().map(DynamicBlock::key))
                .containsExactly("c.b.", "b.", "x.a-drop.com.", "a-drop.com.", "com.", ".");
    }

    @Test
    void theLongestNameInForceDecides() {
        blocks.insert(Name.parse("example."), drop("wide", 60), now);
        blocks.insert(Name.parse("www.example."), drop("narrow", 10), now);
        BlockedNames table = new BlockedNames();
        blocks.suffixes(now).forEach(block -> table.put(block.suffix(), block));
        HashedName key = HashedName.of(Name.parse("a.WWW.example."));
        assertThat(table.find(key, now).reason()).isEqualTo("narrow");
        assertThat(table.find(key, now + 10 * SECOND).reason()).isEqualTo("wide");
        assertThat(table.find(HashedName.of(Name.parse("example.org.")), now)).isNull();
    }

    @Test
    void whatHasEndedIsTakenOutWhenItIsTime() {
        blocks.tick(now);
        blocks.insert(CLIENT, drop("a", 10), now);
        blocks.insert(Name.parse("a."), drop("a", 10), now);
        blocks.tick(now + 59 * SECOND);
        assertThat(blocks.size()).isEqualTo(1);
        assertThat(blocks.inForce()).isNotNull();
        blocks.tick(now + 60 * SECOND);
        assertThat(blocks.size()).isZero();
        assertThat(blocks.inForce()).isNull();
    }

    @Test
    void purgingCanBeSwitchedOff() {
        blocks.purgeInterval(0);
        blocks.tick(now);
        blocks.insert(CLIENT, drop("a", 10), now);
        blocks.tick(now + 6000 * SECOND);
        assertThat(blocks.size()).isEqualTo(1);
    }

    @Test
    void clearingLiftsAll() {
        blocks.insert(CLIENT, drop("a", 10), now);
        blocks.insert(Name.parse("a."), drop("a", 10), now);
        blocks.clear();
        assertThat(blocks.inForce()).isNull();
        assertThat(blocks.suffixes(now)).isEmpty();
        assertThat(blocks.clients(now)).isEmpty();
    }

    @Test
    void rangesThatAreNotPossibleAreRefused() {
        IpAddress ip = IpAddress.parse("192.0.2.1");
        assertThatThrownBy(() -> ClientRange.of(ip, 33, 0, 0)).hasMessageContaining("invalid IPv4 mask (33)");
        assertThatThrownBy(() -> ClientRange.of(ip, 32, 0, 17)).hasMessageContaining("invalid port mask (17)");
        assertThatThrownBy(() -> ClientRange.of(ip, 24, 0, 2)).hasMessageContaining("does not make sense");
    }

    /** The table against a list that is searched from front to back. */
    @Test
    void manyRandomRangesAreFoundLikeInAList() {
        Random random = new Random(20);
        Map<ClientRange, String> list = new HashMap<>();
        int[] sizes = {8, 16, 24, 31, 32};
        for (int i = 0; i < 3000; i++) {
            IpAddress ip = IpAddress.v4(random.nextInt() & 0x0303_ff03);
            int prefix = sizes[random.nextInt(sizes.length)];
            int portBits = prefix == 32 ? random.nextInt(3) : 0;
            ClientRange range = ClientRange.of(ip, prefix, random.nextInt(65536), portBits);
            list.putIfAbsent(range, "n" + i);
            blocks.insert(range, drop("n" + i, 60), now);
        }
        assertThat(blocks.size()).isEqualTo(list.size());
        for (int i = 0; i < 3000; i++) {
            Endpoint client = new Endpoint(IpAddress.v4(random.nextInt() & 0x0303_ff03), random.nextInt(65536));
            ClientRange best = null;
            for (ClientRange range : list.keySet()) {
                boolean holds = range.netmask().matches(client.ip())
                        && (client.port() & ClientRange.portMask(range.portBits())) == range.port();
                if (holds
                        && (best == null
                                || range.prefix() > best.prefix()
                                || range.prefix() == best.prefix() && range.portBits() > best.portBits())) {
                    best = range;
                }
            }
            assertThat(reasonFor(client.toString())).isEqualTo(best == null ? null : list.get(best));
        }
    }

    private static ClientRange client(int number) {
        return ClientRange.of(IpAddress.parse("10.0." + number / 256 + "." + number % 256), 32, 0, 0);
    }

    /** Forged addresses fill the table and no more: those in force stay, what has ended makes room. */
    @Test
    void thereIsRoomForSoManyBlocks() {
        Statistics statistics = new Statistics();
        DynamicBlocks few = new DynamicBlocks(AddressHash.secret(), statistics, new DynamicBlocks.Room(100, 10));
        for (int i = 0; i < 1000; i++) {
            few.insert(client(i), drop("flood", i < 50 ? 10 : 60), now);
        }
        assertThat(few.size()).isEqualTo(100);
        assertThat(statistics.value(Counter.DYN_BLOCK_OVERFLOWS)).isEqualTo(900);
        assertThat(few.clients(now)).extracting(DynamicBlock::key).contains("10.0.0.99/32");
        now += 11 * SECOND;
        assertThat(few.insert(client(50), drop("again", 600), now))
                .as("one that is there is made longer")
                .isFalse();
        assertThat(few.insert(client(2000), drop("flood", 60), now)).isTrue();
        assertThat(few.size()).isEqualTo(51);
        for (int i = 0; i < 20; i++) {
            few.insert(Name.parse("n" + i + ".example."), drop("names", 60), now);
        }
        assertThat(few.suffixes(now)).hasSize(10);
        assertThat(statistics.value(Counter.DYN_BLOCK_OVERFLOWS)).isEqualTo(910);
    }

    @Test
    void roomGrowsWithTheHeap() {
        assertThat(DynamicBlocks.roomFor(256L << 20)).isEqualTo(new DynamicBlocks.Room(262_144, 65_536));
        assertThat(DynamicBlocks.roomFor(4L << 30)).isEqualTo(new DynamicBlocks.Room(4_194_304, 1_048_576));
    }

    @Test
    void clientsBeyondTheRoomAreNotCounted() {
        ClientCounters counters = new ClientCounters(AddressHash.secret());
        counters.clear(2);
        for (int i = 0; i < ClientCounters.MOST; i++) {
            assertThat(counters.client(4, 0, i, 0)).isEqualTo(i);
        }
        assertThat(counters.client(4, 0, ClientCounters.MOST, 0)).isEqualTo(-1);
        assertThat(counters.client(4, 0, 7, 0)).isEqualTo(7);
    }

    /** Five lines a second, and one with the number of the others when the second is over. */
    @Test
    void aFloodOfBlocksIsToldInFewLines() {
        List<String> lines = new ArrayList<>();
        LogSink before = Log.sink((level, line) -> lines.add(new String(line, StandardCharsets.UTF_8)));
        try {
            Log.settings(LogSettings.DEFAULT.withFormat(LogFormat.PLAIN));
            for (int i = 0; i < 100_000; i++) {
                blocks.log().inserted("10.0.0.1/32", drop("flood", 60), now);
            }
            blocks.log().turn(now + SECOND - 1);
            blocks.log().turn(now + SECOND);
            blocks.log().turn(now + 3 * SECOND);
            blocks.log().inserted("10.0.0.2/32", drop("flood", 60).asWarning(), now + 4 * SECOND);
        } finally {
            Log.sink(before);
            Log.settings(LogSettings.DEFAULT);
        }
        assertThat(lines).hasSize(7);
        assertThat(lines.subList(0, 5)).containsOnly("Inserting dynamic block for 10.0.0.1/32 for 60 seconds: flood\n");
        assertThat(lines.get(5)).isEqualTo("Inserting 99995 more dynamic blocks\n");
        assertThat(lines.get(6)).isEqualTo("Inserting (warning) dynamic block for 10.0.0.2/32 for 60 seconds: flood\n");
    }
}
