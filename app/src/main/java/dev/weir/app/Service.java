package dev.weir.app;

import dev.weir.config.LinuxCapability;
import dev.weir.config.change.ReloadReport;
import dev.weir.engine.model.Engine;
import dev.weir.web.console.ConsoleEvaluator;
import dev.weir.web.console.ConsoleSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A loaded configuration that can be brought to life: what {@link Daemon} asks of the other rooms, in the order in which it
 * asks. Until {@link #listen} nothing has touched the network.
 */
interface Service {
    /**
     * Checks each backend once and decides its state at once; returns when all have answered or timed out.
     *
     * @throws IOException if not even that is possible, for want of descriptors; {@link #stop} is called next
     */
    void checkBackends() throws IOException;

    /**
     * Binds all listeners, answers queries from then on, and runs {@code maintenance()} each second.
     *
     * @throws IOException if an address cannot be bound; {@link #stop} is called next
     */
    void listen() throws IOException;

    /** Where {@code controlSocket} wants the console; null for no console. */
    @Nullable InetSocketAddress consoleAddress();

    /** Whether start fails when the console cannot be bound ({@code setConsoleBindFatal}). */
    boolean consoleBindFatal();

    /** The capabilities that Weir keeps when it has started; all others go. */
    Set<LinuxCapability> retainedCapabilities();

    /** The console's settings as they are now. */
    ConsoleSettings consoleSettings();

    /** What a console line means. */
    ConsoleEvaluator console();

    /** What TAB completes behind what has been typed of a line: words that may stand in place of the one that was begun. */
    List<String> completions(String typed);

    /** Whether what has to be done each second is done: the machine may be slow, not stuck. */
    boolean alive();

    /** Reads the configuration again; returns when that has taken the place of the one that runs, or is known not to. Any thread. */
    ReloadReport reload(boolean dryRun);

    /** Whom to tell when the configuration begins to be read again and when that has ended. */
    void onReload(Runnable beginning, Runnable ending);

    /** What counts the queries. */
    Engine engine();

    /** Everything is open and privileges are dropped; called once, when the start has succeeded. */
    default void ready() {}

    /**
     * Runs the exit callbacks and closes listeners and backends. Called once, also after {@link #listen} failed. The process
     * ends within a second, whether this has returned or not.
     */
    void stop();
}
