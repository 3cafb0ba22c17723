package dev.weir.script.ffi;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.policy.PolicyContext;
import dev.weir.engine.query.Query;
import dev.weir.lua.LuaFunction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind an FFI policy.
 *
 * @param function what the operator wrote; null if each data thread has it for itself
 */
public record FfiChooser(@Nullable LuaFunction function, Policy.Chooser chooser) implements Policy.Chooser {
    public boolean perThread() {
        return function == null;
    }

    @Override
    public @Nullable Backend choose(List<Backend> servers, Query query, PolicyContext context) {
        return chooser.choose(servers, query, context);
    }
}
