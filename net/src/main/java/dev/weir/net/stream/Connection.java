package dev.weir.net.stream;

import dev.weir.net.http.DohQuestion;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import org.jspecify.annotations.Nullable;

/**
 * What a client's and a backend's connection have in common: a channel, octets received and not yet understood, output that leaves at the
 * end of the event, one deadline. Belongs to its loop's thread.
 *
 * <p>Messages stand behind their length in two octets (RFC 1035 4.2.2).
 */
abstract class Connection extends ChannelInboundHandlerAdapter {
    /** Octets of the length before each message. */
    static final int PREFIX = 2;

    static final int MAX_MESSAGE = 0xffff;

    final StreamLoop loop;
    final Deadline deadline = new Deadline(this);
    private @Nullable Channel channel;

    /** Received, in order; null when everything received has been understood. */
    @Nullable ByteBuf received;

    private final FutureListener<? super Void> written = this::written;
    private boolean unflushed;

    /** When output last left, or was queued while none was waiting. */
    private long outputProgressNanos;

    Connection(StreamLoop loop) {
        this.loop = loop;
    }

    /** The time set in the wheel has come; the deadline is not in the wheel any more. */
    abstract void deadlineReached(long nowNanos);

    /** Something of ours failed: closes the channel, and lets its end take care of the rest. */
    public final void giveUp() {
        if (channel != null) {
            var _ = channel.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    Channel channel() {
        Channel known = channel;
        if (known == null) {
            throw new IllegalStateException("no channel yet");
        }
        return known;
    }

    boolean hasChannel() {
        return channel != null;
    }

    // ---- input

    /** Appends what came in; takes the buffer over. */
    final void append(ByteBuf more) {
        ByteBuf before = received;
        if (before == null) {
            received = more;
            return;
        }
        try {
            if (before.writableBytes() < more.readableBytes()) {
                before = moved(before, before.readableBytes() + more.readableBytes());
                received = before;
            }
            before.writeBytes(more);
        } finally {
            more.release();
        }
    }

    private ByteBuf moved(ByteBuf from, int needed) {
        ByteBuf to = channel().alloc().buffer(Math.max(needed, Math.min(2 * needed, PREFIX + MAX_MESSAGE)));
        to.writeBytes(from);
        from.release();
        return to;
    }

    /** Length of the message at the front, or -1 as long as that is not known. */
    final int announcedLength() {
        ByteBuf input = received;
        return input == null || input.readableBytes() < PREFIX ? -1 : input.getUnsignedShort(input.readerIndex());
    }

    /** Moves the message at the front into {@code target} if all of it is there. */
    final boolean takeMessage(int length, byte[] target) {
        ByteBuf input = received;
        if (input == null || input.readableBytes() < PREFIX + length) {
            return false;
        }
        input.skipBytes(PREFIX);
        input.readBytes(target, 0, length);
        if (!input.isReadable()) {
            dropInput();
        }
        return true;
    }

    /** Whether all of the message at the front is there. */
    final boolean holdsMessage() {
        ByteBuf input = received;
        int length = announcedLength();
        return input != null && length >= 0 && input.readableBytes() >= PREFIX + length;
    }

    final boolean hasInput() {
        return received != null;
    }

    final void dropInput() {
        ByteBuf input = received;
        received = null;
        if (input != null) {
            input.release();
        }
    }

    // ---- output

    /** Queues a message; it leaves when the loop has done with the event at hand. */
    final void write(byte[] message, int length) {
        ByteBuf out = channel().alloc().directBuffer(PREFIX + length);
        out.writeShort(length);
        out.writeBytes(message, 0, length);
        write(out);
    }

    final void write(ByteBuf out) {
        send(out);
    }

    /** Queues a message that goes out as a request over HTTP. */
    final void write(DohQuestion question) {
        send(question);
    }

    private void send(Object out) {
        if (waitingOutput() == 0) {
            outputProgressNanos = loop.nowNanos();
        }
        var _ = channel().write(out).addListener(written);
        flushSoon();
    }

    /** What was written leaves when the loop has done with the event at hand. */
    final void flushSoon() {
        if (!unflushed) {
            unflushed = true;
            loop.flushLater(this);
        }
    }

    private void written(Future<? super Void> done) {
        if (done.isSuccess()) {
            outputProgressNanos = System.nanoTime();
        } else {
            outputFailed();
        }
    }

    /** A message could not be sent; the channel is closing. */
    abstract void outputFailed();

    final void flush() {
        if (unflushed) {
            unflushed = false;
            channel().flush();
        }
    }

    /** Octets that the peer has not taken yet. */
    final long waitingOutput() {
        ChannelOutboundBuffer buffer = channel().unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    final long outputProgressNanos() {
        return outputProgressNanos;
    }
}
