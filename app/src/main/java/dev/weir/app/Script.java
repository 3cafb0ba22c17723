package dev.weir.app;

import java.util.List;

/** A loaded configuration's own code: what the running service asks of the Lua room. Any thread; the room's lock orders the calls. */
interface Script {
    /** No code. */
    Script NONE = new Script() {
        @Override
        public String evaluate(String line) {
            return "";
        }

        @Override
        public void maintenance() {}

        @Override
        public void exiting() {}

        @Override
        public void leave() {}

        @Override
        public void serverStateChanged(String nameWithAddress, boolean up) {}

        @Override
        public List<String> completions(String typed) {
            return List.of();
        }
    };

    /** Runs a console line and returns what it prints. */
    String evaluate(String line);

    /** Runs {@code maintenance()} and its callbacks. */
    void maintenance();

    /** Runs the exit callbacks. */
    void exiting();

    /** The code of another configuration has taken the place of this one, which queries that are under way may still call. */
    void leave();

    /** Tells the callbacks of {@code addServerStateChangeCallback}. */
    void serverStateChanged(String nameWithAddress, boolean up);

    /** What TAB completes behind what has been typed of a line. */
    List<String> completions(String typed);
}
