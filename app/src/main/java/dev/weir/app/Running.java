package dev.weir.app;

import dev.weir.config.Configuration;
import dev.weir.config.change.ReloadReport;
import dev.weir.config.change.Reloading;
import org.jspecify.annotations.Nullable;

/** The configuration that runs, for those who outlive it: each asks when it needs it and keeps nothing. Any thread. */
final class Running implements Reloading {
    private volatile Configuration configuration;
    private volatile Script script;
    private volatile @Nullable Reloading reloading;
    private volatile boolean looking;

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
        return known == null ? ReloadReport.failed("the start is not over yet") : known.reload(dryRun);
    }
}
