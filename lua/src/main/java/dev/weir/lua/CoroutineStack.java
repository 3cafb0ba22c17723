package dev.weir.lua;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where a coroutine's Java frames live while it is suspended.
 *
 * <p>Two ways, both with one visible behaviour: a continuation of the JVM, or a daemon thread to which the resumer hands
 * over and then waits.
 */
abstract class CoroutineStack {
    /** How much stack a coroutine's thread may use; only what is used takes memory. */
    private static final long STACK_OCTETS = 64L << 20;

    private CoroutineStack() {}

    /** A stack on which a task will run. */
    static CoroutineStack of(Runnable task) {
        return Continuations.CREATE == null ? new OnThread(task) : new OnContinuation(Continuations.CREATE, task);
    }

    /** Runs the task until it suspends itself or ends. */
    abstract void resume();

    /** Called by the task: goes back to whoever resumed it. */
    abstract void suspend();

    /** Ends a suspended task for good. */
    abstract void abandon();

    /** Whether that is needed at all. */
    abstract boolean needsEnding();

    /** Unwinds an abandoned task; no script can catch it. */
    private static final class Abandoned extends Error {
        private static final long serialVersionUID = 1;

        Abandoned() {
            super(null, null, false, false);
        }
    }

    /** The JVM's continuations, if this module may use them. */
    private static final class Continuations {
        static final @Nullable MethodHandle CREATE;
        static final @Nullable MethodHandle RUN;
        static final @Nullable MethodHandle YIELD;

        static {
            MethodHandle create = null;
            MethodHandle run = null;
            MethodHandle suspend = null;
            try {
                Class<?> type = Class.forName("jdk.internal.vm.Continuation");
                Class<?> scopeType = Class.forName("jdk.internal.vm.ContinuationScope");
                MethodHandles.Lookup lookup = MethodHandles.lookup();
                Object scope = lookup.findConstructor(scopeType, MethodType.methodType(void.class, String.class))
                        .invoke("lua");
                create = lookup.findConstructor(type, MethodType.methodType(void.class, scopeType, Runnable.class))
                        .bindTo(scope)
                        .asType(MethodType.methodType(Object.class, Runnable.class));
                run = lookup.findVirtual(type, "run", MethodType.methodType(void.class))
                        .asType(MethodType.methodType(void.class, Object.class));
                suspend = lookup.findStatic(type, "yield", MethodType.methodType(boolean.class, scopeType))
                        .bindTo(scope)
                        .asType(MethodType.methodType(void.class));
            } catch (Throwable closed) {
                create = null;
            }
            CREATE = create;
            RUN = run;
            YIELD = suspend;
        }
    }

    private static final class OnContinuation extends CoroutineStack {
        private final Object continuation;

        OnContinuation(MethodHandle create, Runnable task) {
            try {
                continuation = (Object) create.invokeExact(task);
            } catch (Throwable thrown) {
                throw new IllegalStateException(thrown);
            }
        }

        @Override
        void resume() {
            call(Continuations.RUN, true);
        }

        @Override
        void suspend() {
            call(Continuations.YIELD, false);
        }

        private void call(@Nullable MethodHandle handle, boolean withThis) {
            try {
                if (handle == null) {
                    throw new IllegalStateException("no continuations");
                }
                if (withThis) {
                    handle.invokeExact(continuation);
                } else {
                    handle.invokeExact();
                }
            } catch (RuntimeException | Error passed) {
                throw passed;
            } catch (Throwable thrown) {
                throw new IllegalStateException(thrown);
            }
        }

        @Override
        void abandon() {
            // a suspended continuation is an object without a thread: the collector takes it
        }

        @Override
        boolean needsEnding() {
            return false;
        }
    }

    private static final class OnThread extends CoroutineStack implements Runnable {
        private final Runnable task;
        private @Nullable Thread thread;
        private volatile @Nullable Thread resumer;
        private volatile boolean abandoned;

        OnThread(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            try {
                task.run();
            } catch (Abandoned ended) {
                // nobody waits
            } finally {
                wake();
            }
        }

        @Override
        void resume() {
            resumer = Thread.currentThread();
            Thread mine = thread;
            if (mine == null) {
                mine = Thread.ofPlatform()
                        .daemon()
                        .name("lua coroutine")
                        .stackSize(STACK_OCTETS)
                        .unstarted(this);
                thread = mine;
                mine.start();
            } else {
                LockSupport.unpark(mine);
            }
            while (resumer != null) {
                LockSupport.park(this);
            }
        }

        @Override
        void suspend() {
            wake();
            while (resumer == null) {
                if (abandoned) {
                    throw new Abandoned();
                }
                LockSupport.park(this);
            }
        }

        private void wake() {
            Thread waiting = resumer;
            resumer = null;
            LockSupport.unpark(waiting);
        }

        @Override
        boolean needsEnding() {
            return true;
        }

        @Override
        void abandon() {
            abandoned = true;
            Thread mine = thread;
            if (mine != null) {
                LockSupport.unpark(mine);
            }
        }
    }
}
