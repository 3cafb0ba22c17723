package dev.weir.net.health;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.Health.Outcome;
import dev.weir.engine.backend.ProvenWay;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.log.Message;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import dev.weir.engine.task.FaultGuard;
import dev.weir.net.StreamAsker;
import dev.weir.net.health.CheckRunner.Ended;
import dev.weir.sys.SyscallException;
import dev.weir.wire.KernelRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The thread that asks backends whether they work: each second, those whose check is due. When to ask and what the outcomes mean is up to
 * {@link dev.weir.engine.backend.Health}.
 *
 * <pre>{@code
 * HealthChecker checker = new HealthChecker(model, streams);
 * checker.onChange((backend, up) -> ...);
 * checker.runInitial();     // before listeners start
 * checker.start();
 * ...
 * checker.close();
 * }</pre>
 */
public final class HealthChecker implements AutoCloseable {
    private static final Message NAMED = new Message(
            "health-check", "Marking downstream", "Marking downstream {backend.name} ({backend.address}) as '{state}'");
    private static final Message NAMELESS =
            new Message("health-check", "Marking downstream", "Marking downstream {backend.address} as '{state}'");

    private static final FaultGuard LOOP = new FaultGuard("Error in health checks", "health-check");
    private static final FaultGuard LISTENERS = new FaultGuard("Error while telling a server's state", "health-check");
    private static final LogLimit WANTS = new LogLimit(10);

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long STOP_MILLIS = 2_000;
    private static final int IDS = 65_536;

    private final Model model;
    private final CheckRunner runner;
    private final BackendUpgrades upgrades;
    private final KernelRandom random = new KernelRandom();
    private final List<StateListener> listeners = new CopyOnWriteArrayList<>();
    private final long startNanos = System.nanoTime();
    private final long secondNanos;
    private @Nullable Thread thread;
    private volatile boolean stopping;
    private long nextRoundNanos;

    /**
     * Is told when a backend came up or went down; called on the checking thread, or on the caller's of {@link #runInitial}. It must not wait
     * for anything: all other backends' checks wait with it.
     */
    @FunctionalInterface
    public interface StateListener {
        /** @param up its new state */
        void changed(Backend backend, boolean up);
    }

    /**
     * @param streams asks backends that are checked over TCP
     * @throws SyscallException if the process has no descriptor left
     */
    public HealthChecker(Model model, StreamAsker streams) throws SyscallException {
        this(model, streams, SECOND_NANOS);
    }

    /** One whose seconds, in which intervals count, may be shorter. Time-outs of checks stay what they are. */
    HealthChecker(Model model, StreamAsker streams, long secondNanos) throws SyscallException {
        this.secondNanos = secondNanos;
        this.model = model;
        this.runner = new CheckRunner(streams);
        this.upgrades = new BackendUpgrades(model, streams, runner::wake);
    }

    /** Adds a listener for changes of state; the first checks before the start tell it too. Any thread. */
    public void onChange(StateListener listener) {
        listeners.add(listener);
    }

    /** Checks every backend that is not forced up or down once, all at the same time; returns when each has answered or timed out. */
    public void runInitial() {
        runInitial(model.backends());
    }

    /** The same for these alone. */
    public void runInitial(List<Backend> backends) {
        for (Backend backend : backends) {
            if (backend.health().takeInitialCheck()) {
                check(backend);
            }
        }
        while (!runner.isIdle()) {
            await(System.nanoTime() + secondNanos, true);
        }
    }

    /** Starts the thread. */
    public synchronized void start() {
        if (thread == null) {
            thread = Thread.ofPlatform().name("health-check").daemon().start(this::run);
        }
    }

    private void run() {
        nextRoundNanos = System.nanoTime();
        LOOP.repeat(() -> !stopping, this::turn);
    }

    private void turn() {
        if (System.nanoTime() - nextRoundNanos >= 0) {
            nextRoundNanos += secondNanos;
            startDue();
            upgrades.start(seconds());
        }
        await(nextRoundNanos, false);
        upgrades.takeAnswers(seconds());
    }

