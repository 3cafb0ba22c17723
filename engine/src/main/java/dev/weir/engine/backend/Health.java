package dev.weir.engine.backend;

import dev.weir.engine.backend.BackendSpec.HealthMode;
import dev.weir.engine.backend.BackendSpec.LazyMode;
import dev.weir.engine.stat.CheckLatencies;
import java.util.BitSet;
import java.util.concurrent.atomic.LongAdder;

/**
 * Whether a backend is up, and when it is to be asked again: a state machine without sockets or clock.
 *
 * <p>Active mode asks every {@code checkInterval} seconds; {@code maxCheckFailures} failures in a row make it down, {@code rise} successes
 * in a row make it up. Lazy mode looks at how real queries fare instead: once at least {@code lazyMinSampleCount} results are known and
 * {@code lazyThreshold} per cent of the last {@code lazySampleSize} failed, it asks each second until a decision; a backend that is down
 * is then asked every {@code lazyFailedInterval} seconds, or at growing distances. The first check of all decides at once.
 *
 * <p>State changes are made under the object's lock; {@link #isUp} is one volatile read.
 */
public final class Health {
    private volatile BackendSpec spec;

    /** What an answer to a check must be besides. */
    @FunctionalInterface
    public interface Validator {
        /**
         * Whether it is good; deals with its own errors.
         *
         * @param answer the message, at least a header
         */
        boolean accepts(byte[] answer);
    }

    /** Takes each answer that is good by itself. */
    private static final Validator EVERYTHING = answer -> true;

    private volatile boolean up;
    private volatile Validator validator = EVERYTHING;
    private volatile HealthMode mode;

    private volatile int checkTimeoutMillis;
    private volatile int checkIntervalSeconds;
    private volatile int maxCheckFailures;
    private volatile int rise;

    private boolean forcedByConfiguration;
    private int failuresInARow;
    private int successesInARow;
    private boolean everChecked;
    private boolean checkUnderWay;
    private long nextCheckSeconds;

    /** Lazy mode: real queries failed often enough that checks decide now. */
    private boolean suspected;

    private int failedChecksWhileDown;
    private final BitSet samples = new BitSet();
    private int sampleCount;
    private int sampleAt;

    private final LongAdder checkFailures = new LongAdder();
    private final LongAdder checkTimeouts = new LongAdder();
    private final LongAdder checkNetworkErrors = new LongAdder();
    private final LongAdder checkMismatches = new LongAdder();
    private final LongAdder checkParseErrors = new LongAdder();
    private final LongAdder checkInvalid = new LongAdder();
    private volatile long checkLatencyMicros;
    private final CheckLatencies checkLatencies = new CheckLatencies();

    Health(BackendSpec spec) {
        this.spec = spec;
        this.mode = spec.checks().mode();
        this.up = mode == HealthMode.UP || mode == HealthMode.LAZY;
        this.checkTimeoutMillis = spec.checks().timeoutMillis();
        this.checkIntervalSeconds = spec.checks().intervalSeconds();
        this.maxCheckFailures = spec.checks().maxFailures();
        this.rise = spec.checks().rise();
    }

    /** The backend goes on under another description, which may differ in what its state is not found out by; no validator is left. */
    synchronized void goOnAs(BackendSpec next) {
        spec = next;
        validator = EVERYTHING;
        if (forcedByConfiguration) {
            automatic(next.checks().mode());
        }
    }

    /** Asked about each answer that is good by itself. */
    public Validator validator() {
        return validator;
    }

    public void validate(Validator newValidator) {
        validator = newValidator;
    }

    /** How one health check ended. */
    public enum Outcome {
        /** It could not be made, for want of descriptors, memory, ports or permission of ours: no evidence either way. */
        UNASKED,
        SUCCESS,
        TIMEOUT,
        NETWORK,
        PARSING,
        MISMATCH,
        INVALID
    }

    public boolean isUp() {
        return up;
    }

    public HealthMode mode() {
        return mode;
    }

    /** {@code up}/{@code down} when found out, {@code UP}/{@code DOWN} when forced. */
    public String stateText() {
        return switch (mode) {
            case UP -> "UP";
            case DOWN -> "DOWN";
            default -> up ? "up" : "down";
        };
    }

    public synchronized void force(boolean forcedUp) {
        forcedByConfiguration = false;
        mode = forcedUp ? HealthMode.UP : HealthMode.DOWN;
        up = forcedUp;
    }

    /** A configuration forces the state while it is read: a later one that does not say so any more lets it be found out again. */
    public synchronized void forceByConfiguration(boolean forcedUp) {
        force(forcedUp);
        forcedByConfiguration = true;
    }

    /** Finds the state out again, actively or lazily; it stays what it is until the first decision unless it is {@link #assume set}. */
    public synchronized void automatic(HealthMode newMode) {
        forcedByConfiguration = false;
        mode = newMode;
        failuresInARow = 0;
        successesInARow = 0;
        suspected = false;
        sampleCount = 0;
        samples.clear();
        nextCheckSeconds = 0;
        everChecked = true;
    }

    /** Sets the state while leaving the mode. */
    public synchronized void assume(boolean assumedUp) {
        up = assumedUp;
    }

    /** Whether a check is to be sent now; true at most once until {@link #checked} reports its outcome. */
    public synchronized boolean takeDueCheck(long nowSeconds) {
        if (checkUnderWay || nowSeconds < nextCheckSeconds || !isCheckWanted()) {
            return false;
        }
        checkUnderWay = true;
        nextCheckSeconds = nowSeconds + secondsToNextCheck();
        return true;
    }

    private boolean isCheckWanted() {
        return switch (mode) {
            case UP, DOWN -> false;
            case AUTO -> true;
            case LAZY -> suspected || !up;
        };
    }

