package dev.weir.script.object;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.TlsControl;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLSFrontend and TLSContext: a place where we listen for TLS, with its certificates and the keys of its tickets. */
public final class TlsFrontendType extends ObjectType<TlsFrontendType.Place> {
    /**
     * A frontend by its number among those of its protocol. While the configuration loads nothing listens yet, and the number stands for what
     * will.
     */
    public record Place(Protocol protocol, int index) {}

    private final Context context;

    private TlsFrontendType(String name, String methods, Context context) {
        super(name, Place.class, methods, "");
        this.context = context;
    }

    static TlsFrontendType frontend(Context context) {
        return new TlsFrontendType(
                "TLSFrontend",
                "getAddressAndPort loadNewCertificatesAndKeys loadTicketsKey loadTicketsKeys reloadCertificates"
                        + " rotateTicketsKey",
                context);
    }

    /** What {@code getTLSContext} gives: the keys of tickets alone. */
    static TlsFrontendType context(Context context) {
        return new TlsFrontendType("TLSContext", "loadTicketsKeys rotateTicketsKey", context);
    }

    @Override
    protected @Nullable Object call(Place self, LuaObject object, String method, Args args) {
        if (method.equals("getAddressAndPort")) {
            return ToLua.of(text(self));
        }
        try {
            change(control(self, args), method, args);
            return Values.NONE;
        } catch (IOException e) {
            throw args.error(String.valueOf(e.getMessage()));
        }
    }

    static void change(TlsControl control, String method, Args args) throws IOException {
        switch (method) {
            case "loadNewCertificatesAndKeys" -> control.load(TlsCertificateType.list(args, 1));
            case "loadTicketsKey" -> control.addTicketKey(args.octets(1, "key"));
            case "loadTicketsKeys" -> control.loadTicketKeys(args.string(1, "ticketsKeysFile"));
            case "reloadCertificates" -> control.reload();
            case "rotateTicketsKey" -> control.rotateTicketKey();
            default -> throw new IllegalArgumentException(method);
        }
    }

    private TlsControl control(Place place, Args args) {
        List<Frontend> open = context.openFrontends(place.protocol);
        Frontend frontend = place.index < open.size() ? open.get(place.index) : null;
        TlsControl control = frontend == null ? null : frontend.tlsControl();
        if (control == null) {
            throw args.error(frontend == null ? "nothing listens there yet" : "there is no TLS at this listener");
        }
        return control;
    }

    @Override
    protected String text(Place self) {
        List<Endpoint> known = context.frontends(self.protocol);
        return self.index < known.size() ? known.get(self.index).toString() : "";
    }
}
