package dev.weir.bench;

import dev.weir.engine.Frontend;
import dev.weir.engine.Model;
import dev.weir.engine.Protocol;
import dev.weir.engine.Query;
import dev.weir.engine.QueryPath;
import dev.weir.engine.ResponsePath;
import dev.weir.engine.Verdict;
import dev.weir.engine.Worker;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.action.Action;
import dev.weir.engine.cache.CacheIdentity;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.pool.Backend;
import dev.weir.engine.pool.BackendSpec;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import dev.weir.wire.AnswerComposer;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Octets;
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

    private MemoryTable() {}

    /** Takes no arguments. */
    public static void main(String[] args) {
        System.out.println("| thing | octets each |");
        System.out.println("|---|---:|");
        cache();
        print("query that waits for its backend (UDP), without the slot of 16 octets", QUERIES, MemoryTable::queries);
        print("rule (a name, drop), not yet compiled", RULES, MemoryTable::model);
        print("rule, compiled", RULES, () -> {
            Model model = model();
            model.start();
            return List.of(model, model.engine().snapshot().rules().isEmpty());
        });
        print("frontend", QUERIES, MemoryTable::frontends);
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
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void cache() {
        long before = used();
        PacketCache cache = new PacketCache(CacheSpec.of(ENTRIES + ENTRIES / 10), 1, bound -> 0);
        StatShard mine = new Statistics().newShard();
        CacheIdentity identity = new CacheIdentity();
        identity.set(Header.RD, false, true);
        for (int i = 0; i < ENTRIES; i++) {
            byte[] question = question("n%07d.a-name-of-usual-length.and-some.example.net.".formatted(i));
            byte[] answer = Arrays.copyOf(question, 512);
            AnswerComposer composer = new AnswerComposer();
            composer.start(answer, question.length);
            composer.addA(0xc0000201, 3600);
            composer.addA(0xc0000202, 3600);
            int length = composer.finish(false, 0);
            int nameLength = question.length - 4 - Question.OFFSET;
            cache.insert(cache.key(question, question.length, nameLength, true), identity, answer, length, 60, 1, mine);
            if (i == 0) {
                System.out.printf("| (a cached answer has %d octets) | |%n", length);
            }
        }
        long heap = used() - before;
        double count = cache.size();
        System.out.printf("| cached answer, everything | %.0f |%n", cache.reservedBytes() / count);
        System.out.printf("| of that on the heap | %.0f |%n", heap / count);
    }

    private static byte[] question(String name) {
        byte[] packet = new byte[512];
        Header.setFlags(packet, Header.RD);
        Header.setCounts(packet, 1, 0, 0, 0);
        int end = Name.parse(name).compose(packet, Header.LENGTH);
        Octets.putU16(packet, end, 1);
        Octets.putU16(packet, end + 2, 1);
        return Arrays.copyOf(packet, end + 4);
    }

    private static Object queries() {
        byte[] packet = Arrays.copyOf(question("www.example.net."), 512);
        int length = question("www.example.net.").length;
        Endpoint server = Endpoint.parse("127.0.0.1:53", 0);
        Frontend frontend = new Frontend(server, Protocol.DO_UDP, false);
        Model model = new Model();
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse("192.0.2.1:53", 53));
        spec.healthMode = BackendSpec.HealthMode.UP;
        model.addBackend(new Backend(spec.build()));
        model.start();
        Worker worker = model.engine().newWorker(new Random(1));
        QueryPath path = new QueryPath(worker, new ResponsePath(worker), (sent, backend) -> {
            sent.keepQuestion();
            return true;
        });
        List<Query> queries = new ArrayList<>();
        for (int i = 0; i < QUERIES; i++) {
            Query query = new Query();
            query.peer().set(server);
            query.local().set(server);
            query.begin(Protocol.DO_UDP, frontend, packet, length, 0);
            if (path.datagram(query, false) != Verdict.PARK) {
                throw new IllegalStateException("not forwarded");
            }
            queries.add(query);
        }
        return queries;
    }

    private static Model model() {
        Model model = new Model();
        List<Rule<Action>> rules = new ArrayList<>();
        for (int i = 0; i < RULES; i++) {
            Name name = Name.parse("n" + i + ".blocked.test.");
            rules.add(Rule.of(new Selector.QName(name), new Action.Drop(), null, ""));
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
