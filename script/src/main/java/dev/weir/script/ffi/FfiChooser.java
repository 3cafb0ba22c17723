package dev.weir.script.ffi;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.policy.PolicyContext;
import dev.weir.engine.query.Query;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind an FFI policy.
 *
 * @param perThread whether each data thread has the function for itself
 */
public record FfiChooser(boolean perThread, Policy.Chooser chooser) implements Policy.Chooser {
    @Override
    public @Nullable Backend choose(List<Backend> servers, Query query, PolicyContext context) {
        return chooser.choose(servers, query, context);
    }
}
