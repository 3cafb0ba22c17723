package dev.weir.script.listing;

import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.TlsControl;
import dev.weir.engine.listen.TlsCounters;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is printed of listeners with TLS. */
public final class TlsListing {
    private static final Columns FRONTENDS = new Columns("-3 -20.20 -14 -14 -21");
    private static final Columns ERRORS = new Columns("-3 -20.20 -23 -23 -23 -23 -23 -23 -23 -23");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private TlsListing() {}

    /** {@code showTLSFrontends()}: the keys of tickets. */
    public static String frontends(List<Frontend> frontends) {
        StringBuilder text = new StringBuilder();
        FRONTENDS.line(text, "#", "Address", "# ticket keys", "Rotation delay", "Next rotation");
        int number = 0;
        for (Frontend frontend : frontends) {
            TlsControl control = frontend.tlsControl();
            if (frontend.protocol() == Protocol.DOT && control != null) {
                FRONTENDS.line(
                        text,
                        number++,
                        frontend.address(),
                        control.ticketKeys(),
                        control.rotationSeconds(),
                        time(control.nextRotation()));
            }
        }
        return text.toString();
    }

    private static String time(@org.jspecify.annotations.Nullable Instant instant) {
        return instant == null ? "Disabled" : TIME.format(instant.atZone(ZoneId.systemDefault()));
    }

    /** {@code showTLSErrorCounters()}: why handshakes failed. */
    public static String errors(List<Frontend> frontends) {
        StringBuilder text = new StringBuilder();
        ERRORS.line(
                text,
                "#",
                "Address",
                "DH key too small",
                "Inappropriate fallback",
                "No shared cipher",
                "Unknown cipher type",
                "Unknown exchange type",
                "Unknown protocol",
                "Unsupported EC",
                "Unsupported protocol");
        int number = 0;
        for (Frontend frontend : frontends) {
            TlsCounters counters = frontend.tls();
            if (counters != null && frontend.tlsControl() != null) {
                List<Object> row = new ArrayList<>(List.of(number++, frontend.address()));
                for (TlsCounters.Failure failure : TlsCounters.Failure.values()) {
                    row.add(counters.failures(failure).sum());
                }
                ERRORS.line(text, row.toArray());
            }
        }
        return text.toString();
    }
}
