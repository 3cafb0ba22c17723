package dev.weir.lua.ffi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory that some native function returned: its bounds are unknown, so it is read through the system, which answers with an error where
 * nothing is mapped instead of ending the process; see proc_pid_mem(5). It is never written.
 */
final class ForeignMemory extends CMemory {
    static final ForeignMemory INSTANCE = new ForeignMemory();

    private static final Path SELF = Path.of("/proc/self/mem");
    private static final int MAX_STRING = 1 << 20;
    private static final int PAGE = 4096;

    private ForeignMemory() {
        super(Long.MAX_VALUE);
    }

    @Override
    long load(long offset, int width) {
        byte[] octets = new byte[8];
        read(offset, octets, width);
        return ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    @Override
    byte[] toOctets(long offset, long length) {
        if (length > MAX_STRING) {
            throw new CFault("attempt to access memory out of bounds");
        }
        byte[] octets = new byte[(int) length];
        read(offset, octets, octets.length);
        return octets;
    }

    @Override
    long zeroFrom(long offset) {
        for (long at = offset; at < offset + MAX_STRING; ) {
            // Never beyond the page: the next one may not be mapped.
            int count = (int) (PAGE - at % PAGE);
            byte[] octets = toOctets(at, count);
            for (int i = 0; i < count; i++) {
                if (octets[i] == 0) {
                    return at + i;
                }
            }
            at += count;
        }
        throw new CFault("attempt to access memory out of bounds");
    }

    @Override
    void store(long offset, int width, long bits) {
        throw new CFault("attempt to write to memory that is not the script's");
    }

    @Override
    void put(long offset, byte[] source, int length) {
        throw new CFault("attempt to write to memory that is not the script's");
    }

    @Override
    long address(CAddresses addresses) {
        return 0;
    }

    private static void read(long offset, byte[] target, int length) {
        try (FileChannel channel = FileChannel.open(SELF, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.wrap(target, 0, length);
            while (buffer.hasRemaining()) {
                if (offset < 0 || channel.read(buffer, offset + buffer.position()) <= 0) {
                    throw new CFault("attempt to access memory out of bounds");
                }
            }
        } catch (IOException unmapped) {
            throw new CFault("attempt to access memory out of bounds");
        }
    }
}
