package dev.weir.net.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The headers of replies as HTTP/2 writes them (RFC 7541): names from the static table where they stand there, all else as literals, nothing in the
 * dynamic table, so that nothing has to be kept for a client.
 */
final class ReplyFields {
    /** Section 6.2.2, a literal that is not to be kept, with a name of its own. */
    private static final int NEW_NAME = 0;
    /** Section 6.3: from now on the dynamic table has no room. */
    static final int NO_TABLE = 0x20;

    private static final int INDEXED = 0x80;
    private static final int STATUS = 8;
    private static final int CACHE_CONTROL = 24;
    private static final int CONTENT_LENGTH = 28;
    private static final int CONTENT_TYPE = 31;
    private static final int LOCATION = 46;

    private ReplyFields() {}

    static void compose(HttpReply reply, ByteBuf out) {
        status(reply.status(), out);
        for (Map.Entry<String, String> each : reply.headers().entrySet()) {
            field(each.getKey(), each.getValue(), out);
        }
        name(CONTENT_LENGTH, out);
        text(Integer.toString(reply.body().length), out);
    }

    private static void status(int status, ByteBuf out) {
        int known =
                switch (status) {
                    case 200 -> 0;
                    case 204 -> 1;
                    case 206 -> 2;
                    case 304 -> 3;
                    case 400 -> 4;
                    case 404 -> 5;
                    case 500 -> 6;
                    default -> -1;
                };
        if (known >= 0) {
            out.writeByte(INDEXED | STATUS + known);
        } else {
            name(STATUS, out);
            text(Integer.toString(status), out);
        }
    }

    private static void field(String name, String value, ByteBuf out) {
        switch (name) {
            case "cache-control" -> name(CACHE_CONTROL, out);
            case "content-type" -> name(CONTENT_TYPE, out);
            case "location" -> name(LOCATION, out);
            default -> {
                out.writeByte(NEW_NAME);
                text(name, out);
            }
        }
        text(value, out);
    }

    private static void name(int index, ByteBuf out) {
        number(index, 4, out);
    }

    private static void text(String text, ByteBuf out) {
        number(text.length(), 7, out);
        out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    }

    /** Section 5.1. */
    private static void number(int value, int prefixBits, ByteBuf out) {
        int most = (1 << prefixBits) - 1;
        if (value < most) {
            out.writeByte(value);
            return;
        }
        out.writeByte(most);
        int rest = value - most;
        while (rest >= 0x80) {
            out.writeByte(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }
}
