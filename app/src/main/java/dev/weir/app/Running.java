package dev.weir.app;

import dev.weir.config.Configuration;
import dev.weir.config.change.ReloadHistory;
import dev.weir.config.change.ReloadReport;
import dev.weir.config.change.Reloading;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The configuration that runs, for those who outlive it: each asks when it needs it and keeps nothing. Any thread. */
final class Running implements Reloading {
    private volatile Configuration configuration;
    private volatile Script script;
    private volatile @Nullable Reloading reloading;
    private volatile boolean looking;
    private final ReloadHistory history = new ReloadHistory();

    /** The first one, while it is read. */
    Running(Configuration configuration) {
        this(configuration, Script.NONE);
    }

    Running(Configuration configuration, Script script) {
        this.configuration = configuration;
        this.script = script;
    }

    Configuration configuration() {
        return configuration;
    }

    Script script() {
        return script;
    }

    /** Another configuration has taken its place. */
    void become(Configuration newConfiguration, Script newScript) {
        configuration = newConfiguration;
        script = newScript;
    }

    /** Who reads the configuration again. */
    void reloadBy(Reloading newReloading) {
        reloading = newReloading;
    }

    /** How it has been read again so far. */
    ReloadHistory history() {
        return history;
    }

    /** Whether a configuration is being read that will not take a place: it must not open what leaves traces. */
    boolean looking() {
        return looking;
    }

    void looking(boolean now) {
        looking = now;
    }

    @Override
    public ReloadReport reload(boolean dryRun) {
        Reloading known = reloading;
        if (known == null) {
            return ReloadReport.failed("the start is not over yet");
        }
        ReloadReport report = known.reload(dryRun);
        if (!dryRun) {
            history.add(Instant.now(), report);
        }
        return report;
    }
}
