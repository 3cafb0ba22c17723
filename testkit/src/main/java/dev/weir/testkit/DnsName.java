package dev.weir.testkit;

import java.io.ByteArrayOutputStream;
import java.util.Locale;

/** Domain names between text (RFC 1035 section 5.1 escapes) and wire form; the tests' own second implementation. */
final class DnsName {
    private static final int POINTER = 0xC0;
    private static final int MAX_JUMPS = 128;

    private DnsName() {}

    /** The uncompressed wire form; no limits are enforced, since tests send names that are too long. */
    static byte[] compose(String text) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        ByteArrayOutputStream label = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                flush(label, wire);
            } else if (c == '\\' && Character.isDigit(text.charAt(i + 1))) {
                label.write(Integer.parseInt(text.substring(i + 1, i + 4)));
                i += 3;
            } else if (c == '\\') {
                label.write(text.charAt(++i));
            } else {
                label.write(c);
            }
        }
        flush(label, wire);
        wire.write(0);
        return wire.toByteArray();
    }

    private static void flush(ByteArrayOutputStream label, ByteArrayOutputStream wire) {
        if (label.size() > 0) {
            wire.write(label.size());
            wire.writeBytes(label.toByteArray());
            label.reset();
        }
    }

    /** The name at {@code offset}, absolute, compression followed, case kept. */
    static String parse(byte[] packet, int offset) {
        StringBuilder text = new StringBuilder();
        int at = offset;
        int jumps = 0;
        while (packet[at] != 0) {
            int length = packet[at] & 0xFF;
            if (length >= POINTER) {
                if (++jumps > MAX_JUMPS) {
                    throw new IllegalArgumentException("compression loop at " + offset);
                }
                at = (length & 0x3F) << 8 | (packet[at + 1] & 0xFF);
                continue;
            }
            for (int i = at + 1; i <= at + length; i++) {
                append(text, packet[i] & 0xFF);
            }
            text.append('.');
            at += length + 1;
        }
        return text.isEmpty() ? "." : text.toString();
    }

    private static void append(StringBuilder text, int octet) {
        if (octet == '.' || octet == '\\') {
            text.append('\\').append((char) octet);
        } else if (octet > ' ' && octet < 0x7F) {
            text.append((char) octet);
        } else {
            text.append(String.format(Locale.ROOT, "\\%03d", octet));
        }
    }

    /** The offset after the name at {@code offset} as it stands there, compressed or not. */
    static int end(byte[] packet, int offset) {
        int at = offset;
        while (packet[at] != 0) {
            int length = packet[at] & 0xFF;
            if (length >= POINTER) {
                return at + 2;
            }
            at += length + 1;
        }
        return at + 1;
    }
}
