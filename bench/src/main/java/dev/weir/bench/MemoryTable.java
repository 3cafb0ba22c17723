package dev.weir.bench;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.Result;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.ClientRange;
import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.cache.CacheIdentity;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.model.Model;
import dev.weir.engine.query.Query;
import dev.weir.engine.ring.RingSpec;
import dev.weir.engine.ring.RingWriter;
import dev.weir.engine.ring.Rings;
import dev.weir.engine.rule.NameSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import dev.weir.engine.walk.QueryPath;
import dev.weir.engine.walk.ResponsePath;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.engine.walk.Worker;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Prints octets per thing that Weir keeps many of: heap as the difference between two collections, and what the cache says it took outside
 * the heap.
 *
 * <pre>{@code java -XX:+UseSerialGC -Xmx2g -cp "bench/target/classes:bench/target/lib/*" dev.weir.bench.MemoryTable}</pre>
 */
public final class MemoryTable {
    private static final int ENTRIES = 1_000_000;
    private static final int QUERIES = 20_000;
    private static final int RULES = 100_000;
    private static final int BLOCKS = 100_000;
    private static final int RING_ENTRIES = 100_000;
    private static final String LONG_NAME = "n%07d.a-name-of-usual-length.and-some.example.net.";

    private MemoryTable() {}

    /** Takes no arguments. */
    public static void main(String[] args) {
        System.out.println("| thing | octets each |");
        System.out.println("|---|---:|");
        cache();
        print("query that waits for its backend (UDP), without the slot of 16 octets", QUERIES, MemoryTable::queries);
        print("rule (a name, drop) in the configuration alone", RULES, MemoryTable::model);
        print("rule (a name, drop) in force: in the configuration and compiled", RULES, MemoryTable::modelInForce);
        print("frontend", QUERIES, MemoryTable::frontends);
        print("dynamic block (an IPv4 address)", BLOCKS, MemoryTable::blockedAddresses);
        print("dynamic block (a name)", BLOCKS, MemoryTable::blockedNames);
        for (String name : List.of("www.example.net.", LONG_NAME.formatted(0))) {
            Query query = new Forwarding(name).park();
            byte[] answer = SampleMessages.answer(SampleMessages.question(name), 3600, 0xc000_0201, 0xc000_0202);
            int octets = Name.parse(name).wireLength();
            print("ring entry (query, a name of %d octets)".formatted(octets), RING_ENTRIES, () -> queryRing(query));
            query.setPacket(answer, answer.length);
            print(
                    "ring entry (response, a name of %d octets)".formatted(octets),
                    RING_ENTRIES,
                    () -> responseRing(query));
        }
    }

    private static void print(String what, int count, Supplier<Object> make) {
        long before = used();
        Object made = make.get();
        long after = used();
        System.out.printf("| %s | %.0f |%n", what, (double) (after - before) / count);
        if (made.hashCode() == 42) {
            System.out.println(); // the things are there until now
        }
    }

