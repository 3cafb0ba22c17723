package dev.weir.net.http;

import static dev.weir.net.http.Http2Frame.HEADER;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Cuts what a client sends into frames, behind the preface that it begins with (RFC 9113 sections 3.4 and 4.1). Belongs to its channel's thread.
 *
 * <pre>
 *   +-----------------------------------------------+
 *   |                 Length (24)                   |
 *   +---------------+---------------+---------------+
 *   |   Type (8)    |   Flags (8)   |
 *   +-+-------------+---------------+-------------------------------+
 *   |R|                 Stream Identifier (31)                      |
 *   +=+=============================================================+
 *   |                   Frame Payload (0...)                        |
 *   +---------------------------------------------------------------+
 * </pre>
 */
abstract class Http2FrameDecoder extends DuplexDecoder {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private boolean begun;

    /** Whether nothing is read any more. */
    boolean over;

    /** @param payload all that can be read of it; it need not be read to its end */
    abstract void take(ChannelHandlerContext ctx, int type, int flags, int stream, ByteBuf payload);

    /** The connection can't go on; {@link #over} then. */
    abstract void fail(ChannelHandlerContext ctx, Http2Error error);

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!begun && !over) {
            begun = takePreface(ctx, in);
        }
        while (begun && !over && in.readableBytes() >= HEADER) {
            int at = in.readerIndex();
            int length = in.getUnsignedMedium(at);
            if (length > Http2Frame.MOST) {
                fail(ctx, Http2Error.FRAME_SIZE_ERROR);
                break;
            }
            if (in.readableBytes() < HEADER + length) {
                return;
            }
            int end = in.writerIndex();
            int type = in.getUnsignedByte(at + 3);
            int flags = in.getUnsignedByte(at + 4);
            int stream = in.getInt(at + 5) & Integer.MAX_VALUE;
            // The payload is all that is seen of the input meanwhile.
            in.setIndex(at + HEADER, at + HEADER + length);
            take(ctx, type, flags, stream, in);
            in.setIndex(at + HEADER + length, end);
        }
        if (over) {
            in.skipBytes(in.readableBytes());
        }
    }

    private boolean takePreface(ChannelHandlerContext ctx, ByteBuf in) {
        int have = Math.min(in.readableBytes(), PREFACE.length);
        for (int i = 0; i < have; i++) {
            if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
                fail(ctx, Http2Error.PROTOCOL_ERROR);
                return false;
            }
        }
        if (have < PREFACE.length) {
            return false;
        }
        in.skipBytes(have);
        return true;
    }
}
