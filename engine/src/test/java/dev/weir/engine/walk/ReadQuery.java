package dev.weir.engine.walk;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.query.Query;
import dev.weir.wire.Edns;
import dev.weir.wire.Question;

/** Reads a query's question as the walk does, for tests of what comes after. */
public final class ReadQuery {
    private ReadQuery() {}

    public static void read(Query query) {
        Question question = new Question();
        if (question.parse(query.packet(), query.length()) < 0) {
            throw new IllegalArgumentException("no question");
        }
        query.question(question, new Edns(), 512);
    }

    public static void answeredBy(Query query, Backend backend) {
        query.found().setBackend(backend);
    }
}
