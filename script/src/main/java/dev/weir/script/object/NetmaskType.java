package dev.weir.script.object;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import org.jspecify.annotations.Nullable;

/** Netmask: a network. */
public final class NetmaskType extends ObjectType<Netmask> {
    private final ObjectTypes objects;

    NetmaskType(ObjectTypes objects) {
        super(
                "Netmask",
                Netmask.class,
                "empty getBits getMaskedNetwork getNetwork isIPv4 isIpv4 isIPv6 isIpv6 match toString",
                "");
        this.objects = objects;
    }

    @Override
    protected @Nullable Object call(Netmask self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "empty" -> false;
            case "getBits" -> ToLua.of(self.prefix());
            case "getMaskedNetwork" -> objects.address.wrap(new Endpoint(self.network(), 0));
            case "getNetwork" -> objects.address.wrap(new Endpoint(self.ip(), 0));
            case "isIPv4", "isIpv4" -> ToLua.of(self.ip().isV4());
            case "isIPv6", "isIpv6" -> ToLua.of(self.ip().isV6());
            case "match" -> ToLua.of(self.matches(address(args, 1)));
            case "toString" -> ToLua.of(self.toString());
            default -> throw unknown(method);
        };
    }

    /** An address given as a text or as an object. */
    static IpAddress address(Args args, int index) {
        Endpoint endpoint = Args.objectOrNull(args.at(index), Endpoint.class);
        return endpoint != null ? endpoint.ip() : IpAddress.parse(args.string(index, "address"));
    }
}
