package dev.weir.app;

import dev.weir.engine.log.Level;
import dev.weir.engine.log.LogSink;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Sends log lines to systemd's journal, a datagram each: {@code NAME=value} and a line feed for each field.
 *
 * <p>What the journal does not take, since it is being started anew or its queue is full, goes to another sink with its fields in one line. Never
 * waits and never fails.
 *
 * @see <a href="https://systemd.io/JOURNAL_NATIVE_PROTOCOL/">Native Journal Protocol</a>
 */
final class JournalSink implements LogSink {
    private static final String SOCKET = "/run/systemd/journal/socket";

    private final UnixEndpoint journal;
    private final LogSink otherwise;

    /** @param otherwise takes what the journal does not */
    JournalSink(String socket, LogSink otherwise) {
        this.journal = new UnixEndpoint(socket);
        this.otherwise = otherwise;
    }

    /** Whether this machine has a journal. */
    static boolean isThere() {
        return Files.exists(Path.of(SOCKET));
    }

    /** The journal of this machine, and standard output for what it does not take. */
    static JournalSink local() {
        return new JournalSink(SOCKET, (level, line) -> {
            System.out.write(line, 0, line.length);
            System.out.flush();
        });
    }

    @Override
    public void write(Level level, byte[] fields) {
        if (!journal.send(fields)) {
            for (int i = 0; i < fields.length - 1; i++) {
                if (fields[i] == '\n') {
                    fields[i] = ' ';
                }
            }
            otherwise.write(level, fields);
        }
    }
}
