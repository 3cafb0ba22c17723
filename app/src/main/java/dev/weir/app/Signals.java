package dev.weir.app;

import dev.weir.engine.log.Log;
import dev.weir.engine.task.FaultGuard;
import dev.weir.sys.HeldSignal;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Signals that mean something to Weir, or that operators expect to. SIGTERM and SIGINT end the process in order; so does SIGHUP on a terminal,
 * which is then gone. A service reads its configuration again on SIGHUP. SIGUSR1 tells some services to open their logs: that is not needed here, and a
 * line says so instead of a death.
 */
final class Signals {
    private static final FaultGuard GUARD = new FaultGuard("Error while waiting for a signal", "setup");

    /** The exit status of a process that a signal has ended, beside the signal's number. */
    static final int FROM_SIGNAL = 128;

    static final int SIGPIPE = 13;
    private static final int SIGINT = 2;

    /** Commands that are done within this time do without the cost of the first system call. */
    private static final long DELAY_NANOS = 300_000_000;

    private Signals() {}

    /**
     * Does this when SIGTERM comes that the launcher has held back, and may have come long ago. The JVM itself handles the signal where it
     * was not held back.
     */
    static void awaitTermination(Runnable answer) {
        Thread.ofPlatform().daemon().name("sigterm").start(GUARD.around(() -> {
            try {
                LockSupport.parkNanos(DELAY_NANOS);
                if (HeldSignal.isHeld(HeldSignal.SIGTERM)) {
                    HeldSignal.await(HeldSignal.SIGTERM);
                    answer.run();
                }
            } catch (IOException e) {
                Log.error("SIGTERM is not heard", "setup", "error", e);
            }
        }));
    }

    /** Answers SIGINT, on a thread of its own; where there is no answer (false) it ends the process as a signal does. */
    static void interrupt(BooleanSupplier answer) {
        handle("INT", () -> {
            if (!answer.getAsBoolean()) {
                Runtime.getRuntime().halt(FROM_SIGNAL + SIGINT);
            }
        });
    }

    /**
     * Answers to the others from now on, or a moment later.
     *
     * @param reload what a service does on SIGHUP; not on the thread that signals come by
     */
    static void answer(boolean supervised, Shutdown shutdown, Runnable reload) {
        Thread.ofPlatform().daemon().name("signals").start(GUARD.around(() -> {
            handle("USR1", () -> ignore("SIGUSR1"));
            handle("HUP", () -> {
                if (supervised) {
                    Thread.ofPlatform().daemon().name("reload").start(GUARD.around(reload));
                } else {
                    Log.notice("Stopping: the terminal is gone", "setup", "signal", "SIGHUP");
                    shutdown.shutdown();
                }
            });
        }));
    }

    private static void ignore(String signal) {
        Log.notice("Nothing is done on this signal: SIGHUP reads the configuration again", "setup", "signal", signal);
    }

    /** By reflection, because the compiler warns of these classes in a way that nothing can switch off. They are in each JDK: jdk.unsupported. */
    private static void handle(String signal, Runnable answer) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            answer.run();
                        }
                        return null;
                    });
            Object wanted = type.getConstructor(String.class).newInstance(signal);
            type.getMethod("handle", type, handlerType).invoke(null, wanted, handler);
        } catch (ReflectiveOperationException e) {
            Log.warning("A signal is left to the JVM", "setup", "signal", "SIG" + signal, "error", List.of(e));
        }
    }
}
