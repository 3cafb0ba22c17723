package dev.weir.script.object;

import dev.weir.engine.view.RingEntryView;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import dev.weir.wire.Header;
import org.jspecify.annotations.Nullable;

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
    protected @Nullable Object call(RingEntryView self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected @Nullable Object get(RingEntryView self, String attribute) {
        return switch (attribute) {
            case "backend" -> objects.address.wrap(self.backend());
            case "dnsheader" -> header(self);
            case "isResponse" -> ToLua.of(self.response());
            case "macAddress" -> objects.hardwareAddress(self.requestor().ip());
            case "protocol" -> ToLua.of(self.protocol());
            case "qname" -> objects.name.wrap(self.name());
            case "qtype" -> ToLua.of(self.type());
            case "requestor" -> objects.address.wrap(self.requestor());
            case "size" -> ToLua.of(self.size());
            case "usec" -> ToLua.of((double) self.micros());
            case "when" -> objects.time.wrap(self.when());
            default -> throw unknown(attribute);
        };
    }

    private @Nullable Object header(RingEntryView self) {
        byte[] octets = new byte[Header.LENGTH];
        Header.setId(octets, self.id());
        Header.setFlags(octets, self.flags());
        return objects.header.wrap(new HeaderType.Head(octets));
    }
}
