package dev.weir.script.object;

import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import dev.weir.wire.PacketOverlay;
import org.jspecify.annotations.Nullable;

/** DNSPacketOverlay: where the parts of a message are. Its records count from 0. */
public final class OverlayType extends ObjectType<PacketOverlay> {
    private final ObjectTypes objects;

    OverlayType(ObjectTypes objects) {
        super("DNSPacketOverlay", PacketOverlay.class, "getRecord getRecordsCountInSection", "dh qclass qname qtype");
        this.objects = objects;
    }

    @Override
    protected @Nullable Object call(PacketOverlay self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "getRecord" -> {
                int index = (int) args.integer(1, "idx", 0, Integer.MAX_VALUE);
                if (index >= self.records().size()) {
                    throw args.error("there are " + self.records().size() + " records, counted from 0");
                }
                yield objects.record.wrap(
                        new PacketRecordType.InPacket(self, self.records().get(index)));
            }
            case "getRecordsCountInSection" -> ToLua.of(self.count((int) args.integer(1, "section", 0, 0xff)));
            default -> throw unknown(method);
        };
    }

    @Override
    protected @Nullable Object get(PacketOverlay self, String attribute) {
        return switch (attribute) {
            case "dh" -> objects.header.wrap(new HeaderType.Head(self.header()));
            case "qname" -> objects.name.wrap(self.name());
            case "qtype" -> ToLua.of(self.type());
            case "qclass" -> ToLua.of(self.recordClass());
            default -> throw unknown(attribute);
        };
    }

    @Override
    protected String text(PacketOverlay self) {
        return "DNSPacketOverlay for " + self.name();
    }
}
