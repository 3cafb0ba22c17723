package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.StreamSpec;
import dev.weir.engine.log.FileTrouble;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.Options;
import dev.weir.script.lang.ToLua;
import dev.weir.script.object.BindType;
import dev.weir.script.object.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where to listen, and who may ask there. */
public final class AccessFunctions implements Area {
    private static final int DNS_PORT = 53;

    private final Context context;

    public AccessFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of("addACL", "rmACL", "setACL", "setACLFromFile", "setProxyProtocolACL", "getBind", "getBindCount");
    }

    @Override
    public List<String> configurationOnly() {
        return List.of("addLocal", "setLocal");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        switch (function) {
            case "setLocal" -> {
                ListenSpec listener = listener(args);
                context.configuration.listeners.removeIf(ListenSpec.Plain.class::isInstance);
                context.configuration.listeners.add(listener);
            }
            case "addLocal" -> context.configuration.listeners.add(listener(args));
            case "addACL" -> context.model.verbs().allow(Netmask.parse(args.string(1, "netmask")));
            case "rmACL" -> removeFromAcl(args, Netmask.parse(args.string(1, "netmask")));
            case "setACL" -> context.model.verbs().allowOnly(NetmaskGroup.parse(args.strings(1, "netmasks")));
            case "setACLFromFile" -> context.model.verbs().allowOnly(fromFile(args));
            case "setProxyProtocolACL" -> context.model.setProxyAcl(NetmaskGroup.parse(args.strings(1, "netmasks")));
            case "getBind" -> {
                int index = args.integer(1, "index");
                return index >= 0 && index < binds() ? context.objects.bind.wrap(new BindType.Bind(index)) : null;
            }
            case "getBindCount" -> {
                return ToLua.of(binds());
            }
            default -> throw Area.unknown(function);
        }
        return NONE;
    }

    private int binds() {
        int listening = context.listening().size();
        if (listening > 0) {
            return listening;
        }
        int planned = 0;
        for (ListenSpec listener : context.configuration.listeners) {
            planned += listener.frontends();
        }
        return planned;
    }

    private ListenSpec listener(Args args) {
        Endpoint address = Endpoint.parse(args.string(1, "address"), DNS_PORT);
        Options options = args.options(2, context);
        options.notYet("xskSocket", "nil");
        SocketSpec socket = ListenOptionsReader.socket(address, options);
        boolean tcp = options.bool("doTCP", true);
        StreamSpec stream = ListenOptionsReader.stream(options);
        options.done();
        ListenSpec spec = new ListenSpec.Plain(socket, tcp ? stream : null);
        context.configuration.listenerPlaces.put(address.toString(), context.place());
        return spec;
    }

    private void removeFromAcl(Args args, Netmask mask) {
        if (!context.model.verbs().disallow(mask)) {
            throw args.error("'" + mask + "' is not in the ACL");
        }
    }

    /** One network a line; what follows {@code #} is a comment. */
    private static NetmaskGroup fromFile(Args args) {
        String file = args.string(1, "fname");
        NetmaskGroup group = new NetmaskGroup();
        try {
            for (String line : Files.readAllLines(Path.of(file))) {
                int comment = line.indexOf('#');
                String mask = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (!mask.isEmpty()) {
                    group.add(Netmask.parse(mask));
                }
            }
        } catch (IOException e) {
            throw args.error("can't read '" + file + "': " + FileTrouble.of(e));
        }
        return group;
    }
}
