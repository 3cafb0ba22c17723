package dev.weir.script.object;

import dev.weir.config.Configuration;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.listen.Frontend;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** ClientState: a place where we listen. */
public final class BindType extends ObjectType<BindType.Bind> {
    /**
     * A frontend by its number. While the configuration loads nothing listens yet, and the number stands for what will: a UDP and a TCP
     * frontend for each address.
     */
    public record Bind(int index) {}

    private final Context context;

    BindType(Context context) {
        super(
                "ClientState",
                Bind.class,
                "attachFilter detachFilter getConfiguredTLSProvider getEffectiveTLSProvider getType toString",
                "muted");
        this.context = context;
    }

    private @Nullable Frontend frontend(Bind bind) {
        var frontends = context.model.engine().frontends();
        return bind.index < frontends.size() ? frontends.get(bind.index) : null;
    }

    @Override
    protected Varargs call(Bind self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "attachFilter" -> attach(self, args);
            case "detachFilter" -> detach(self, args);
            case "getConfiguredTLSProvider", "getEffectiveTLSProvider" -> LuaValue.EMPTYSTRING;
            case "getType" -> LuaValue.valueOf(protocol(self));
            case "toString" -> LuaValue.valueOf(text(self));
            default -> throw unknown(method);
        };
    }

    private Varargs attach(Bind self, Args args) {
        try {
            listening(self, args).attach(args.object(1, "filter", KernelFilter.class));
            return LuaValue.NONE;
        } catch (KernelException e) {
            throw args.error(String.valueOf(e.getMessage()));
        }
    }

    private Varargs detach(Bind self, Args args) {
        try {
            listening(self, args).detach();
            return LuaValue.NONE;
        } catch (KernelException e) {
            throw args.error(String.valueOf(e.getMessage()));
        }
    }

    private Frontend listening(Bind self, Args args) {
        Frontend frontend = frontend(self);
        if (frontend == null) {
            throw args.error("nothing listens yet; use setDefaultBPFFilter in the configuration");
        }
        return frontend;
    }

    private String protocol(Bind self) {
        Frontend frontend = frontend(self);
        return frontend == null ? "" : frontend.protocol().isDatagram() ? "UDP" : "TCP";
    }

    @Override
    protected LuaValue get(Bind self, String attribute) {
        Frontend frontend = frontend(self);
        return LuaValue.valueOf(frontend != null && frontend.muted());
    }

    @Override
    protected void set(Bind self, String attribute, LuaValue value) {
        Frontend frontend = frontend(self);
        if (frontend != null) {
            frontend.setMuted(value.checkboolean());
        }
    }

    @Override
    protected String text(Bind self) {
        Frontend frontend = frontend(self);
        if (frontend != null) {
            return frontend.address().toString();
        }
        Configuration configuration = context.configuration;
        int seen = 0;
        for (var listener : configuration.listeners) {
            seen += listener.frontends();
            if (self.index < seen) {
                return listener.address().toString();
            }
        }
        return "";
    }
}
