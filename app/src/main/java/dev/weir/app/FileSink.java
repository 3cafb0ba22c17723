package dev.weir.app;

import dev.weir.engine.log.Level;
import dev.weir.engine.log.LogSink;
import java.io.FileOutputStream;
import java.io.IOException;

/** Appends log lines to a file. A disk that is full loses them. */
final class FileSink implements LogSink {
    @SuppressWarnings("resource") // open as long as the process
    private final FileOutputStream file;

    /** @throws IOException if it can't be opened */
    FileSink(String path) throws IOException {
        file = new FileOutputStream(path, true);
    }

    @Override
    public void write(Level level, byte[] line) {
        try {
            file.write(line);
        } catch (IOException e) {
            // What is meant for a person who looks on must not stop DNS service.
        }
    }
}
