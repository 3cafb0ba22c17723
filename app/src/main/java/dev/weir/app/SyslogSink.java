package dev.weir.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.weir.engine.log.Level;
import dev.weir.engine.log.LogSink;
import java.util.Arrays;
import java.util.function.IntSupplier;

/**
 * Sends log lines to the local syslog: {@code <priority>weir[pid]: line}, without a time, which the daemon adds.
 *
 * <p>Never waits and never fails: while no daemon listens, or its queue is full, lines go to standard output only.
 *
 * <p>Source: RFC 3164, section 4.1, without its TIMESTAMP and HOSTNAME, as syslog(3) writes to {@code /dev/log}.
 */
final class SyslogSink implements LogSink {
    private static final String SOCKET = "/dev/log";
    private static final int DAEMON_FACILITY = 3;
    private static final int SEVERITY_BITS = 3;

    private static volatile int localFacility = DAEMON_FACILITY;

    private final UnixEndpoint syslog;
    private final byte[] tag;
    private final IntSupplier facility;

    /** @param facility as RFC 5424 numbers them; asked for each line */
    SyslogSink(String socket, IntSupplier facility, long pid) {
        this.syslog = new UnixEndpoint(socket);
        this.facility = facility;
        this.tag = ("weir[" + pid + "]: ").getBytes(US_ASCII);
    }

    /** Lines to the syslog of this machine have this facility from now on; until then they have {@code daemon}. */
    static void facility(int number) {
        localFacility = number;
    }

    /** The syslog of this machine. */
    static SyslogSink local() {
        return new SyslogSink(
                SOCKET, () -> localFacility, ProcessHandle.current().pid());
    }

    @Override
    public void write(Level level, byte[] line) {
        byte[] priority = ("<" + (facility.getAsInt() << SEVERITY_BITS | level.severity) + ">").getBytes(US_ASCII);
        byte[] message = Arrays.copyOf(priority, priority.length + tag.length + line.length - 1);
        System.arraycopy(tag, 0, message, priority.length, tag.length);
        System.arraycopy(line, 0, message, priority.length + tag.length, line.length - 1);
        var _ = syslog.send(message);
    }
}
