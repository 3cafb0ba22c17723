package dev.weir.engine.action;

import dev.weir.engine.export.Exporter;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;

/** Writes a line for each answer. */
public record LogResponseAction(Exporter log) implements ResponseAction {
    @Override
    public ResponseResult perform(Query query, RuleContext context) {
        log.response(query);
        return ResponseResult.NONE;
    }

    @Override
    public String text() {
        return log.target().isEmpty() ? "log" : "log to " + log.target();
    }
}
