package dev.weir.lua;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Set;

/** Finds coroutines that nobody holds any more, whenever a new one is made, and ends their threads. */
final class AbandonedCoroutines {
    private final ReferenceQueue<LuaCoroutine> gone = new ReferenceQueue<>();
    private final Set<Held> held = new HashSet<>();

    /** A coroutine and what is to be ended after it. */
    private static final class Held extends PhantomReference<LuaCoroutine> {
        private final CoroutineStack stack;

        Held(LuaCoroutine coroutine, CoroutineStack stack, ReferenceQueue<LuaCoroutine> queue) {
            super(coroutine, queue);
            this.stack = stack;
        }
    }

    void add(LuaCoroutine coroutine, CoroutineStack stack) {
        if (!stack.needsEnding()) {
            return;
        }
        for (Object one = gone.poll(); one instanceof Held lost; one = gone.poll()) {
            held.remove(lost);
            lost.stack.abandon();
        }
        held.add(new Held(coroutine, stack, gone));
    }

    void close() {
        for (Held one : held) {
            one.stack.abandon();
        }
        held.clear();
    }
}
