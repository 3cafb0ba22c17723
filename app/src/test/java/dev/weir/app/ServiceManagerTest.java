package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.sys.SyscallException;
import dev.weir.sys.UnixDatagram;
import dev.weir.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a service manager is told, at its own socket. */
@Timeout(120)
class ServiceManagerTest {
    private static final String OFTEN = "20000";
    private static final int NOT_SOON_MILLIS = 200;

    @TempDir
    private Path directory;

    private static String next(UnixDatagram manager) throws SyscallException {
        UnixDatagram.Received received = manager.receive((int) Await.PATIENCE.toMillis());
        return received == null ? "" : new String(received.octets(), StandardCharsets.UTF_8);
    }

    @Test
    void signsOfLifeGoOnAsLongAsThereIsLife() throws SyscallException {
        String socket = directory.resolve("notify").toString();
        try (UnixDatagram manager = UnixDatagram.bind(socket)) {
            ServiceManager weir = new ServiceManager(socket, OFTEN, null);
            AtomicBoolean alive = new AtomicBoolean(true);
            weir.ready();
            weir.watch(alive::get);
            assertThat(next(manager)).isEqualTo("READY=1");
            for (int i = 0; i < 3; i++) {
                assertThat(next(manager)).isEqualTo("WATCHDOG=1");
            }
            alive.set(false);
            // One may have been on its way.
            Await.until("silence", Await.PATIENCE, () -> {
                try {
                    return manager.receive(NOT_SOON_MILLIS) == null;
                } catch (SyscallException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    /** systemd compares the time with that of its own look at the process: it must be of the same clock. */
    @Test
    void aReloadHasABeginningAndAnEnd() throws SyscallException {
        String socket = directory.resolve("notify").toString();
        try (UnixDatagram manager = UnixDatagram.bind(socket)) {
            ServiceManager weir = new ServiceManager(socket, null, null);
            long before = System.nanoTime() / 1_000;
            weir.reloading();
            weir.ready();
            String[] lines = next(manager).split("\n", -1);
            assertThat(lines).hasSize(2);
            assertThat(lines[0]).isEqualTo("RELOADING=1");
            assertThat(lines[1]).startsWith("MONOTONIC_USEC=");
            assertThat(Long.parseLong(lines[1].substring("MONOTONIC_USEC=".length())))
                    .isBetween(before, System.nanoTime() / 1_000);
            assertThat(next(manager)).isEqualTo("READY=1");
        }
    }

    @Test
    void nobodyIsToldWhoDoesNotWait() throws SyscallException {
        String socket = directory.resolve("notify").toString();
        try (UnixDatagram manager = UnixDatagram.bind(socket)) {
            new ServiceManager(socket, null, null).watch(() -> true);
            new ServiceManager(socket, "much", null).watch(() -> true);
            new ServiceManager(socket, OFTEN, "1").watch(() -> true);
            ServiceManager.none().watch(() -> true);
            assertThat(manager.receive(NOT_SOON_MILLIS)).isNull();
            new ServiceManager(
                            socket, OFTEN, Long.toString(ProcessHandle.current().pid()))
                    .watch(() -> true);
            assertThat(next(manager)).isEqualTo("WATCHDOG=1");
        }
    }
}
