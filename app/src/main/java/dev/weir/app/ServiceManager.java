package dev.weir.app;

import dev.weir.engine.log.Log;
import dev.weir.engine.task.FaultGuard;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UnixDatagram;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the service manager how far Weir is, and again and again that it is alive if that is wanted: datagrams to the socket that
 * {@code NOTIFY_SOCKET} names.
 *
 * @see <a href="https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html">sd_notify(3)</a>
 */
final class ServiceManager {
    private static final FaultGuard WATCHDOG = new FaultGuard("Error in the watchdog", "setup");

    private final @Nullable String socket;

    /** How long the manager waits for a sign of life; 0: it does not. */
    private final long watchdogMicros;

    /**
     * @param socket the value of {@code NOTIFY_SOCKET}, null or empty when no manager waits
     * @param watchdog the value of {@code WATCHDOG_USEC}, null where none is wanted
     * @param watchdogPid the value of {@code WATCHDOG_PID}: of whom it is wanted; null for this process
     */
    ServiceManager(@Nullable String socket, @Nullable String watchdog, @Nullable String watchdogPid) {
        this.socket = socket == null || socket.isEmpty() ? null : socket;
        boolean ours = watchdogPid == null
                || watchdogPid.equals(Long.toString(ProcessHandle.current().pid()));
        this.watchdogMicros = ours ? micros(watchdog) : 0;
    }

    /** What the environment says of a manager. */
    static ServiceManager ofEnvironment() {
        return new ServiceManager(
                System.getenv("NOTIFY_SOCKET"), System.getenv("WATCHDOG_USEC"), System.getenv("WATCHDOG_PID"));
    }

    /** Nobody waits. */
    static ServiceManager none() {
        return new ServiceManager(null, null, null);
    }

    private static long micros(@Nullable String text) {
        try {
            return text == null ? 0 : Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Says so twice in the time that the manager waits, as long as {@code alive} does; then the manager starts the service anew. */
    void watch(BooleanSupplier alive) {
        if (socket == null || watchdogMicros == 0) {
            return;
        }
        Thread.ofPlatform()
                .daemon()
                .name("watchdog")
                .start(() -> WATCHDOG.repeat(() -> true, () -> {
                    if (alive.getAsBoolean()) {
                        tell("WATCHDOG=1");
                    }
                    TimeUnit.MICROSECONDS.sleep(watchdogMicros / 2);
                }));
    }

    /** Whether a service manager started this process. */
    boolean present() {
        return socket != null;
    }

    void ready() {
        tell("READY=1");
    }

    /**
     * It reads its configuration again, until {@link #ready}. The manager goes by the clock that the line has, which is that of {@link
     * System#nanoTime}.
     */
    void reloading() {
        tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1_000);
    }

    void stopping() {
        tell("STOPPING=1");
    }

    private void tell(String state) {
        if (socket == null) {
            return;
        }
        try (UnixDatagram datagram = UnixDatagram.connect(socket)) {
            datagram.send(state.getBytes(StandardCharsets.UTF_8));
        } catch (SyscallException e) {
            Log.warning("Unable to notify the service manager", "setup", "path", socket, "error", e);
        }
    }
}
