package dev.weir.net.tls;

import dev.weir.engine.log.FileTrouble;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.internal.tcnative.KeyLogCallback;
import io.netty.internal.tcnative.SSLContext;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Writes the secrets of sessions to a file, in the format that Wireshark reads (NSS key log). A debugging aid. Any thread. */
final class KeyLog implements KeyLogCallback {
    private static final LogLimit FAILURES = new LogLimit(60);

    private final Path file;

    /** @throws IOException if the file can't be written */
    KeyLog(String path) throws IOException {
        file = Path.of(path);
        try {
            append(new byte[0]);
        } catch (IOException e) {
            throw new IOException("key log file '" + path + "' can't be written: " + FileTrouble.of(e), e);
        }
    }

    /** Hears of all sessions of a context. What the library calls by a number of its own, Netty does not show. */
    void listenTo(ReferenceCountedOpenSslContext context) {
        try {
            Field number = ReferenceCountedOpenSslContext.class.getDeclaredField("ctx");
            number.setAccessible(true);
            SSLContext.setKeyLogCallback(number.getLong(context), this);
        } catch (ReflectiveOperationException | RuntimeException e) {
            Log.warning("No key log can be written", "net", "path", file, "error", e);
        }
    }

    /** Writes one line, without its end. */
    void write(String line) {
        handle(0, line.stripTrailing().getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void handle(long session, byte[] line) {
        byte[] whole = Arrays.copyOf(line, line.length + 1);
        whole[line.length] = '\n';
        try {
            append(whole);
        } catch (IOException e) {
            long times = FAILURES.admit(System.nanoTime());
            if (times > 0) {
                Log.warning("Unable to write a key log", "net", "path", file, "error", e, "count", times);
            }
        }
    }

    private synchronized void append(byte[] octets) throws IOException {
        Files.write(file, octets, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
