package dev.weir.engine.rule;

import dev.weir.engine.stat.Tally;
import dev.weir.wire.RandomUuid;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A selector and what happens to what it matches.
 *
 * @param <A> {@link dev.weir.engine.action.Action} or {@link dev.weir.engine.action.ResponseAction}
 * @param name the operator's name for it, or empty
 * @param creationOrder counts up over all rules of the process
 */
public record Rule<A>(UUID uuid, String name, long creationOrder, Selector selector, A action, Tally matches) {
    private static final AtomicLong CREATED = new AtomicLong();

    public static <A> Rule<A> of(Selector selector, A action, @Nullable UUID uuid, String name) {
        return new Rule<>(
                uuid == null ? RandomUuid.next() : uuid,
                name,
                CREATED.getAndIncrement(),
                selector,
                action,
                new Tally());
    }

    /** The same rule, which goes on counting where another one is: one takes the place of the other. */
    Rule<A> countingWith(Rule<A> former) {
        return new Rule<>(uuid, name, creationOrder, selector, action, former.matches);
    }
}
