package dev.weir.lua.library;

import dev.weir.lua.text.OctetBuilder;
import java.io.IOException;

/**
 * A stream with a buffer, which holds either octets that were read ahead or octets that are still to be written.
 *
 * <pre>
 *   reading:  | handed out ...... | read ahead ........ |        writing:  | to be written ..... |
 *             0                   next                  limit              0                     next
 * </pre>
 */
final class BufferedFile {
    /** When written octets go to the system. */
    enum Buffering {
        NO,
        FULL,
        LINE
    }

    private static final int CAPACITY = 8_192;

    private final OctetStream stream;
    /** The world's own streams have their buffers elsewhere, and share them with {@code print}. */
    private final boolean shared;

    private final byte[] buffer = new byte[CAPACITY];
    private int next;
    private int limit;
    private boolean writing;
    private boolean closed;
    private Buffering buffering = Buffering.FULL;

    BufferedFile(OctetStream stream, boolean shared) {
        this.stream = stream;
        this.shared = shared;
    }

    boolean isClosed() {
        return closed;
    }

    void buffering(Buffering changed) {
        buffering = changed;
    }

    /** The next octet, which stays where it is; -1 at the end. */
    int peek() throws IOException {
        if (writing) {
            flush();
        }
        if (next == limit) {
            next = 0;
            limit = 0;
            int count = stream.read(buffer, 0, CAPACITY);
            if (count <= 0) {
                return -1;
            }
            limit = count;
        }
        return buffer[next] & 0xff;
    }

    /** The next octet; -1 at the end. */
    int read() throws IOException {
        int octet = peek();
        if (octet >= 0) {
            next++;
        }
        return octet;
    }

    /** Appends octets up to a count of them, or up to the end. */
    void read(OctetBuilder out, long count) throws IOException {
        long rest = count;
        while (rest > 0 && peek() >= 0) {
            int some = (int) Math.min(rest, limit - next);
            out.append(buffer, next, some);
            next += some;
            rest -= some;
        }
    }

    /** Appends the octets of a line, its end too if that is wanted; whether there was anything at all. */
    boolean readLine(OctetBuilder out, boolean withEnd) throws IOException {
        if (peek() < 0) {
            return false;
        }
        do {
            int end = next;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            out.append(buffer, next, end - next);
            next = end;
            if (end < limit) {
                next++;
                if (withEnd) {
                    out.append('\n');
                }
                return true;
            }
        } while (peek() >= 0);
        return true;
    }

    void write(byte[] octets) throws IOException {
        if (octets.length == 0) {
            return;
        }
        if (!writing) {
            startWriting();
        }
        if (shared) {
            stream.write(octets, 0, octets.length);
        } else if (octets.length > CAPACITY - next) {
            drain();
            if (octets.length > CAPACITY) {
                stream.write(octets, 0, octets.length);
            } else {
                keep(octets);
            }
        } else {
            keep(octets);
        }
        if (buffering == Buffering.NO || buffering == Buffering.LINE && hasLine(octets)) {
            flush();
        }
    }

    private void keep(byte[] octets) {
        System.arraycopy(octets, 0, buffer, next, octets.length);
        next += octets.length;
    }

    private static boolean hasLine(byte[] octets) {
        for (byte octet : octets) {
            if (octet == '\n') {
                return true;
            }
        }
        return false;
    }

    /** What was read ahead is given back. */
    private void startWriting() throws IOException {
        if (next < limit) {
            stream.seek(OctetStream.Whence.CUR, next - limit);
        }
        next = 0;
        limit = 0;
        stream.write(buffer, 0, 0);
        writing = true;
    }

    private void drain() throws IOException {
        int count = next;
        next = 0;
        if (count > 0) {
            stream.write(buffer, 0, count);
        }
    }

    void flush() throws IOException {
        if (writing) {
            drain();
            writing = false;
            limit = 0;
        }
        stream.flush();
    }

    long seek(OctetStream.Whence whence, long offset) throws IOException {
        long ahead = 0;
        if (writing) {
            flush();
        } else if (whence == OctetStream.Whence.CUR) {
            ahead = (long) limit - next;
        }
        long place = stream.seek(whence, offset - ahead);
        next = 0;
        limit = 0;
        return place;
    }

    void close() throws IOException {
        closed = true;
        try {
            if (writing) {
                drain();
            }
        } finally {
            stream.close();
        }
    }
}
