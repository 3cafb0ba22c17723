package dev.weir.script.object;

import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import dev.weir.wire.Header;
import org.jspecify.annotations.Nullable;

/** DNSHeader: the first twelve octets of a message, changed in place. */
public final class HeaderType extends ObjectType<HeaderType.Head> {
    /** @param octets starts with the header; may hold more */
    public record Head(byte[] octets) {}

    HeaderType() {
        super(
                "DNSHeader",
                Head.class,
                "getAA getAD getCD getID getRA getRD getTC setAA setAD setCD setQR setRA setRD setTC",
                "");
    }

    @Override
    protected @Nullable Object call(Head self, LuaObject object, String method, Args args) {
        byte[] octets = self.octets;
        if (method.equals("getID")) {
            return ToLua.of(Header.id(octets));
        }
        int flag =
                switch (method.substring(3)) {
                    case "AA" -> Header.AA;
                    case "AD" -> Header.AD;
                    case "CD" -> Header.CD;
                    case "QR" -> Header.QR;
                    case "RA" -> Header.RA;
                    case "RD" -> Header.RD;
                    case "TC" -> Header.TC;
                    default -> throw unknown(method);
                };
        if (method.startsWith("get")) {
            return ToLua.of(Header.has(octets, flag));
        }
        Header.set(octets, flag, args.bool(1, "value"));
        return Values.NONE;
    }

    @Override
    protected String text(Head self) {
        return "DNSHeader";
    }
}
