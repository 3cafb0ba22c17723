package dev.weir.script.listing;

import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.QuicCounters;
import java.util.List;

/** What is printed of listeners for QUIC. */
public final class QuicListing {
    private static final Columns FRONTENDS = new Columns("-3 -20.20 -15 -15 -15 -15");

    private QuicListing() {}

    /** {@code showDOQFrontends()} and {@code showDOH3Frontends()}. */
    public static String frontends(List<Frontend> frontends) {
        StringBuilder text = new StringBuilder();
        FRONTENDS.line(text, "#", "Address", "Bad Version", "Invalid Token", "Errors", "Valid");
        int number = 0;
        for (Frontend frontend : frontends) {
            QuicCounters quic = frontend.quic();
            if (quic != null) {
                FRONTENDS.line(
                        text,
                        number++,
                        frontend.address(),
                        quic.unsupportedVersions.sum(),
                        quic.invalidTokens.sum(),
                        quic.errors.sum(),
                        quic.valid.sum());
            }
        }
        return text.toString();
    }
}
