package dev.weir.script.object;

import dev.weir.engine.view.RingEntryView;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.wire.Header;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** LuaRingEntry: a query or a response of the rings. */
public final class RingEntryType extends ObjectType<RingEntryView> {
    private final ObjectTypes objects;

    RingEntryType(ObjectTypes objects) {
        super(
                "LuaRingEntry",
                RingEntryView.class,
                "",
                "backend dnsheader isResponse macAddress protocol qname qtype requestor size usec when");
        this.objects = objects;
    }

    @Override
    protected Varargs call(RingEntryView self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected LuaValue get(RingEntryView self, String attribute) {
        return switch (attribute) {
            case "backend" -> objects.address.wrap(self.backend());
            case "dnsheader" -> header(self);
            case "isResponse" -> LuaValue.valueOf(self.response());
            case "macAddress" -> LuaValue.EMPTYSTRING;
            case "protocol" -> LuaValue.valueOf(self.protocol());
            case "qname" -> objects.name.wrap(self.name());
            case "qtype" -> LuaValue.valueOf(self.type());
            case "requestor" -> objects.address.wrap(self.requestor());
            case "size" -> LuaValue.valueOf(self.size());
            case "usec" -> LuaValue.valueOf((double) self.micros());
            case "when" -> objects.time.wrap(self.when());
            default -> throw unknown(attribute);
        };
    }

    private LuaValue header(RingEntryView self) {
        byte[] octets = new byte[Header.LENGTH];
        Header.setId(octets, self.id());
        Header.setFlags(octets, self.flags());
        return objects.header.wrap(new HeaderType.Head(octets));
    }
}
