package dev.weir.lua.library;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Streams that Java has already: the world's own, or those of a command. They cannot be moved in. */
final class PipeEnds implements OctetStream {
    private final @Nullable InputStream in;
    private final @Nullable OutputStream out;
    private final @Nullable ShellCommand command;

    private PipeEnds(@Nullable InputStream in, @Nullable OutputStream out, @Nullable ShellCommand command) {
        this.in = in;
        this.out = out;
        this.command = command;
    }

    /** One of the world's own streams, which stays open when this is closed. */
    static PipeEnds own(@Nullable InputStream in, @Nullable OutputStream out) {
        return new PipeEnds(in, out, null);
    }

    /** The output of a command. */
    static PipeEnds from(ShellCommand command) {
        return new PipeEnds(command.output(), null, command);
    }

    /** The input of a command. */
    static PipeEnds to(ShellCommand command) {
        return new PipeEnds(null, command.input(), command);
    }

    @Override
    public int read(byte[] octets, int offset, int length) throws IOException {
        if (in == null) {
            throw new SystemFault.Raised(SystemFault.BAD_DESCRIPTOR);
        }
        return in.read(octets, offset, length);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        if (out == null) {
            throw new SystemFault.Raised(SystemFault.BAD_DESCRIPTOR);
        }
        out.write(octets, offset, length);
    }

    @Override
    public void flush() throws IOException {
        if (out != null) {
            out.flush();
        }
    }

    @Override
    public long seek(Whence whence, long offset) throws IOException {
        throw new SystemFault.Raised(SystemFault.ILLEGAL_SEEK);
    }

    @Override
    public void close() throws IOException {
        flush();
        if (command != null) {
            if (out != null) {
                out.close();
            }
            if (in != null) {
                in.close();
            }
            command.await();
        }
    }
}
