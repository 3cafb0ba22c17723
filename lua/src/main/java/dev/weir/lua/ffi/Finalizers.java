package dev.weir.lua.ffi;

import dev.weir.lua.LuaError;
import dev.weir.lua.LuaOperators;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ffi.gc} arranged: functions to call with an object that no script can reach any more.
 *
 * <p>They run on the world's own thread: when the library is used again after the garbage collector has noticed, or at the end. Then the
 * object itself is gone already; the function gets another one at the same place in memory.
 */
final class Finalizers {
    private final FfiWorld world;
    private final ReferenceQueue<CData> unreachable = new ReferenceQueue<>();
    private final Map<Pending, Pending> pending = new LinkedHashMap<>();
    private final Map<CData, Pending> byObject = new WeakHashMap<>();

    Finalizers(FfiWorld world) {
        this.world = world;
    }

    private static final class Pending extends PhantomReference<CData> {
        private final CData twin;
        private final Object finalizer;

        Pending(CData data, Object finalizer, ReferenceQueue<CData> queue) {
            super(data, queue);
            this.twin = data.twin();
            this.finalizer = finalizer;
        }
    }

    /** Arranges for a function to be called, instead of one that was arranged before; nil for none. */
    void set(CData data, @Nullable Object finalizer) {
        run();
        Pending before = byObject.remove(data);
        if (before != null) {
            pending.remove(before);
        }
        if (finalizer != null) {
            Pending next = new Pending(data, finalizer, unreachable);
            pending.put(next, next);
            byObject.put(data, next);
        }
    }

    /** Calls those whose objects are gone. */
    void run() {
        for (Object gone = unreachable.poll(); gone != null; gone = unreachable.poll()) {
            if (gone instanceof Pending object && pending.remove(object) != null) {
                finish(object);
            }
        }
    }

    /** Calls all that are left. */
    void runAll() {
        while (!pending.isEmpty()) {
            Pending next = pending.keySet().iterator().next();
            pending.remove(next);
            finish(next);
        }
    }

    private void finish(Pending object) {
        try {
            LuaOperators.call(world.state(), object.finalizer, object.twin);
        } catch (LuaError ignored) {
            // As with every finalizer: nobody is there to hear of it.
        }
    }
}
