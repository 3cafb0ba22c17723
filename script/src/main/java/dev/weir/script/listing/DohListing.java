package dev.weir.script.listing;

import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.HttpCounters;
import dev.weir.engine.listen.TlsControl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is printed of listeners for DNS over HTTP. */
public final class DohListing {
    private static final Columns FRONTENDS = new Columns("-3 -20.20 -15 -15 -15 -15 -15 -15 -15 -15 -15 -15 -15 -15");
    private static final Columns CODES = new Columns("-3 -20.20 -15 -15 -15 -15 -15 -15");

    private DohListing() {}

    /** {@code showDOHFrontends()}. */
    public static String frontends(List<Frontend> frontends) {
        StringBuilder text = new StringBuilder();
        FRONTENDS.line(
                text,
                "#",
                "Address",
                "HTTP",
                "HTTP/1",
                "HTTP/2",
                "GET",
                "POST",
                "Bad",
                "Errors",
                "Redirects",
                "Valid",
                "# ticket keys",
                "Rotation delay",
                "Next rotation");
        int number = 0;
        for (Frontend frontend : frontends) {
            HttpCounters http = frontend.http();
            if (http != null) {
                TlsControl tls = frontend.tlsControl();
                Instant next = tls == null ? null : tls.nextRotation();
                FRONTENDS.line(
                        text,
                        number++,
                        frontend.address(),
                        http.connects.sum(),
                        http.queries(1).sum(),
                        http.queries(2).sum(),
                        http.get.sum(),
                        http.post.sum(),
                        http.badRequests.sum(),
                        http.errors.sum(),
                        http.redirects.sum(),
                        http.valid.sum(),
                        tls == null ? 0 : tls.ticketKeys(),
                        tls == null ? 0 : tls.rotationSeconds(),
                        next == null ? 0 : next.getEpochSecond());
            }
        }
        return text.toString();
    }

    /** {@code showDOHResponseCodes()}. */
    public static String codes(List<Frontend> frontends) {
        StringBuilder text = new StringBuilder();
        for (int version = 1; version <= 2; version++) {
            text.append("\n- HTTP/").append(version).append(":\n\n");
            CODES.line(text, "#", "Address", "200", "400", "403", "500", "502", "Others");
            int number = 0;
            for (Frontend frontend : frontends) {
                HttpCounters http = frontend.http();
                if (http != null) {
                    List<Object> row = new ArrayList<>(List.of(number++, frontend.address()));
                    for (int place = 0; place <= HttpCounters.STATUSES.size(); place++) {
                        row.add(http.responses(version, place).sum());
                    }
                    CODES.line(text, row.toArray());
                }
            }
        }
        return text.toString();
    }
}
