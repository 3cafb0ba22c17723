package dev.weir.script.ffi;

import dev.weir.lua.LuaError;
import dev.weir.lua.ffi.CPointer;
import dev.weir.lua.ffi.FfiLibrary;
import dev.weir.lua.ffi.ForeignArguments;
import dev.weir.wire.Name;
import dev.weir.wire.Names;
import dev.weir.wire.PacketOverlay;
import dev.weir.wire.RecordType;
import java.util.Arrays;

/** Reading whole messages: {@code dnsdist_ffi_dnspacket_...}. */
final class FfiPackets extends FfiGroup {
    FfiPackets(FfiLibrary library, FfiEnvironment environment) {
        super(library, environment);
        parts();
        add("dnspacket_parse_a_record", at -> address(at, RecordType.A));
        add("dnspacket_parse_aaaa_record", at -> address(at, RecordType.AAAA));
        add("dnspacket_parse_address_record", at -> address(at, record(at, 1, 2).type()));
        add("dnspacket_parse_cname_record", at -> {
            PacketOverlay.Entry record = record(at, 1, 2);
            if (record.type() != RecordType.CNAME) {
                return false;
            }
            int end = record.contentOffset() + record.contentLength();
            return storeName(at, at.octets(0, end), record.contentOffset(), 3, room(at, 4)) > 0 && stored(at);
        });
        add("dnspacket_get_name_at_offset_raw", at -> {
            byte[] packet = at.octets(0, at.integer(1));
            return storeName(at, packet, at.integer(2), 3, at.integer(4));
        });
    }

    private void parts() {
        add("dnspacket_parse", at -> {
            PacketOverlay overlay = PacketOverlay.of(sized(at, 0));
            if (overlay == null) {
                return false;
            }
            at.storePointer(2, CPointer.toObject(overlay));
            return true;
        });
        add("dnspacket_free", at -> null); // its memory is the garbage collector's
        add("dnspacket_get_qname_raw", at -> {
            give(at, 1, 2, overlay(at, 0).name().toWire());
            return null;
        });
        add("dnspacket_get_qtype", at -> overlay(at, 0).type());
        add("dnspacket_get_qclass", at -> overlay(at, 0).recordClass());
        add("dnspacket_get_records_count_in_section", at -> overlay(at, 0).count((int) at.integer(1)));
        add("dnspacket_get_record_name_raw", at -> {
            give(at, 2, 3, overlay(at, 0).name(record(at, 0, 1)).toWire());
            return null;
        });
        add("dnspacket_get_record_type", at -> record(at, 0, 1).type());
        add("dnspacket_get_record_class", at -> record(at, 0, 1).recordClass());
        add("dnspacket_get_record_ttl", at -> record(at, 0, 1).ttl());
        add("dnspacket_get_record_content_length", at -> record(at, 0, 1).contentLength());
        add("dnspacket_get_record_content_offset", at -> record(at, 0, 1).contentOffset());
    }

    private static PacketOverlay overlay(ForeignArguments at, int index) {
        return target(at, index, PacketOverlay.class);
    }

    private static PacketOverlay.Entry record(ForeignArguments at, int packetIndex, int numberIndex) {
        PacketOverlay overlay = overlay(at, packetIndex);
        long number = at.integer(numberIndex);
        if (number < 0 || number >= overlay.records().size()) {
            throw new LuaError("there are " + overlay.records().size() + " records, counted from 0");
        }
        return overlay.records().get((int) number);
    }

    /** {@code raw, packet, idx, addr, addrSize}: the size is the buffer's before, and the address's afterwards. */
    private static boolean address(ForeignArguments at, int type) {
        PacketOverlay.Entry record = record(at, 1, 2);
        int octets = type == RecordType.A ? 4 : type == RecordType.AAAA ? 16 : 0;
        if (octets == 0 || record.type() != type || record.contentLength() != octets || room(at, 4) < octets) {
            return false;
        }
        byte[] packet = at.octets(0, record.contentOffset() + octets);
        at.storeOctets(3, Arrays.copyOfRange(packet, record.contentOffset(), packet.length));
        at.storeInteger(4, 8, octets);
        return true;
    }

    private static long room(ForeignArguments at, int index) {
        return at.array(index).integer(0, 8);
    }

    private static boolean stored(ForeignArguments at) {
        PacketOverlay.Entry record = record(at, 1, 2);
        byte[] packet = at.octets(0, record.contentOffset() + record.contentLength());
        at.storeInteger(
                4, 8, Names.decompress(packet, packet.length, record.contentOffset(), new byte[Name.MAX_LENGTH], 0));
        return true;
    }

    /** Octets of the name that was stored; 0 if there is none, or no room for it. */
    private static int storeName(ForeignArguments at, byte[] packet, long offset, int bufferIndex, long room) {
        byte[] name = new byte[Name.MAX_LENGTH];
        int length = offset < 0 || offset >= packet.length
                ? 0
                : Names.decompress(packet, packet.length, (int) offset, name, 0);
        if (length <= 0 || length > room) {
            return 0;
        }
        at.storeOctets(bufferIndex, Arrays.copyOf(name, length));
        return length;
    }
}
