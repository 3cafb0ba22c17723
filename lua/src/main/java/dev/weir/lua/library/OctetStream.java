package dev.weir.lua.library;

import java.io.IOException;

/** What a file of a script reads from and writes to, without a buffer. */
interface OctetStream {
    /** Where {@link #seek} counts from. */
    enum Whence {
        SET,
        CUR,
        END
    }

    /** Reads some octets, at least one; returns how many, or -1 at the end. */
    int read(byte[] octets, int offset, int length) throws IOException;

    /** Writes all octets. */
    void write(byte[] octets, int offset, int length) throws IOException;

    /** Brings to the system what was written. */
    void flush() throws IOException;

    /** Moves, and returns where to. */
    long seek(Whence whence, long offset) throws IOException;

    /** Closes for good. */
    void close() throws IOException;
}
