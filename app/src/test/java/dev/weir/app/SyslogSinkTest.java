package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.log.Level;
import dev.weir.sys.UnixDatagram;
import dev.weir.sys.UnixDatagram.Received;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Does the syslog get lines under the facility of the configuration? */
class SyslogSinkTest {
    private static final int PATIENCE_MILLIS = 30_000;

    @Test
    void facilityAndSeverityAreInFront() throws Exception {
        String address = "@weir-test-syslog-" + ProcessHandle.current().pid();
        try (UnixDatagram syslog = UnixDatagram.bind(address)) {
            AtomicInteger facility = new AtomicInteger(3);
            SyslogSink sink = new SyslogSink(address, facility::get, 7);
            sink.write(Level.ERROR, "bad\n".getBytes(StandardCharsets.US_ASCII));
            facility.set(16);
            sink.write(Level.INFO, "good\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(next(syslog)).isEqualTo("<27>weir[7]: bad");
            assertThat(next(syslog)).isEqualTo("<134>weir[7]: good");
        }
    }

    private static String next(UnixDatagram syslog) throws Exception {
        Received received = syslog.receive(PATIENCE_MILLIS);
        return received == null ? "nothing" : new String(received.octets(), StandardCharsets.US_ASCII);
    }
}
