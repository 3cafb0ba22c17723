package dev.weir.script.object;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.query.Query;
import dev.weir.script.ffi.FfiChooser;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.Mistake;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ServerPolicy. */
public final class PolicyType extends ObjectType<Policy> {
    private static final String CHOICE = "ServerPolicy.policy";

    private final Context context;

    PolicyType(Context context) {
        super("ServerPolicy", Policy.class, "toString", "ffipolicy isFFI isLua isPerThread name policy");
        this.context = context;
    }

    @Override
    protected @Nullable Object call(Policy self, LuaObject object, String method, Args args) {
        if (method.equals("toString")) {
            return ToLua.of(text(self));
        }
        throw unknown(method);
    }

    @Override
    protected @Nullable Object get(Policy self, String attribute) {
        return switch (attribute) {
            case "isFFI" -> ToLua.of(ffi(self) != null);
            case "isPerThread" -> {
                FfiChooser chooser = ffi(self);
                yield ToLua.of(chooser != null && chooser.perThread());
            }
            case "isLua" -> ToLua.of(self instanceof Policy.Custom);
            case "ffipolicy" -> {
                FfiChooser chooser = ffi(self);
                yield chooser == null ? null : chooser.function();
            }
            case "name" -> ToLua.of(self.name());
            case "policy" -> context.state.function(CHOICE, (state, values) -> choice(self, values.all()));
            default -> throw unknown(attribute);
        };
    }

    /** The policy as the operator's code calls it: of servers, as in a pool's list, and a query; a server or nil. */
    private @Nullable Object choice(Policy policy, @Nullable Object[] values) {
        Args args = new Args(CHOICE, values, 0);
        try {
            List<Backend> servers = new ArrayList<>();
            for (FromLua.Entry entry : FromLua.entries(args.table(1, "servers"))) {
                Backend server = Args.objectOrNull(entry.value(), Backend.class);
                servers.add(server == null ? args.fail("servers", "a list of Servers", entry.value()) : server);
            }
            Query query = Args.objectOrNull(args.at(2), Query.class);
            Backend chosen = policy.select(
                    servers,
                    query == null ? args.fail("dq", "a DNSQuestion", args.at(2)) : query,
                    new PolicyPlace(context));
            return chosen == null ? null : context.objects.server.wrap(chosen);
        } catch (Mistake e) {
            throw context.state.error(e.text());
        }
    }

    private static @Nullable FfiChooser ffi(Policy policy) {
        return policy instanceof Policy.Custom custom && custom.chooser() instanceof FfiChooser chooser
                ? chooser
                : null;
    }

    @Override
    protected String text(Policy self) {
        return "ServerPolicy" + (self instanceof Policy.Custom ? " (Lua)" : "") + " \"" + self.name() + "\"";
    }
}
