package dev.weir.engine.explain;

import dev.weir.engine.acl.IpAddress;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.PacketOverlay;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An answer for people.
 *
 * @param rcode as a mnemonic
 * @param answers records in its answer section
 * @param lines the first of them
 */
record AnswerLines(String rcode, int answers, boolean truncated, List<String> lines) {
    private static final int MOST = 20;

    static AnswerLines of(byte[] message) {
        List<String> lines = new ArrayList<>();
        PacketOverlay overlay = PacketOverlay.of(message);
        if (overlay != null) {
            overlay.records().stream()
                    .filter(entry -> entry.type() != RecordType.OPT)
                    .limit(MOST)
                    .forEach(entry -> lines.add(line(message, overlay, entry)));
        }
        return new AnswerLines(
                Rcode.toString(Header.rcode(message)),
                Header.ancount(message),
                Header.has(message, Header.TC),
                List.copyOf(lines));
    }

    /** In some words. */
    String head() {
        String head = rcode + (truncated ? " with TC=1" : "");
        return switch (answers) {
            case 0 -> head;
            case 1 -> head + ", 1 record";
            default -> head + ", " + answers + " records";
        };
    }

    private static String line(byte[] message, PacketOverlay overlay, PacketOverlay.Entry entry) {
        return overlay.name(entry) + " " + entry.ttl() + " " + RecordType.toString(entry.type()) + " "
                + data(message, entry);
    }

    private static String data(byte[] message, PacketOverlay.Entry entry) {
        int from = entry.contentOffset();
        int end = from + entry.contentLength();
        try {
            return switch (entry.type()) {
                case RecordType.A, RecordType.AAAA ->
                    IpAddress.of(Arrays.copyOfRange(message, from, end)).toString();
                case RecordType.CNAME, RecordType.NS, RecordType.PTR, RecordType.DNAME ->
                    Name.at(message, end, from).toString();
                default -> unread(entry);
            };
        } catch (IllegalArgumentException e) {
            return unread(entry); // whoever made it may have made anything
        }
    }

    private static String unread(PacketOverlay.Entry entry) {
        return "\\# " + entry.contentLength();
    }
}
