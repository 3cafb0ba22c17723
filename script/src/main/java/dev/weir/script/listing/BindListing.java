package dev.weir.script.listing;

import dev.weir.engine.listen.Frontend;
import dev.weir.engine.view.FrontendView;
import java.util.List;

/** What {@code showBinds()} prints: one line a frontend, so two for an address that takes plain DNS over UDP and TCP. */
public final class BindListing {
    private static final Columns COLUMNS = new Columns("-3 -30.20 -21 0");

    private BindListing() {}

    public static String show(List<Frontend> frontends) {
        StringBuilder text = new StringBuilder();
        COLUMNS.line(text, "#", "Address", "Protocol", "Queries");
        for (FrontendView frontend : FrontendView.of(frontends)) {
            COLUMNS.line(text, frontend.number(), frontend.address(), frontend.type(), frontend.queries());
        }
        return text.toString();
    }
}
