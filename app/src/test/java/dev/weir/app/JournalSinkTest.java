package dev.weir.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.log.Level;
import dev.weir.sys.UnixDatagram;
import dev.weir.sys.UnixDatagram.Received;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A datagram a line for the journal, and nothing lost while it is away. */
class JournalSinkTest {
    private static final int PATIENCE_MILLIS = 30_000;

    private final String address =
            "@weir-test-journal-" + ProcessHandle.current().pid();
    private final List<String> elsewhere = new ArrayList<>();
    private final JournalSink sink =
            new JournalSink(address, (level, line) -> elsewhere.add(level + " " + new String(line, US_ASCII)));

    private void write(String message) {
        sink.write(Level.INFO, ("MESSAGE=" + message + "\nPRIORITY=6\n").getBytes(US_ASCII));
    }

    private static String next(UnixDatagram journal) throws Exception {
        Received received = journal.receive(PATIENCE_MILLIS);
        return received == null ? "nothing" : new String(received.octets(), US_ASCII);
    }

    @Test
    void whatTheJournalDoesNotTakeIsWrittenElsewhere() throws Exception {
        write("too early");
        try (UnixDatagram journal = UnixDatagram.bind(address)) {
            write("first");
            assertThat(next(journal)).isEqualTo("MESSAGE=first\nPRIORITY=6\n");
        }
        write("between");
        try (UnixDatagram journal = UnixDatagram.bind(address)) {
            write("second");
            assertThat(next(journal)).isEqualTo("MESSAGE=second\nPRIORITY=6\n");
        }
        assertThat(elsewhere)
                .containsExactly("INFO MESSAGE=too early PRIORITY=6\n", "INFO MESSAGE=between PRIORITY=6\n");
    }
}
