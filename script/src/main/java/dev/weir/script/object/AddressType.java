package dev.weir.script.object;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** ComboAddress: an address with a port. */
public final class AddressType extends ObjectType<Endpoint> {
    private final ObjectTypes objects;

    AddressType(ObjectTypes objects) {
        super(
                "ComboAddress",
                Endpoint.class,
                "getPort getRaw isIPv4 isIPv6 isMappedIPv4 mapToIPv4 tostring toString toStringNoInterface "
                        + "toStringReversed tostringWithPort toStringWithPort truncate",
                "");
        this.objects = objects;
    }

    @Override
    protected Varargs call(Endpoint self, LuaObject object, String method, Args args) {
        IpAddress ip = self.ip();
        return switch (method) {
            case "getPort" -> LuaValue.valueOf(self.port());
            case "getRaw" -> LuaString.valueOf(ip.octets());
            case "isIPv4" -> LuaValue.valueOf(ip.isV4());
            case "isIPv6" -> LuaValue.valueOf(ip.isV6());
            case "isMappedIPv4" -> LuaValue.valueOf(ip.isMappedV4());
            case "mapToIPv4" -> objects.address.wrap(unmapped(self));
            case "tostring", "toString" -> LuaValue.valueOf(ip.toString());
            case "toStringNoInterface" -> LuaValue.valueOf(ip.withScope(0).toString());
            case "toStringReversed" -> LuaValue.valueOf(reversed(ip));
            case "tostringWithPort", "toStringWithPort" -> LuaValue.valueOf(self.toString());
            case "truncate" -> {
                int bits = (int) args.integer(1, "bits", 0, ip.bits());
                object.m_instance = new Endpoint(ip.truncate(bits), self.port());
                yield LuaValue.NONE;
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
