package dev.weir.engine.action;

import dev.weir.engine.export.Exporter;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;

/** Writes a line for each query. */
public record LogAction(Exporter log) implements Action {
    @Override
    public Result perform(Query query, RuleContext context) {
        log.query(query);
        return Result.NONE;
    }

    @Override
    public String text() {
        return log.target().isEmpty() ? "log" : "log to " + log.target();
    }
}
