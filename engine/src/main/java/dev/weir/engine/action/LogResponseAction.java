package dev.weir.engine.action;

import dev.weir.engine.Query;
import dev.weir.engine.Worker;

/** Writes a line for each answer. */
public record LogResponseAction(QueryLog log) implements ResponseAction {
    @Override
    public ResponseResult perform(Query query, Worker worker) {
        log.response(query);
        return ResponseResult.NONE;
    }

    @Override
    public String text() {
        return log.target().isEmpty() ? "log" : "log to " + log.target();
    }
}