    private void await(long untilNanos, boolean first) {
        for (Ended ended : runner.await(untilNanos, this::notMade)) {
            if (!LOOP.run(() -> decide(ended, first))) {
                ended.check().backend().health().notChecked();
            }
        }
    }

    private void startDue() {
        long now = seconds();
        for (Backend backend : model.backends()) {
            if (backend.health().takeDueCheck(now)) {
                check(backend);
            }
        }
    }

    private void check(Backend backend) {
        try {
            int id = random.nextInt(IDS);
            if (backend.spec().checks().function() == null) {
                runner.start(Check.compose(backend, id, System.nanoTime()));
            } else {
                runner.startComposed(backend, () -> Check.compose(backend, id, System.nanoTime()));
            }
        } catch (Throwable e) {
            notMade(backend, e);
        }
    }

    /** A check function, a configuration's own code, says by an exception that the backend is not to be used; an error says nothing of it. */
    private void notMade(Backend backend, Throwable failure) {
        if (failure instanceof Error) {
            backend.health().notChecked();
            LOOP.caught(failure);
            return;
        }
        Log.error(
                "Error while preparing a health check",
                "health-check",
                "backend.name",
                backend.name(),
                "backend.address",
                backend.address(),
                "error",
                failure);
        conclude(backend, Outcome.INVALID, false);
    }

    private void decide(Ended ended, boolean first) {
        Backend backend = ended.check().backend();
        if (ended.outcome() == Outcome.UNASKED) {
            complainOfWant(ended);
        } else if (ended.outcome() == Outcome.SUCCESS) {
            backend.health().checkTook((System.nanoTime() - ended.check().startedNanos()) / 1000);
            if (ended.local() != null) {
                backend.reachedBy(new ProvenWay(ended.local(), ended.check().startedNanos()));
            }
        } else if (model.settings().on(Setting.VERBOSE_HEALTH_CHECKS)) {
            Log.info(
                    "Health check failed",
                    "health-check",
                    "backend.name",
                    backend.name(),
                    "backend.address",
                    backend.address(),
                    "error",
                    ended.detail());
        }
        conclude(backend, ended.outcome(), first && ended.outcome() != Outcome.UNASKED);
    }

    /** Says why a backend keeps its state: without this line nobody would know that nobody has asked it. */
    private static void complainOfWant(Ended ended) {
        long times = WANTS.admit(System.nanoTime());
        if (times > 0) {
            Backend backend = ended.check().backend();
            Log.warning(
                    "A health check could not be made, the backend stays as it is",
                    "health-check",
                    "backend.name",
                    backend.name(),
                    "backend.address",
                    backend.address(),
                    "error",
                    ended.detail(),
                    "count",
                    times);
        }
    }

    private void conclude(Backend backend, Outcome outcome, boolean first) {
        if (backend.isRemoved()) {
            return;
        }
        boolean changed = backend.health().checked(outcome, seconds());
        boolean up = backend.isUp();
        if (changed && !up) {
            backend.clearLatency();
        }
        if (changed || first) {
            Log.warning(
                    backend.name().isEmpty() ? NAMELESS : NAMED,
                    "backend.name",
                    backend.name(),
                    "backend.address",
                    backend.address(),
                    "state",
                    up ? "up" : "down");
        }
        if (changed) {
            tell(backend, up);
        }
    }

    private void tell(Backend backend, boolean up) {
        for (StateListener listener : listeners) {
            LISTENERS.run(() -> listener.changed(backend, up));
        }
    }

    /** Seconds on this object's own clock, which starts at 0 and never jumps. */
    private long seconds() {
        return (System.nanoTime() - startNanos) / secondNanos;
    }

    /** Ends the thread; checks under way are given up. */
    @Override
    public synchronized void close() {
        stopping = true;
        runner.wake();
        Thread running = thread;
        try {
            if (running != null) {
                running.join(STOP_MILLIS);
            }
            if (running == null || !running.isAlive()) {
                runner.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
