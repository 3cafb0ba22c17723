package dev.weir.lua.library;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;

/** A file that was opened by its name. */
final class DiskFile implements OctetStream {
    private final FileChannel channel;
    /** Java refuses to append and to read through one channel: so each write seeks the end. */
    private final boolean appending;

    private final boolean writable;

    private DiskFile(FileChannel channel, boolean appending, boolean writable) {
        this.channel = channel;
        this.appending = appending;
        this.writable = writable;
    }

    /** Whether a mode is one of fopen(3): {@code r w a}, then perhaps {@code +} and {@code x} among letters that mean nothing. */
    static boolean isMode(String mode) {
        return !mode.isEmpty() && "rwa".indexOf(mode.charAt(0)) >= 0;
    }

    /** Opens a file in a mode that {@link #isMode} knows. */
    static DiskFile open(Path path, String mode) throws IOException {
        boolean appending = mode.charAt(0) == 'a';
        Set<StandardOpenOption> options = options(mode);
        boolean writable = options.contains(StandardOpenOption.WRITE);
        return new DiskFile(FileChannel.open(path, options), appending, writable);
    }

    private static Set<StandardOpenOption> options(String mode) {
        boolean update = mode.indexOf('+') > 0;
        Set<StandardOpenOption> options = EnumSet.noneOf(StandardOpenOption.class);
        if (mode.charAt(0) == 'r') {
            options.add(StandardOpenOption.READ);
            if (update) {
                options.add(StandardOpenOption.WRITE);
            }
            return options;
        }
        options.add(StandardOpenOption.WRITE);
        options.add(mode.indexOf('x') > 0 ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
        if (mode.charAt(0) == 'w') {
            options.add(StandardOpenOption.TRUNCATE_EXISTING);
        }
        if (update) {
            options.add(StandardOpenOption.READ);
        }
        return options;
    }

    @Override
    public int read(byte[] octets, int offset, int length) throws IOException {
        try {
            return channel.read(ByteBuffer.wrap(octets, offset, length));
        } catch (NonReadableChannelException writeOnly) {
            throw new SystemFault.Raised(SystemFault.of(writeOnly));
        }
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        if (!writable) {
            throw new SystemFault.Raised(SystemFault.BAD_DESCRIPTOR);
        }
        if (appending) {
            channel.position(channel.size());
        }
        ByteBuffer rest = ByteBuffer.wrap(octets, offset, length);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    @Override
    public long seek(Whence whence, long offset) throws IOException {
        long start =
                switch (whence) {
                    case SET -> 0;
                    case CUR -> channel.position();
                    case END -> channel.size();
                };
        if (start + offset < 0) {
            throw new SystemFault.Raised(SystemFault.INVALID);
        }
        channel.position(start + offset);
        return start + offset;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
