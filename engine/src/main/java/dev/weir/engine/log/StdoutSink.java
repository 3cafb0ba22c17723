package dev.weir.engine.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/**
 * Standard output, one {@code write(2)} a line, so that lines of several processes on one pipe do not mix.
 *
 * <p>Unbuffered on purpose: a line must be out when the process dies right after it.
 */
final class StdoutSink implements LogSink {
    @SuppressWarnings("resource") // descriptor 1 lives as long as the process
    private final FileOutputStream stdout = new FileOutputStream(FileDescriptor.out);

    @Override
    public void write(Level level, byte[] line) {
        try {
            stdout.write(line);
        } catch (IOException e) {
            // A closed or full standard output must not stop DNS service, and there is nowhere left to say so.
        }
    }
}
