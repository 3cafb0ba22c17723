package dev.weir.script.ffi;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.policy.PolicyContext;
import dev.weir.lua.LuaError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@code dnsdist_ffi_servers_list_t *} points to while a policy chooses. Belongs to its world of Lua. */
final class ServersHandle {
    private @Nullable List<Backend> servers;
    private @Nullable PolicyContext context;

    void lend(@Nullable List<Backend> lent, @Nullable PolicyContext newContext) {
        servers = lent;
        context = newContext;
    }

    List<Backend> servers() {
        return lent(servers);
    }

    PolicyContext context() {
        return lent(context);
    }

    private static <T> T lent(@Nullable T thing) {
        if (thing == null) {
            throw new LuaError("this dnsdist_ffi_servers_list_t is gone: it belonged to an earlier call");
        }
        return thing;
    }
}
