package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessExitTest {
    @Test
    void endsAllThreadsWithItsStatusAndWithoutHooks() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Leaving.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).isEmpty();
        assertThat(process.exitValue()).isEqualTo(7);
    }

    /** Leaves while another thread waits in the kernel. */
    static final class Leaving {
        private Leaving() {}

        public static void main(String[] arguments) throws Exception {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("a hook")));
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            Thread.ofPlatform().start(() -> {
                try {
                    socket.accept().close();
                } catch (java.io.IOException e) {
                    System.out.println(e);
                }
            });
            ProcessExit.now(7);
        }
    }
}