    private long secondsToNextCheck() {
        if (mode == HealthMode.AUTO) {
            return checkIntervalSeconds;
        }
        if (suspected) {
            return 1;
        }
        if (!spec.lazy().exponentialBackOff()) {
            return spec.lazy().failedIntervalSeconds();
        }
        long backOff =
                (long) spec.lazy().failedIntervalSeconds() << Math.min(Math.max(failedChecksWhileDown - 1, 0), 20);
        return Math.min(backOff, spec.lazy().maxBackOffSeconds());
    }

    /** The check every backend that is not forced gets before listeners start: it decides at once. */
    public synchronized boolean takeInitialCheck() {
        if (mode == HealthMode.UP || mode == HealthMode.DOWN || checkUnderWay) {
            return false;
        }
        checkUnderWay = true;
        return true;
    }

    /** The check under way has no outcome, for a reason that says nothing about the backend: its state stays, and it is asked again in time. */
    public synchronized void notChecked() {
        checkUnderWay = false;
    }

    /** The outcome of a check; true when the backend's state changed. */
    public synchronized boolean checked(Outcome outcome, long nowSeconds) {
        checkUnderWay = false;
        if (outcome == Outcome.UNASKED) {
            return false;
        }
        count(outcome);
        if (mode == HealthMode.UP || mode == HealthMode.DOWN) {
            return false;
        }
        boolean success = outcome == Outcome.SUCCESS;
        boolean before = up;
        if (!everChecked) {
            everChecked = true;
            up = success;
            nextCheckSeconds = nowSeconds + (mode == HealthMode.AUTO ? checkIntervalSeconds : 1);
            failuresInARow = success ? 0 : 1;
        } else if (success) {
            succeed(nowSeconds);
        } else {
            fail(nowSeconds);
        }
        return up != before;
    }

    private void succeed(long nowSeconds) {
        failuresInARow = 0;
        if (up) {
            suspected = false;
            return;
        }
        if (++successesInARow >= rise) {
            up = true;
            suspected = false;
            failedChecksWhileDown = 0;
            successesInARow = 0;
        } else if (mode == HealthMode.LAZY) {
            nextCheckSeconds = nowSeconds + 1;
        }
    }

    private void fail(long nowSeconds) {
        successesInARow = 0;
        if (!up) {
            failedChecksWhileDown++;
            nextCheckSeconds = nowSeconds + secondsToNextCheck();
            return;
        }
        if (++failuresInARow >= maxCheckFailures) {
            up = false;
            suspected = false;
            failuresInARow = 0;
            failedChecksWhileDown = 1;
            nextCheckSeconds = nowSeconds + secondsToNextCheck();
        }
    }

    private void count(Outcome outcome) {
        if (outcome == Outcome.SUCCESS) {
            return;
        }
        checkFailures.increment();
        switch (outcome) {
            case TIMEOUT -> checkTimeouts.increment();
            case NETWORK -> checkNetworkErrors.increment();
            case PARSING -> checkParseErrors.increment();
            case MISMATCH -> checkMismatches.increment();
            default -> checkInvalid.increment();
        }
    }

    /** Lazy mode watches real queries: an answer came, with or without SERVFAIL. Costs one volatile read in other modes. */
    public void queryAnswered(boolean servFail) {
        if (mode == HealthMode.LAZY) {
            sample(servFail && spec.lazy().mode() == LazyMode.TIMEOUT_OR_SERVFAIL);
        }
    }

    /** Lazy mode watches real queries: no answer came, or the connection broke. */
    public void queryFailed() {
        if (mode == HealthMode.LAZY) {
            sample(true);
        }
    }

    private synchronized void sample(boolean failure) {
        if (!up || suspected || spec.lazy().sampleSize() <= 0) {
            return;
        }
        samples.set(sampleAt, failure);
        sampleAt = (sampleAt + 1) % spec.lazy().sampleSize();
        sampleCount = Math.min(sampleCount + 1, spec.lazy().sampleSize());
        if (sampleCount >= spec.lazy().minSampleCount()
                && samples.cardinality() * 100L
                        >= (long) sampleCount * spec.lazy().thresholdPercent()
                && samples.cardinality() > 0) {
            suspected = true;
            nextCheckSeconds = 0;
            failuresInARow = 0;
            sampleCount = 0;
            sampleAt = 0;
            samples.clear();
        }
    }

    public int checkTimeoutMillis() {
        return checkTimeoutMillis;
    }

    /** Changes what active checks go by; a negative value leaves the setting. */
    public void setParameters(int timeoutMillis, int intervalSeconds, int failures, int newRise) {
        checkTimeoutMillis = timeoutMillis < 0 ? checkTimeoutMillis : timeoutMillis;
        checkIntervalSeconds = intervalSeconds < 0 ? checkIntervalSeconds : intervalSeconds;
        maxCheckFailures = failures < 0 ? maxCheckFailures : failures;
        rise = newRise < 0 ? rise : newRise;
    }

    public void checkTook(long micros) {
        checkLatencyMicros = micros;
        checkLatencies.add(micros);
    }

    /** How long all checks took that were answered. */
    public CheckLatencies checkLatencies() {
        return checkLatencies;
    }

    public long checkLatencyMicros() {
        return checkLatencyMicros;
    }

    public long checkFailures() {
        return checkFailures.sum();
    }

    public long checkTimeouts() {
        return checkTimeouts.sum();
    }

    public long checkNetworkErrors() {
        return checkNetworkErrors.sum();
    }

    public long checkParseErrors() {
        return checkParseErrors.sum();
    }

    public long checkMismatches() {
        return checkMismatches.sum();
    }

    public long checkInvalid() {
        return checkInvalid.sum();
    }
}
