package dev.weir.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one configuration has opened outside the engine, such as files, sockets and tables in the kernel, each with a description. A configuration
 * that takes another one's place takes over what it describes in the same way, and the rest is closed. Any thread.
 */
public final class Belongings {
    private final List<Held> all = new ArrayList<>();

    /** Of the configuration that runs while this one is read; null at other times. */
    private @Nullable Belongings former;

    /** @param takenOver whether the former configuration had it already */
    private record Held(Object description, Object thing, boolean takenOver, Runnable closing) {}

    /**
     * Opens something.
     *
     * @param <T> what is opened
     * @param <E> how that fails
     */
    @FunctionalInterface
    public interface Opening<T, E extends Exception> {
        T open() throws E;
    }

    /**
     * Closes something.
     *
     * @param <T> what was opened
     */
    @FunctionalInterface
    public interface Closing<T> {
        void close(T thing);
    }

    Belongings(@Nullable Belongings former) {
        this.former = former;
    }

    /**
     * What the configuration that runs has opened under an equal description, each at most once, or else what is opened now.
     *
     * @param description equal for what can stand for each other, whoever asks
     */
    public synchronized <T, E extends Exception> T take(
            Object description, Class<T> type, Opening<T, E> opening, Closing<T> closing) throws E {
        T known = former == null ? null : former.find(description, type, this);
        T thing = known == null ? opening.open() : known;
        // Never what the former configuration has said of closing: that refers to its world.
        all.add(new Held(description, thing, known != null, () -> closing.close(thing)));
        return thing;
    }

    private synchronized <T> @Nullable T find(Object description, Class<T> type, Belongings heir) {
        for (Held held : all) {
            if (held.description.equals(description) && type.isInstance(held.thing) && !heir.isTaken(held.thing)) {
                return type.cast(held.thing);
            }
        }
        return null;
    }

    /** Whether this thing is one of the configuration that runs. */
    synchronized boolean isTaken(Object thing) {
        return all.stream().anyMatch(held -> held.takenOver && held.thing == thing);
    }

    /** Has taken the place of the other one: what that has and this one did not take over is to be closed by what is returned. */
    synchronized List<Runnable> settle() {
        Belongings before = former;
        former = null;
        return before == null ? List.of() : before.closingsBut(this);
    }

    private synchronized List<Runnable> closingsBut(Belongings heir) {
        return all.stream()
                .filter(held -> !heir.isTaken(held.thing))
                .map(Held::closing)
                .toList();
    }

    /** Will not take the place of the other one: closes what it has opened itself. */
    synchronized void abandon() {
        all.stream().filter(held -> !held.takenOver).map(Held::closing).forEach(Runnable::run);
        all.clear();
        former = null;
    }
}
