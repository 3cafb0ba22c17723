package dev.weir.script.object;

import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import dev.weir.wire.Name;
import dev.weir.wire.PacketOverlay;
import org.jspecify.annotations.Nullable;

/** DNSRecord: a record of a message. */
public final class PacketRecordType extends ObjectType<PacketRecordType.InPacket> {
    /** A record and the message that it stands in. */
    public record InPacket(PacketOverlay packet, PacketOverlay.Entry entry) {}

    private final ObjectTypes objects;

    PacketRecordType(ObjectTypes objects) {
        super("DNSRecord", InPacket.class, "", "class contentLength contentOffset name place ttl type");
        this.objects = objects;
    }

    @Override
    protected @Nullable Object call(InPacket self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected @Nullable Object get(InPacket self, String attribute) {
        PacketOverlay.Entry entry = self.entry;
        return switch (attribute) {
            case "class" -> ToLua.of(entry.recordClass());
            case "contentLength" -> ToLua.of(entry.contentLength());
            case "contentOffset" -> ToLua.of(entry.contentOffset());
            case "name" -> objects.name.wrap(name(self));
            case "place" -> ToLua.of(entry.place());
            case "ttl" -> ToLua.of(entry.ttl());
            case "type" -> ToLua.of(entry.type());
            default -> throw unknown(attribute);
        };
    }

    private static Name name(InPacket self) {
        return self.packet.name(self.entry);
    }

    @Override
    protected String text(InPacket self) {
        return "DNSRecord of " + name(self);
    }
}
