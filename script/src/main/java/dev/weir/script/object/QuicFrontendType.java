package dev.weir.script.object;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.TlsControl;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DOQFrontend and DOH3Frontend: a place where we listen for DNS over QUIC or HTTP/3, with its certificates. */
public final class QuicFrontendType extends ObjectType<QuicFrontendType.Place> {
    /** A frontend by its number among those of its protocol, which stands for what will listen while the configuration loads. */
    public record Place(Protocol protocol, int index) {}

    private final Context context;

    private QuicFrontendType(String name, String methods, Context context) {
        super(name, Place.class, methods, "");
        this.context = context;
    }

    static QuicFrontendType doq(Context context) {
        return new QuicFrontendType("DOQFrontend", "reloadCertificates", context);
    }

    static QuicFrontendType doh3(Context context) {
        return new QuicFrontendType("DOH3Frontend", "reloadCertificates setResponsesMap", context);
    }

    @Override
    protected @Nullable Object call(Place self, LuaObject object, String method, Args args) {
        List<Frontend> open = context.openFrontends(self.protocol);
        if (method.equals("setResponsesMap")) {
            Frontend frontend = self.index < open.size() ? open.get(self.index) : null;
            DohFrontendType.setResponses(context, frontend, self.protocol, text(self), args);
            return Values.NONE;
        }
        TlsControl control = self.index < open.size() ? open.get(self.index).tlsControl() : null;
        if (control == null) {
            throw args.error("nothing listens there yet");
        }
        try {
            TlsFrontendType.change(control, method, args);
            return Values.NONE;
        } catch (IOException e) {
            throw args.error(String.valueOf(e.getMessage()));
        }
    }

    @Override
    protected String text(Place self) {
        List<Endpoint> known = context.frontends(self.protocol);
        return self.index < known.size() ? known.get(self.index).toString() : "";
    }
}
