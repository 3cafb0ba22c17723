package dev.weir.net.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/** What a client has said of itself (RFC 9113 section 6.5.2), as far as it changes what we send. */
final class Http2Settings {
    static final int HEADER_TABLE_SIZE = 1;
    static final int ENABLE_PUSH = 2;
    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;
    static final int MAX_FRAME_SIZE = 5;
    static final int MAX_HEADER_LIST_SIZE = 6;

    private static final int ENTRY = 6;
    private static final long TABLE = 4_096;
    private static final long LEAST_FRAME = Http2Frame.MOST;
    private static final long MOST_FRAME = (1 << 24) - 1;

    private int initialWindow = Http2Frame.WINDOW;
    private boolean tableLeft;

    /** Takes a frame's entries; what is wrong with them, or null. */
    @Nullable Http2Error take(ByteBuf payload) {
        if (payload.readableBytes() % ENTRY != 0) {
            return Http2Error.FRAME_SIZE_ERROR;
        }
        while (payload.isReadable()) {
            int name = payload.readUnsignedShort();
            Http2Error error = take(name, payload.readUnsignedInt());
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private @Nullable Http2Error take(int name, long value) {
        switch (name) {
            case HEADER_TABLE_SIZE -> tableLeft |= value < TABLE;
            case ENABLE_PUSH -> {
                return value > 1 ? Http2Error.PROTOCOL_ERROR : null;
            }
            case INITIAL_WINDOW_SIZE -> {
                if (value > Integer.MAX_VALUE) {
                    return Http2Error.FLOW_CONTROL_ERROR;
                }
                initialWindow = (int) value;
            }
            case MAX_FRAME_SIZE -> {
                return value < LEAST_FRAME || value > MOST_FRAME ? Http2Error.PROTOCOL_ERROR : null;
            }
            default -> {} // we open no streams; others are extensions
        }
        return null;
    }

    /** Octets that it takes on a new stream. */
    int initialWindow() {
        return initialWindow;
    }

    /** Whether it has made its table of headers smaller since the last call. */
    boolean takeTableLeft() {
        boolean left = tableLeft;
        tableLeft = false;
        return left;
    }
}
