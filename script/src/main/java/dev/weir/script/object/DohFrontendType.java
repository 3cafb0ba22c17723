package dev.weir.script.object;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.HttpResponseRule;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.TlsControl;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DOHFrontend: a place where we listen for DNS over HTTP, with its certificates and what it answers instead of DNS. */
public final class DohFrontendType extends ObjectType<DohFrontendType.Place> {
    /** A frontend by its number among those for HTTP, which stands for what will listen while the configuration loads. */
    public record Place(int index) {}

    private final Context context;

    DohFrontendType(Context context) {
        super(
                "DOHFrontend",
                Place.class,
                "getAddressAndPort loadNewCertificatesAndKeys loadTicketsKey loadTicketsKeys reloadCertificates"
                        + " rotateTicketsKey setResponsesMap",
                "");
        this.context = context;
    }

    @Override
    protected @Nullable Object call(Place self, LuaObject object, String method, Args args) {
        switch (method) {
            case "getAddressAndPort" -> {
                return ToLua.of(text(self));
            }
            case "setResponsesMap" -> setResponses(context, open(self), Protocol.DOH, text(self), args);
            default -> changeTls(self, method, args);
        }
        return Values.NONE;
    }

    /**
     * Replaces what a frontend answers instead of DNS.
     *
     * @param frontend null while nothing listens yet: it will have them then
     */
    static void setResponses(
            Context context, @Nullable Frontend frontend, Protocol protocol, String address, Args args) {
        List<HttpResponseRule> rules = new ArrayList<>();
        for (Object each : Args.oneOrMore(args.at(1))) {
            HttpResponseRule rule = Args.objectOrNull(each, HttpResponseRule.class);
            rules.add(rule != null ? rule : args.<HttpResponseRule>fail("rules", "a DOHResponseMapEntry", each));
        }
        if (frontend == null) {
            context.configuration.httpResponses.put(protocol + " " + address, rules);
        } else {
            frontend.setHttpResponses(rules);
        }
    }

    private void changeTls(Place self, String method, Args args) {
        Frontend frontend = open(self);
        TlsControl control = frontend == null ? null : frontend.tlsControl();
        if (control == null) {
            throw args.error(frontend == null ? "nothing listens there yet" : "there is no TLS at this listener");
        }
        try {
            TlsFrontendType.change(control, method, args);
        } catch (IOException e) {
            throw args.error(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Frontend open(Place self) {
        List<Frontend> open = context.openFrontends(Protocol.DOH);
        return self.index < open.size() ? open.get(self.index) : null;
    }

    @Override
    protected String text(Place self) {
        List<Endpoint> known = context.frontends(Protocol.DOH);
        return self.index < known.size() ? known.get(self.index).toString() : "";
    }
}
