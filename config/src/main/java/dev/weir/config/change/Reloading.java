package dev.weir.config.change;

/** Has the running process read its configuration again. */
@FunctionalInterface
public interface Reloading {
    /**
     * Reads it, and returns when that has taken its place or is known not to. While another thread does so, waits for its end first.
     *
     * @param dryRun whether nothing is to change, to see what would
     */
    ReloadReport reload(boolean dryRun);
}
