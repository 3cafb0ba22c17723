package dev.weir.script.object;

import dev.weir.config.Configuration;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.TlsControl;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import org.jspecify.annotations.Nullable;

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
                "attachFilter detachFilter getConfiguredTLSProvider getEffectiveTLSProvider getRequestedTLSProvider getType toString",
                "muted");
        this.context = context;
    }

    private @Nullable Frontend frontend(Bind bind) {
        var frontends = context.listening();
        return bind.index < frontends.size() ? frontends.get(bind.index) : null;
    }

    @Override
    protected @Nullable Object call(Bind self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "attachFilter" -> attach(self, args);
            case "detachFilter" -> detach(self, args);
            case "getConfiguredTLSProvider", "getRequestedTLSProvider" -> ToLua.of(configuredProvider(self));
            case "getEffectiveTLSProvider" -> ToLua.of(effectiveProvider(self));
            case "getType" -> ToLua.of(protocol(self));
            case "toString" -> ToLua.of(text(self));
            default -> throw unknown(method);
        };
    }

    private @Nullable Object attach(Bind self, Args args) {
        try {
            listening(self, args).attach(args.object(1, "filter", KernelFilter.class));
            return Values.NONE;
        } catch (KernelException e) {
            throw args.error(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Object detach(Bind self, Args args) {
        try {
            listening(self, args).detach();
            return Values.NONE;
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
        return frontend == null ? "" : frontend.type();
    }

    private String configuredProvider(Bind self) {
        Frontend frontend = frontend(self);
        TlsControl control = frontend == null ? null : frontend.tlsControl();
        return control == null ? "" : control.configuredProvider();
    }

    private String effectiveProvider(Bind self) {
        Frontend frontend = frontend(self);
        TlsControl control = frontend == null ? null : frontend.tlsControl();
        return control == null ? "" : control.provider();
    }

    @Override
    protected @Nullable Object get(Bind self, String attribute) {
        Frontend frontend = frontend(self);
        return ToLua.of(frontend != null && frontend.muted());
    }

    @Override
    protected void set(Bind self, String attribute, @Nullable Object value) {
        Frontend frontend = frontend(self);
        if (frontend != null) {
            frontend.setMuted(assigned(attribute, value).bool(1, attribute));
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
