package dev.weir.script.object;

import dev.weir.engine.acl.AddressCipher;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.lua.LuaString;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import org.jspecify.annotations.Nullable;

/** ComboAddress: an address with a port. */
public final class AddressType extends ObjectType<Endpoint> {
    private final ObjectTypes objects;

    AddressType(ObjectTypes objects) {
        super(
                "ComboAddress",
                Endpoint.class,
                "getPort getRaw ipdecrypt ipencrypt isIPv4 isIPv6 isMappedIPv4 mapToIPv4 tostring toString toStringNoInterface "
                        + "toStringReversed tostringWithPort toStringWithPort truncate",
                "");
        this.objects = objects;
    }

    @Override
    protected @Nullable Object call(Endpoint self, LuaObject object, String method, Args args) {
        IpAddress ip = self.ip();
        return switch (method) {
            case "getPort" -> ToLua.of(self.port());
            case "getRaw" -> LuaString.of(ip.octets());
            case "ipdecrypt" ->
                objects.address.wrap(new Endpoint(new AddressCipher(args.octets(1, "key")).decrypt(ip), self.port()));
            case "ipencrypt" ->
                objects.address.wrap(new Endpoint(new AddressCipher(args.octets(1, "key")).encrypt(ip), self.port()));
            case "isIPv4" -> ToLua.of(ip.isV4());
            case "isIPv6" -> ToLua.of(ip.isV6());
            case "isMappedIPv4" -> ToLua.of(ip.isMappedV4());
            case "mapToIPv4" -> objects.address.wrap(unmapped(self));
            case "tostring", "toString" -> ToLua.of(ip.toString());
            case "toStringNoInterface" -> ToLua.of(ip.withScope(0).toString());
            case "toStringReversed" -> ToLua.of(reversed(ip));
            case "tostringWithPort", "toStringWithPort" -> ToLua.of(self.toString());
            case "truncate" -> {
                int bits = (int) args.integer(1, "bits", 0, ip.bits());
                object.become(new Endpoint(ip.truncate(bits), self.port()));
                yield Values.NONE;
            }
            default -> throw unknown(method);
        };
    }

    private static Endpoint unmapped(Endpoint self) {
        if (!self.ip().isMappedV4()) {
            throw new IllegalArgumentException(self.ip() + " is no mapped IPv4 address");
        }
        return new Endpoint(IpAddress.v4((int) self.ip().lo()), self.port());
    }

    /** As in the names of reverse zones (RFC 1035 3.5, RFC 3596 2.5), without their suffix. */
    private static String reversed(IpAddress ip) {
        StringBuilder text = new StringBuilder();
        byte[] octets = ip.octets();
        for (int i = octets.length - 1; i >= 0; i--) {
            if (!text.isEmpty()) {
                text.append('.');
            }
            int octet = octets[i] & 0xff;
            if (ip.isV4()) {
                text.append(octet);
            } else {
                text.append(Character.forDigit(octet & 15, 16)).append('.').append(Character.forDigit(octet >> 4, 16));
            }
        }
        return text.toString();
    }

    /** Without the port, as dnsdist's tostring(). */
    @Override
    protected String text(Endpoint self) {
        return self.ip().toString();
    }
}