    private static long used() {
        // SerialGC lets some dead objects lie rather than move what is above them, but not in each fourth collection.
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void cache() {
        long before = used();
        PacketCache cache = new PacketCache(CacheSpec.of(ENTRIES + ENTRIES / 10), 1, bound -> 0);
        StatShard mine = new Statistics().takeShard();
        CacheIdentity identity = new CacheIdentity();
        identity.set(Header.RD, false, true);
        for (int i = 0; i < ENTRIES; i++) {
            byte[] question = SampleMessages.question(LONG_NAME.formatted(i));
            byte[] answer = SampleMessages.answer(question, 3600, 0xc000_0201, 0xc000_0202);
            int nameLength = question.length - 4 - Question.OFFSET;
            cache.insert(
                    cache.key(question, question.length, nameLength, true),
                    identity,
                    answer,
                    answer.length,
                    60,
                    1,
                    mine);
            if (i == 0) {
                System.out.printf("| (a cached answer has %d octets) | |%n", answer.length);
            }
        }
        long heap = used() - before;
        double count = cache.size();
        System.out.printf("| cached answer, everything | %.0f |%n", cache.reservedBytes() / count);
        System.out.printf("| of that on the heap | %.0f |%n", heap / count);
    }

    private static Object queries() {
        Forwarding forwarding = new Forwarding("www.example.net.");
        List<Query> queries = new ArrayList<>();
        for (int i = 0; i < QUERIES; i++) {
            queries.add(forwarding.park());
        }
        return queries;
    }

    /** Takes queries for one name to where they wait for their backend. */
    private static final class Forwarding {
        private final Endpoint server = Endpoint.parse("127.0.0.1:53", 0);
        private final Frontend frontend = new Frontend(server, Protocol.DO_UDP, false);
        private final byte[] packet;
        private final int length;
        private final QueryPath path;

        Forwarding(String name) {
            byte[] question = SampleMessages.question(name);
            packet = Arrays.copyOf(question, 512);
            length = question.length;
            Model model = Lane.modelWithBackend();
            model.start();
            Worker worker = new Worker(model.engine(), new Random(1));
            path = new QueryPath(worker, new ResponsePath(worker), (sent, backend) -> {
                sent.keepQuestion();
                return true;
            });
        }

        Query park() {
            Query query = new Query();
            query.origin().peer().set(server);
            query.origin().local().set(server);
            query.begin(Protocol.DO_UDP, frontend, packet, length, 0);
            if (path.datagram(query, false) != WalkVerdict.PARK) {
                throw new IllegalStateException("not forwarded");
            }
            return query;
        }
    }

    private static Object queryRing(Query query) {
        Rings rings = new Rings();
        rings.configure(new RingSpec(RING_ENTRIES, 0, true, true));
        RingWriter writer = rings.newWriter();
        for (int i = 0; i < RING_ENTRIES; i++) {
            writer.query(query);
        }
        return rings;
    }

    private static Object responseRing(Query query) {
        Rings rings = new Rings();
        rings.configure(new RingSpec(RING_ENTRIES, 0, true, true));
        RingWriter writer = rings.newWriter();
        for (int i = 0; i < RING_ENTRIES; i++) {
            writer.response(query, i);
        }
        return rings;
    }

    private static Object blockedAddresses() {
        DynamicBlocks blocks = new DynamicBlocks(new Statistics());
        BlockSpec spec = BlockSpec.of("too many queries", 3600, Result.DROP);
        for (int i = 0; i < BLOCKS; i++) {
            IpAddress address = IpAddress.v4(0x0b00_0000 + i);
            expectNews(blocks.insert(ClientRange.of(address, 32, 0, 0), spec, 0));
        }
        return blocks;
    }

    private static Object blockedNames() {
        DynamicBlocks blocks = new DynamicBlocks(new Statistics());
        BlockSpec spec = BlockSpec.of("too many queries", 3600, Result.DROP);
        for (int i = 0; i < BLOCKS; i++) {
            expectNews(blocks.insert(Name.parse("n" + i + ".blocked.test."), spec, 0));
        }
        return blocks;
    }

    private static void expectNews(boolean news) {
        if (!news) {
            throw new IllegalStateException("not inserted");
        }
    }

    private static Object modelInForce() {
        Model model = model();
        model.start(); // the snapshot it publishes has the compiled chain
        if (model.engine().snapshot().rules().rules().size() != RULES) {
            throw new IllegalStateException("not compiled");
        }
        return model;
    }

    private static Model model() {
        Model model = new Model();
        List<Rule<Action>> rules = new ArrayList<>();
        for (int i = 0; i < RULES; i++) {
            Name name = Name.parse("n" + i + ".blocked.test.");
            rules.add(Rule.of(new NameSelector.QName(name), new Action.Drop(), null, ""));
        }
        rules.forEach(model.rules()::add);
        return model;
    }

    private static Object frontends() {
        List<Frontend> frontends = new ArrayList<>();
        Endpoint address = Endpoint.parse("127.0.0.1:53", 0);
        for (int i = 0; i < QUERIES; i++) {
            frontends.add(new Frontend(address, Protocol.DO_UDP, false));
        }
        return frontends;
    }
}
