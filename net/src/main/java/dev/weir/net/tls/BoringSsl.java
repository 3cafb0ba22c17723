package dev.weir.net.tls;

import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.OpenSsl;
import io.netty.internal.tcnative.Library;
import io.netty.internal.tcnative.SSL;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * BoringSSL, as netty-tcnative brings it. Listeners speak to it without Netty's engine between: that one asks the JDK for all that its TLS can
 * do before the first listener opens, and keeps buffers and futures for each record. Any thread.
 */
final class BoringSsl {
    private static final Map<String, String> JAVA_GROUPS =
            Map.of("secp256r1", "P-256", "secp384r1", "P-384", "secp521r1", "P-521", "x25519", "X25519");

    private static final @Nullable String TROUBLE = load();

    private BoringSsl() {}

    /** Why it can't be used; null if it can. */
    static @Nullable String trouble() {
        return TROUBLE;
    }

    @SuppressWarnings("restricted")
    private static @Nullable String load() {
        String library = "netty_tcnative_linux_"
                + switch (System.getProperty("os.arch", "")) {
                    case "amd64" -> "x86_64";
                    case "aarch64" -> "aarch_64";
                    default -> System.getProperty("os.arch", "");
                };
        if (!isUnpacked(System.mapLibraryName(library))) {
            // Netty looks for it in its jars.
            return OpenSsl.isAvailable() ? null : String.valueOf(OpenSsl.unavailabilityCause());
        }
        try {
            System.loadLibrary(library);
            return Library.initialize() ? null : "it does not start";
        } catch (Exception | LinkageError e) {
            return e.toString();
        }
    }

    private static boolean isUnpacked(String file) {
        for (String directory : System.getProperty("java.library.path", "").split(File.pathSeparator, -1)) {
            if (!directory.isEmpty() && Files.exists(Path.of(directory, file))) {
                return true;
            }
        }
        return false;
    }

    /** Its name for a group, which may be given by Java's. */
    static String group(String name) {
        return JAVA_GROUPS.getOrDefault(name, name);
    }

    /** What it says of its latest failure on this thread. */
    static String failure() {
        return SSL.getErrorString(SSL.getLastErrorNumber());
    }

    /** What a call of its returned. */
    @FunctionalInterface
    interface Reading {
        long of(long bio) throws Exception;
    }

    /** Has it read octets that stand in memory as long as that takes, and are then gone. */
    static long read(byte[] octets, Reading reading) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment there = arena.allocateFrom(ValueLayout.JAVA_BYTE, octets);
            long bio = SSL.newMemBIO();
            try {
                if (SSL.bioWrite(bio, there.address(), octets.length) != octets.length) {
                    throw new IOException(failure());
                }
                return reading.of(bio);
            } finally {
                SSL.freeBIO(bio);
                there.fill((byte) 0);
            }
        }
    }

    /** Where the readable octets of a direct buffer stand. */
    static long readable(ByteBuf buffer) {
        return address(buffer, buffer.readerIndex(), buffer.readableBytes());
    }

    /** Where the next octets of a direct buffer will stand. */
    static long writable(ByteBuf buffer) {
        return address(buffer, buffer.writerIndex(), buffer.writableBytes());
    }

    private static long address(ByteBuf buffer, int index, int length) {
        if (buffer.hasMemoryAddress()) {
            return buffer.memoryAddress() + index;
        }
        ByteBuffer there = buffer.internalNioBuffer(index, length);
        return MemorySegment.ofBuffer(there).address();
    }
}
