package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.query.Query;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.walk.Worker;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.object.Context;
import dev.weir.wire.Edns;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Octets;
import dev.weir.wire.Question;
import dev.weir.wire.RecordClass;
import dev.weir.wire.RecordType;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** {@code benchRule}: how fast a selector answers. */
public final class BenchFunctions implements Area {
    private static final int USUAL_ITERATIONS = 100_000;
    private static final int PLAIN_PAYLOAD_SIZE = 512;

    /** Different names and clients, so that what is measured is no cache of one of them. */
    private static final int QUERIES = 1000;

    private final Context context;

    public BenchFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of("benchRule");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        Selector selector = Shorthand.selector(args, args.at(1));
        int iterations = args.has(2) ? (int) args.integer(2, "iterations", 1, Integer.MAX_VALUE) : USUAL_ITERATIONS;
        Name suffix = Name.parse(args.stringOr(3, "suffix", "powerdns.com"));
        Query[] queries = queries(suffix);
        Worker worker = new Worker(context.model.engine(), new Random());
        try {
            int matches = 0;
            long start = System.nanoTime();
            for (int i = 0; i < iterations; i++) {
                matches += selector.matches(queries[i % queries.length], worker) ? 1 : 0;
            }
            double micros = (System.nanoTime() - start) / 1e3;
            context.print(String.format(
                    Locale.ROOT,
                    "Had %d matches out of %d, %.1f qps, in %.1f usec",
                    matches,
                    iterations,
                    1e6 * iterations / micros,
                    micros));
        } finally {
            worker.close();
        }
        return NONE;
    }

    /** Questions for names below the suffix from clients all over. */
    private static Query[] queries(Name suffix) {
        Random random = new Random(1);
        Frontend frontend = new Frontend(Endpoint.parse("127.0.0.1:53", 53), Protocol.DO_UDP, false, "");
        Query[] queries = new Query[QUERIES];
        for (int i = 0; i < queries.length; i++) {
            Name name = Name.parse(Integer.toString(random.nextInt(Integer.MAX_VALUE), 36))
                    .concat(suffix);
            byte[] packet = new byte[Question.OFFSET + Name.MAX_LENGTH + 4];
            Header.setFlags(packet, Header.RD);
            Header.setCounts(packet, 1, 0, 0, 0);
            int end = name.compose(packet, Question.OFFSET);
            Octets.putU16(packet, end, random.nextBoolean() ? RecordType.A : RecordType.AAAA);
            Octets.putU16(packet, end + 2, RecordClass.IN);
            Query query = new Query();
            query.origin().client().set(4, 0, random.nextInt() & 0xffff_ffffL, 1024 + random.nextInt(60_000), 0);
            query.origin().peer().set(query.origin().client());
            query.origin().destination().set(frontend.address());
            query.begin(Protocol.DO_UDP, frontend, packet, end + 4, System.nanoTime());
            Question question = new Question();
            question.parse(packet, end + 4);
            Edns edns = new Edns();
            edns.parse(packet, end + 4);
            query.question(question, edns, PLAIN_PAYLOAD_SIZE);
            queries[i] = query;
        }
        return queries;
    }
}
