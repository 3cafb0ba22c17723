package dev.weir.app;

import dev.weir.engine.log.Log;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UnixDatagram;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Tells the service manager how far Weir is: one datagram to the socket that {@code NOTIFY_SOCKET} names.
 *
 * @see <a href="https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html">sd_notify(3)</a>
 */
final class ServiceManager {
    private final @Nullable String socket;

    /** @param socket the value of {@code NOTIFY_SOCKET}, null or empty when no manager waits */
    ServiceManager(@Nullable String socket) {
        this.socket = socket == null || socket.isEmpty() ? null : socket;
    }

    /** Whether a service manager started this process. */
    boolean present() {
        return socket != null;
    }

    void ready() {
        tell("READY=1");
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
            Log.warning("Unable to notify the service manager", "setup", "path", socket, "error", e.getMessage());
        }
    }
}
