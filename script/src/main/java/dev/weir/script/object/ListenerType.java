package dev.weir.script.object;

import dev.weir.engine.log.Log;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.Values;
import dev.weir.script.host.LocalDatagrams;
import dev.weir.script.host.Purpose;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** NetworkListener: where other processes send datagrams to, and the functions that get them. */
public final class ListenerType extends ObjectType<ListenerType.Listener> {
    /** Paths that are listened at from its start on. */
    public static final class Listener {
        private final List<Runnable> endpoints = new ArrayList<>();
        private boolean started;
    }

    private record At(String path) {}

    private final Context context;

    ListenerType(Context context) {
        super("NetworkListener", Listener.class, "addUnixListeningEndpoint addUnixListeningEndpointFFI start", "");
        this.context = context;
    }

    @Override
    protected @Nullable Object call(Listener self, LuaObject object, String method, Args args) {
        switch (method) {
            case "addUnixListeningEndpoint", "addUnixListeningEndpointFFI" -> {
                int id = (int) args.integer(2, "endpointID", 0, 0xffff);
                LuaFunction function = args.function(3, "callback");
                LocalDatagrams.Receiver receiver = method.endsWith("FFI")
                        ? (payload, from) -> context.calls.ffiDatagram(function, id, payload)
                        : (payload, from) -> context.calls.datagram(function, id, payload, from);
                return ToLua.of(add(self, args.string(1, "path"), receiver));
            }
            case "start" -> {
                self.started = true;
                self.endpoints.forEach(context.model::later);
                self.endpoints.clear();
            }
            default -> throw unknown(method);
        }
        return Values.NONE;
    }

    private boolean add(Listener self, String path, LocalDatagrams.Receiver receiver) {
        if (context.purpose != Purpose.RUN) {
            return true;
        }
        try {
            LocalDatagrams.Listening listening = context.model
                    .belongings()
                    .take(
                            new At(path),
                            LocalDatagrams.Listening.class,
                            () -> context.host.localDatagrams().listen(path),
                            LocalDatagrams.Listening::close);
            if (self.started) {
                context.model.later(() -> listening.start(receiver));
            } else {
                self.endpoints.add(() -> listening.start(receiver));
            }
            return true;
        } catch (IOException e) {
            Log.error("Unable to listen at a Unix socket", "lua", "path", path, "error", e);
            return false;
        }
    }

    @Override
    protected String text(Listener self) {
        return "NetworkListener";
    }
}
