package dev.weir.app;

import java.util.Collection;

/** A loaded configuration's own code: what the running service asks of the Lua room. Any thread; the room's lock orders the calls. */
interface Script {
    /** Runs a console line and returns what it prints. */
    String evaluate(String line);

    /** Runs {@code maintenance()} and its callbacks. */
    void maintenance();

    /** Runs the exit callbacks. */
    void exiting();

    /** Tells the callbacks of {@code addServerStateChangeCallback}. */
    void serverStateChanged(String nameWithAddress, boolean up);

    /** What TAB completes. */
    Collection<String> completions();
}
