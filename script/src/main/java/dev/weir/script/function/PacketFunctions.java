package dev.weir.script.function;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.object.Context;
import dev.weir.script.object.PacketRecordType;
import dev.weir.wire.Name;
import dev.weir.wire.PacketOverlay;
import dev.weir.wire.RecordType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reading whole messages: their parts, and what the commonest records say. */
public final class PacketFunctions implements Area {
    private final Context context;

    public PacketFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "newDNSPacketOverlay", "parseAAAARecord", "parseAddressRecord", "parseARecord", "parseCNAMERecord");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        byte[] packet = args.octets(1, "packet");
        return switch (function) {
            case "newDNSPacketOverlay" -> {
                PacketOverlay overlay = PacketOverlay.of(packet);
                if (overlay == null) {
                    throw args.error("this is no well-formed message with one question");
                }
                yield context.objects.overlay.wrap(overlay);
            }
            case "parseARecord" -> address(args, packet, RecordType.A);
            case "parseAAAARecord" -> address(args, packet, RecordType.AAAA);
            case "parseAddressRecord" -> address(args, packet, record(args).type());
            case "parseCNAMERecord" -> alias(args, packet);
            default -> throw Area.unknown(function);
        };
    }

    private static PacketOverlay.Entry record(Args args) {
        return args.object(2, "record", PacketRecordType.InPacket.class).entry();
    }

    private Object address(Args args, byte[] packet, int type) {
        PacketOverlay.Entry record = record(args);
        int octets = type == RecordType.A ? 4 : type == RecordType.AAAA ? 16 : 0;
        int end = record.contentOffset() + record.contentLength();
        if (octets == 0 || record.type() != type || record.contentLength() != octets || end > packet.length) {
            throw args.error("the record has no such address: type " + RecordType.toString(record.type()) + ", "
                    + record.contentLength() + " octets");
        }
        byte[] address = Arrays.copyOfRange(packet, record.contentOffset(), end);
        return context.objects.address.wrap(new Endpoint(IpAddress.of(address), 0));
    }

    private Object alias(Args args, byte[] packet) {
        PacketOverlay.Entry record = record(args);
        int end = record.contentOffset() + record.contentLength();
        if (record.type() != RecordType.CNAME || end > packet.length) {
            throw args.error("the record is no alias: type " + RecordType.toString(record.type()));
        }
        return context.objects.name.wrap(Name.at(packet, end, record.contentOffset()));
    }
}
