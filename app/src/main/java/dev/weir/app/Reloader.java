package dev.weir.app;

import dev.weir.config.Configuration;
import dev.weir.config.change.Change;
import dev.weir.config.change.Difference;
import dev.weir.config.change.ReloadReport;
import dev.weir.config.change.ReloadReport.Outcome;
import dev.weir.config.change.Reloading;
import dev.weir.config.change.SettingDifference;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogSettings;
import dev.weir.engine.model.Model;
import dev.weir.export.Carbon;
import dev.weir.net.StreamAsker;
import dev.weir.net.health.HealthChecker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads the configuration again while the service runs. All that can fail is done beside the one that runs, in a world of Lua of its own: reading
 * it, checking backends that are new, binding listeners that are new. Then it takes the other one's place in one step.
 *
 * <p>One at a time; whoever comes meanwhile waits, and reads what the file says then.
 */
final class Reloader implements Reloading {
    private final ConfigurationReader reader;
    private final Model model;
    private final Running running;
    private final Listeners listeners;
    private final StreamAsker streams;
    private final Web web;
    private final Carbon carbon;
    private final ReentrantLock turn = new ReentrantLock(true);
    private volatile Runnable beginning = () -> {};
    private volatile Runnable ending = () -> {};

    /** Reads the configuration that the process was started with. */
    interface ConfigurationReader {
        /**
         * Makes of a model and a configuration what the file and the command line say.
         *
         * @throws StartException with file and line of the first error
         */
        LuaScript read(Model staged, Configuration configuration) throws StartException;

        /** What the command line says of the log, over these. */
        LogSettings logging(LogSettings base);

        /** Whether the command line wants debug lines, whatever the file says. */
        boolean verbose();
    }

    Reloader(
            ConfigurationReader reader,
            Model model,
            Running running,
            Listeners listeners,
            StreamAsker streams,
            Web web,
            Carbon carbon) {
        this.reader = reader;
        this.model = model;
        this.running = running;
        this.listeners = listeners;
        this.streams = streams;
        this.web = web;
        this.carbon = carbon;
    }

    /** Whom to tell that it begins and that it has ended, whatever its end. */
    void tell(Runnable newBeginning, Runnable newEnding) {
        beginning = newBeginning;
        ending = newEnding;
    }

    @Override
    public ReloadReport reload(boolean dryRun) {
        turn.lock();
        try {
            if (dryRun) {
                return look();
            }
            beginning.run();
            try {
                return logged(attempt());
            } finally {
                ending.run();
            }
        } finally {
            turn.unlock();
        }
    }

    private static ReloadReport logged(ReloadReport report) {
        if (report.succeeded()) {
            report.notes()
                    .forEach(
                            note -> Log.warning("A part of the new configuration is not done", "reload", "note", note));
            Log.notice(
                    "Configuration reloaded",
                    "reload",
                    "changes",
                    report.changes().size());
        } else {
            Log.error("The configuration is not reloaded, the running one goes on", "reload", "error", report.error());
        }
        return report;
    }

    /** What has been read, beside what runs. */
    private record Draft(Model model, Configuration configuration, LuaScript script) {
        Difference.Side side() {
            return new Difference.Side(model, configuration, WeirService.wanted(configuration));
        }

        void drop() {
            model.abandon();
            script.leave();
        }
    }

    private Draft read() throws StartException {
        Model staged = model.staged();
        Configuration configuration = new Configuration();
        try {
            return new Draft(staged, configuration, reader.read(staged, configuration));
        } catch (Throwable e) {
            staged.abandon();
            throw e;
        }
    }

    private Difference.Side runningSide() {
        return new Difference.Side(model, running.configuration(), listeners.specs());
    }

    private ReloadReport look() {
        running.looking(true);
        try {
            Draft draft = read();
            try {
                return report(Outcome.DRY_RUN, draft);
            } finally {
                draft.drop();
            }
        } catch (StartException e) {
            return ReloadReport.failed(e.words());
        } catch (Throwable e) {
            return ReloadReport.failed(OneLine.of(e));
        } finally {
            running.looking(false);
        }
    }

    private ReloadReport report(Outcome outcome, Draft draft) {
        List<Change> changes = Difference.between(runningSide(), draft.side());
        List<String> notes = new ArrayList<>(draft.script.complaints());
        notes.addAll(SettingDifference.afterARestart(runningSide(), draft.side()));
        return new ReloadReport(outcome, "", changes, notes);
    }

    private ReloadReport attempt() {
        Draft draft;
        try {
            draft = read();
        } catch (StartException e) {
            return ReloadReport.failed(e.words());
        } catch (Throwable e) {
            return ReloadReport.failed(OneLine.of(e));
        }
        try {
            ReloadReport report = report(Outcome.RELOADED, draft);
            check(draft.model.newBackends(), draft.model);
            Listeners.Exchange exchange = listeners.prepare(draft.side().listeners(), draft.configuration);
            List<String> notes = new ArrayList<>(report.notes());
            Configuration before = running.configuration();
            try {
                become(draft);
            } catch (Throwable e) {
                exchange.giveUp();
                throw e;
            }
            finish(notes, () -> exchange.commit(draft.configuration, notes));
            finish(notes, () -> web.follow(before.webAddresses, draft.configuration.webAddresses, notes));
            return new ReloadReport(Outcome.RELOADED, "", report.changes(), notes);
        } catch (Throwable e) {
            if (draft.model.isStaged()) {
                draft.drop();
            }
            return ReloadReport.failed(OneLine.of(e));
        }
    }

    /** The new configuration runs already: what fails is told, and changes that no more. */
    private static void finish(List<String> notes, Runnable work) {
        try {
            work.run();
        } catch (Throwable e) {
            notes.add(OneLine.of(e));
        }
    }

    /** Servers that are new get no query before it is known whether they work. */
    private void check(List<Backend> fresh, Model staged) throws IOException {
        if (!fresh.isEmpty()) {
            try (HealthChecker checker = new HealthChecker(staged, streams)) {
                checker.runInitial(fresh);
            }
        }
    }

    private void become(Draft draft) {
        Configuration before = running.configuration();
        Script script = running.script();
        KernelFilter filter = model.filters().standard();
        Log.settings(reader.logging(LogSettings.DEFAULT));
        model.replaceBy(draft.model);
        if (reader.verbose()) {
            Log.verbose(true);
        }
        running.become(draft.configuration, draft.script);
        listeners.filterBy(filter, model.filters().standard());
        script.leave();
        if (!before.verboseLogDestination.equals(draft.configuration.verboseLogDestination)
                || before.syslogFacility != draft.configuration.syslogFacility) {
            LogTargets.follow(draft.configuration);
        }
        before.carbonServers.stream()
                .filter(spec -> !draft.configuration.carbonServers.contains(spec))
                .forEach(carbon::endTo);
        draft.configuration.carbonServers.forEach(carbon::sendTo);
    }
}
