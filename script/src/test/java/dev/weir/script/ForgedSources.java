package dev.weir.script;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.ReplyPort;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.walk.QueryPath;
import dev.weir.engine.walk.ResponsePath;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.engine.walk.Worker;
import dev.weir.testkit.DnsQuery;
import dev.weir.wire.Header;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordType;
import java.util.Random;

/**
 * A process through which queries from millions of addresses walk, each with a name of its own, past everything that counts by client or
 * name; between them an honest client asks, and one that asks too often. Prints lines {@code name=number}. What {@link ForgedSourcesTest}
 * starts with a small heap.
 */
final class ForgedSources implements ReplyPort {
    private static final String CONFIG = """
            setACL("0.0.0.0/0")
            newServer({address="127.0.0.1:5301", healthCheckMode="up"})
            setRingBuffersSize(1000000)
            setQueryCount(true)
            addAction(MaxQPSIPRule(20), RCodeAction(DNSRCode.REFUSED))
            group = dynBlockRulesGroup()
            group:excludeRange({"192.0.2.1/32", "192.0.2.2/32"})
            group:setQueryRate(0, 10, "asks", 60, DNSAction.Drop)
            group:setRCodeRate(DNSRCode.NXDOMAIN, 0, 10, "asks for nothing", 60, DNSAction.Drop)
            group:setSuffixMatchRule(10, "names", 60, DNSAction.NoOp, function(node, self, below)
              return node.labelsCount == 3
            end)
            """;

    private static final Endpoint HONEST = Endpoint.parse("192.0.2.1:4242", 0);
    private static final Endpoint GREEDY = Endpoint.parse("192.0.2.2:4242", 0);
    private static final int DIGITS = 8;
    private static final int BATCH = 64;

    private final World world = new World().with(CONFIG);
    private final Worker worker = new Worker(world.model.engine(), new Random(1));
    private final ResponsePath responses = new ResponsePath(worker);
    private final QueryPath path = new QueryPath(worker, responses, (query, backend) -> true);
    private final Frontend frontend = new Frontend(Endpoint.parse("127.0.0.1:5300", 53), Protocol.DO_UDP, false);
    private final byte[] flood =
            DnsQuery.of("0".repeat(DIGITS) + ".flood.example.", RecordType.A).packet();
    private final byte[] usual = DnsQuery.of("www.example.org.", RecordType.A).packet();
    private final byte[] buffer = new byte[Query.BUFFER];
    private final byte[] answer = new byte[Query.BUFFER];
    private final Query query = new Query();

    private WalkVerdict ask(byte[] packet) {
        System.arraycopy(packet, 0, buffer, 0, packet.length);
        query.origin().local().set(frontend.address());
        query.begin(Protocol.DO_UDP, frontend, buffer, packet.length, worker.nowNanos());
        query.origin().replyTo(this, 0);
        return path.datagram(query, false);
    }

    private void answerWithNothing() {
        int length = query.length();
        System.arraycopy(query.packet(), 0, answer, 0, length);
        Header.set(answer, Header.QR, true);
        Header.setRcode(answer, Rcode.NXDOMAIN);
        responses.answered(query, answer, length, false);
    }

    private void floodFrom(int number) {
        for (int digit = 0; digit < DIGITS; digit++) {
            flood[Header.LENGTH + 1 + digit] = (byte) ('a' + (number >>> 4 * digit & 0xf));
        }
        query.origin().peer().set(4, 0, 0x0b00_0000L + number, 4242, 0);
        if (ask(flood) == WalkVerdict.PARK) {
            answerWithNothing();
        }
    }

    private void evaluate() {
        String complaint = world.ask("group:apply()");
        if (!complaint.isBlank()) {
            throw new IllegalStateException(complaint);
        }
        world.model.engine().blocks().tick(System.nanoTime());
    }

    private void run(int sources) {
        int honestAsked = 0;
        int honestServed = 0;
        int greedyAsked = 0;
        int greedyServed = 0;
        long startNanos = System.nanoTime();
        for (int number = 0; number < sources; number++) {
            if (number % BATCH == 0) {
                worker.beginBatch(System.nanoTime());
            }
            floodFrom(number);
            if (number % (sources / 50) == 0) {
                honestAsked++;
                query.origin().peer().set(HONEST);
                honestServed += ask(usual) == WalkVerdict.PARK ? 1 : 0;
            }
            if (number % 100 == 0) {
                greedyAsked++;
                query.origin().peer().set(GREEDY);
                greedyServed += ask(usual) == WalkVerdict.PARK ? 1 : 0;
            }
            if (number % (sources / 4) == sources / 4 - 1) {
                evaluate();
            }
        }
        print("millis", (System.nanoTime() - startNanos) / 1_000_000);
        print("honest-asked", honestAsked);
        print("honest-served", honestServed);
        print("greedy-asked", greedyAsked);
        print("greedy-served", greedyServed);
        for (Counter counter : Counter.values()) {
            print(counter.metric(), world.model.engine().statistics().value(counter));
        }
        print("blocks", world.model.engine().blocks().size());
        print("keys", world.model.engine().queryCounts().size());
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        print("heap-megabytes", runtime.totalMemory() - runtime.freeMemory() >> 20);
    }

    private static void print(String name, long number) {
        System.out.println(name + "=" + number);
    }

    @Override
    public void reply(Query answered) {}

    @Override
    public void abandon(Query unanswered) {}

    /** Takes the number of sources. */
    public static void main(String[] args) {
        new ForgedSources().run(Integer.parseInt(args[0]));
    }
}
