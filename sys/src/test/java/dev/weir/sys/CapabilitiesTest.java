package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    @Test
    void areThoseOfProc() throws Exception {
        assertThat(inThread(() -> {
                    String effective = Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                            .filter(line -> line.startsWith("CapEff:"))
                            .findFirst()
                            .orElseThrow();
                    assertThat(Capabilities.ofThread().effective())
                            .isEqualTo(Long.parseUnsignedLong(
                                    effective.substring(7).strip(), 16));
                    return Capabilities.ofThread();
                }))
                .isEqualTo(Capabilities.ofThread());
    }

    @Test
    void droppingThemConcernsTheCallingThreadOnly() throws Exception {
        Capabilities before = Capabilities.ofThread();
        assertThat(inThread(() -> {
                    Capabilities.NONE.apply();
                    return Capabilities.ofThread();
                }))
                .isEqualTo(Capabilities.NONE);
        assertThat(Capabilities.ofThread()).isEqualTo(before);
    }

    @Test
    void lowPortWithoutTheCapabilityTellsWhatIsMissing() throws Exception {
        // Sysctl files answer the first read only, so that Files.readString, which begins with one byte, would see one
        // digit.
        String first = Files.readAllLines(Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start"))
                .getFirst();
        String message = inThread(() -> {
            Capabilities.ofThread()
                    .withoutEffective(Capabilities.CAP_NET_BIND_SERVICE)
                    .apply();
            assertThat(Capabilities.ofThread().has(Capabilities.CAP_NET_BIND_SERVICE))
                    .isFalse();
            try (UdpSocket socket = UdpSocket.open(4)) {
                socket.bind(Loopback.at(Loopback.V4, 1));
                return "bound";
            } catch (SyscallException e) {
                return e.getMessage();
            }
        });
        // Containers often lower the first unprivileged port to 0, and then no capability is asked for.
        assertThat(message)
                .isEqualTo(
                        Integer.parseInt(first) <= 1
                                ? "bound"
                                : "bind(127.0.0.1:1): EACCES: permission denied (port 1 needs CAP_NET_BIND_SERVICE)");
    }

    @Test
    void takingMoreThanPermittedSaysSo() throws Exception {
        inThread(() -> {
            Capabilities.NONE.apply();
            assertThatExceptionOfType(SyscallException.class)
                    .isThrownBy(() -> new Capabilities(1, 1, 0).apply())
                    .withMessage("capset: EPERM: operation not permitted");
            return true;
        });
    }

    private static <T> T inThread(Callable<T> body) throws Exception {
        FutureTask<T> task = new FutureTask<>(body);
        Thread.ofPlatform().start(task);
        return task.get();
    }
}
