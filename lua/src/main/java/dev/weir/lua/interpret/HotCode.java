package dev.weir.lua.interpret;

import dev.weir.lua.syntax.Stat;
import org.jspecify.annotations.Nullable;

/** What makes code of the JVM of functions and loops that are run often. */
public interface HotCode {
    /** Where everything runs as a tree. */
    HotCode NONE = new HotCode() {
        @Override
        public int hotCalls() {
            return 0;
        }

        @Override
        public int hotRounds() {
            return 0;
        }

        @Override
        public @Nullable FunctionBody function(Prototype prototype) {
            return null;
        }

        @Override
        public @Nullable CompiledLoop loop(Prototype prototype, Stat loop) {
            return null;
        }
    };

    /** After how many calls of a function it becomes code. */
    int hotCalls();

    /** After how many rounds of a loop it becomes code. */
    int hotRounds();

    /** A function as code; null where that is not worth while, and will never be. */
    @Nullable FunctionBody function(Prototype prototype);

    /** A loop as code, which goes on where the tree has got to; null where that is not worth while. */
    @Nullable CompiledLoop loop(Prototype prototype, Stat loop);
}
