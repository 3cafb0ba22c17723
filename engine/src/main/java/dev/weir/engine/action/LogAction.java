package dev.weir.engine.action;

import dev.weir.engine.Query;
import dev.weir.engine.Worker;

/** Writes a line for each query. */
public record LogAction(QueryLog log) implements Action {
    @Override
    public Result perform(Query query, Worker worker) {
        log.query(query);
        return Result.NONE;
    }

    @Override
    public String text() {
        return log.target().isEmpty() ? "log" : "log to " + log.target();
    }
}
