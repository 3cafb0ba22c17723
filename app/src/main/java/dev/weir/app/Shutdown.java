package dev.weir.app;

import dev.weir.engine.log.Log;
import dev.weir.engine.task.FaultGuard;
import dev.weir.sys.HeldSignal;
import dev.weir.sys.ProcessExit;

/**
 * Ends the process: SIGTERM and SIGINT, {@code shutdown()} on the console and the end of the foreground console all come here.
 *
 * <p>A signal makes the JVM run its shutdown hooks and exit with 128 plus the signal's number. The hook of this class runs what
 * is to be done and then halts with status 0, so that 143 never shows and no other hook can hold the process up. It takes a
 * second at most, whatever hangs, and half a second more if log lines wait for a reader who has stopped.
 */
final class Shutdown implements ServiceLoader.Exit {
    private static final int DEADLINE_MS = 900;

    /** For log lines that wait to be read; shorter where nobody reads. */
    private static final int FLUSH_MS = 2_000;

    private static final FaultGuard STOPPING = new FaultGuard("Error while stopping", "setup");

    private volatile Runnable steps = () -> {};
    private volatile Runnable last = () -> {};

    /** Handles signals from now on. */
    void handleSignals() {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(this::stop));
        Signals.awaitTermination(this::shutdown);
    }

    /** What to do before the process ends; replaces what was set before. */
    void steps(Runnable newSteps) {
        steps = newSteps;
    }

    /**
     * What to do at the very end, also when the steps hang or are late; replaces what was set before. Has a second of its own, and may meet the
     * steps at work.
     */
    void lastly(Runnable newLast) {
        last = newLast;
    }

    /**
     * Ends the process with this status without the steps: for a start that failed and for commands that are done.
     *
     * <p>Halts, because {@link System#exit} first asks for the logger {@code java.lang.Runtime}, which costs 40 ms.
     */
    void exit(int status) {
        System.out.flush();
        now(status);
    }

    @Override
    public void shutdown() {
        // System.exit waits for the hooks: on a thread of its own the caller may still answer its client.
        Thread.ofPlatform().daemon().name("exit").start(() -> System.exit(0));
    }

    @Override
    public void now(int status) {
        Log.flush(FLUSH_MS);
        end(status);
    }

    private void stop() {
        inTime(steps);
        // Lines that are still to be written come before what is said last.
        Log.flush(FLUSH_MS);
        inTime(last);
        end(0);
    }

    /**
     * The JVM waits 300 ms at its end for threads in system calls, such as those that accept connections or wait for signals. Who gave it options
     * of his own, such as a profiler's, may count on its end.
     */
    private static void end(int status) {
        String options = System.getenv("WEIR_JAVA_OPTS");
        if (HeldSignal.isAwaited() && (options == null || options.isEmpty())) {
            System.out.flush();
            ProcessExit.now(status);
        }
        Runtime.getRuntime().halt(status);
    }

    private static void inTime(Runnable work) {
        Thread worker = Thread.ofPlatform().daemon().name("stop").start(() -> STOPPING.run(work));
        try {
            worker.join(DEADLINE_MS);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; ending now is right in any case.
        }
    }
}
