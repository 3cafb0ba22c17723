package dev.weir.engine.walk;

import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleDecisions;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.StatShard;
import dev.weir.wire.Header;
import dev.weir.wire.Padding;
import dev.weir.wire.Rcode;
import java.util.List;

/** What is done to every answer at the end, whoever gave it, and what is counted of it. One data thread. */
final class FinishingTouches {
    private final Worker worker;
    private final Padding padding = new Padding();

    FinishingTouches(Worker worker) {
        this.worker = worker;
    }

    /** Caps TTLs, adds extended errors and padding, then counts the answer and records it. */
    void last(Query query) {
        if (query.decided().maxReturnedTtl() >= 0) {
            worker.responseEditor()
                    .capTtls(query.packet(), query.length(), 0, query.decided().maxReturnedTtl());
        }
        extendedErrors(query);
        if (query.origin().frontend().padsResponses() && query.hasEdns()) {
            int length = padding.pad(query.packet(), query.length());
            query.setLength(length > 0 ? length : query.length());
        }
        count(query);
    }

    /** Adds the extended errors that rules have asked for (RFC 8914). */
    void extendedErrors(Query query) {
        List<RuleDecisions.ExtendedError> errors = query.decided().extendedErrors();
        for (int i = 0;
                i < errors.size();
                i++) { // an iterator per answer is garbage until the compiler has seen through it
            addExtendedError(query, errors.get(i));
        }
    }

    private void addExtendedError(Query query, RuleDecisions.ExtendedError error) {
        if (query.hasEdns() && query.length() + 6 + error.text().length <= query.packet().length) {
            int length = worker.responseEditor()
                    .addExtendedError(query.packet(), query.length(), error.infoCode(), error.text());
            if (length > 0) {
                query.setLength(length);
            }
        }
    }

    private void count(Query query) {
        StatShard stats = worker.stats();
        switch (Header.rcode(query.packet())) {
            case Rcode.NOERROR -> stats.increment(Counter.FRONTEND_NOERROR);
            case Rcode.NXDOMAIN -> stats.increment(Counter.FRONTEND_NXDOMAIN);
            case Rcode.SERVFAIL -> stats.increment(Counter.FRONTEND_SERVFAIL);
            default -> {}
        }
        long micros = (worker.nowNanos() - query.origin().receivedNanos()) / 1000;
        stats.latency(micros, query.origin().protocol().latencyKind());
        if (!query.found().selfAnswered()) {
            worker.rings().response(query, worker.nowNanos());
        }
        query.origin().frontend().responses().increment(stats);
    }
}
