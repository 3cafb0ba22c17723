package dev.weir.net.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/** Headers that go on in further frames (RFC 9113 section 6.10): those of one stream at a time. Belongs to its connection. */
final class HeaderBlocks {
    private @Nullable ByteBuf open;
    private int stream;
    private boolean endsStream;
    private int frames;

    /** Whether nothing but the rest of headers may come. */
    boolean isOpen() {
        return open != null;
    }

    /** @param endsStream whether the request has nothing behind its headers */
    void begin(int of, boolean endsStream, ByteBuf first, ByteBufAllocator allocator) {
        stream = of;
        this.endsStream = endsStream;
        frames = 0;
        open = allocator.heapBuffer(first.readableBytes()).writeBytes(first);
    }

    /** Takes the next piece; what is wrong with it, or null. */
    @Nullable Http2Error goOn(int of, ByteBuf more) {
        ByteBuf known = open;
        if (known == null || of != stream) {
            return Http2Error.PROTOCOL_ERROR;
        }
        if (++frames > HttpVersionChoice.CONTINUATIONS
                || known.readableBytes() + more.readableBytes() > HttpVersionChoice.MOST_HEADERS) {
            return Http2Error.ENHANCE_YOUR_CALM;
        }
        known.writeBytes(more);
        return null;
    }

    /** All there is, for the caller to release. */
    ByteBuf end() {
        ByteBuf whole = open;
        open = null;
        return whole == null ? Unpooled.EMPTY_BUFFER : whole;
    }

    boolean endsStream() {
        return endsStream;
    }

    void drop() {
        end().release();
    }
}
