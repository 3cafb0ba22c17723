package dev.weir.net.http;

/** Numbers of HTTP/2's frames (RFC 9113 sections 4.1 and 6). */
final class Http2Frame {
    /** Octets before the payload. */
    static final int HEADER = 9;
    /** Octets of the longest payload that everybody takes (section 4.2), and that we take. */
    static final int MOST = 16_384;
    /** What there is for a connection at its beginning (section 6.9.2). */
    static final int WINDOW = 65_535;

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int WITH_PRIORITY = 32;

    private Http2Frame() {}

    /** Whether a frame of this type belongs to a stream, or to none (each frame's section). */
    static boolean suits(int type, int stream) {
        return switch (type) {
            case SETTINGS, PING, GOAWAY -> stream == 0;
            case WINDOW_UPDATE -> true;
            default -> stream != 0;
        };
    }
}
