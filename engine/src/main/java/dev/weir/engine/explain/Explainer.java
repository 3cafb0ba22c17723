package dev.weir.engine.explain;

import dev.weir.engine.listen.Frontend;
import dev.weir.engine.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Tells why a query would become what it would: sends one that nobody has asked through the walk itself, which goes by a {@link Rehearsal} of
 * the running configuration. Nothing is counted, recorded, logged, stored or sent. Any thread; each call stands alone.
 *
 * <p>Functions of the operator's are called as for any query. What a PROXY header would say is given as the client; limits on connections are
 * not looked at.
 */
public final class Explainer {
    private final Model model;
    private final LongSupplier nanoClock;

    public Explainer(Model model) {
        this(model, System::nanoTime);
    }

    /** @param nanoClock the clock that the walk's limits, blocks and entries go by */
    public Explainer(Model model, LongSupplier nanoClock) {
        this.model = model;
        this.nanoClock = nanoClock;
    }

    /** @throws IllegalArgumentException in words for whoever asks, if no such query can come in */
    public Explanation explain(ImaginedQuery asked) {
        return new Inquiry(model, asked, frontend(asked), nanoClock.getAsLong()).explain();
    }

    private Frontend frontend(ImaginedQuery asked) {
        List<String> others = new ArrayList<>();
        for (Frontend frontend : model.engine().frontends()) {
            boolean here = asked.listener() == null || frontend.address().equals(asked.listener());
            if (here && frontend.protocol() == asked.protocol()) {
                return frontend;
            }
            others.add(frontend.address() + " " + frontend.protocol().shortName());
        }
        throw new IllegalArgumentException(
                "no listener takes " + asked.protocol().prettyName()
                        + (asked.listener() == null ? "" : " at " + asked.listener()) + "; there are: "
                        + (others.isEmpty() ? "none" : String.join(", ", others)));
    }
}
