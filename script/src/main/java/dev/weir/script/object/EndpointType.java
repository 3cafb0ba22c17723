package dev.weir.script.object;

import dev.weir.script.host.LocalDatagrams;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import org.jspecify.annotations.Nullable;

/** NetworkEndpoint: another process that datagrams are sent to. */
public final class EndpointType extends ObjectType<LocalDatagrams.Endpoint> {
    EndpointType() {
        super("NetworkEndpoint", LocalDatagrams.Endpoint.class, "isValid send", "");
    }

    @Override
    protected @Nullable Object call(LocalDatagrams.Endpoint self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "isValid" -> ToLua.of(self.isValid());
            case "send" -> ToLua.of(self.send(args.octets(1, "payload")));
            default -> throw unknown(method);
        };
    }

    @Override
    protected String text(LocalDatagrams.Endpoint self) {
        return "NetworkEndpoint";
    }
}
