package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TempDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Does a real browser show the guard of an interface? The browser lives outside of the namespaces in which the interface is: it comes in over a
 * socket in the file system.
 */
@NewerThanDebian("has no program in front of it")
@Timeout(180)
class GuardOnDashboardTest {
    /** From a port of the loopback to a socket in the file system. */
    private static final String RELAY = """
            import socket, sys, threading
            def pump(a, b):
                try:
                    while data := a.recv(65536):
                        b.sendall(data)
                except OSError:
                    pass
                for each in (a, b):
                    try:
                        each.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass
            server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            while True:
                client, _ = server.accept()
                inside = socket.socket(socket.AF_UNIX)
                try:
                    inside.connect(sys.argv[2])
                except OSError:
                    client.close()
                    continue
                for a, b in ((client, inside), (inside, client)):
                    threading.Thread(target=pump, args=(a, b), daemon=True).start()
            """;

    private static final String FIRST_ROW = "document.querySelector('#guards tbody tr')?.textContent";

    private static String config(Wire wire, Path socket) {
        return Wire.ANSWERS_ALL + """
                webserver('%s')
                setWebserverConfig({password='pw'})
                setDefaultBPFFilter(newBPFFilter({external=true, ipv4MaxItems=1024, ipv4PinnedPath='%s/addr-v4'}))
                """.formatted(socket, wire.pins());
    }

    @Test
    void eachInterfaceIsShownWithItsFigures() throws Exception {
        assumeTrue(Browser.isInstalled(), "no chromium: apt-get install chromium");
        int port = LoopbackPorts.free();
        try (TempDirectory directory = TempDirectory.create("weir-guarded");
                ExecutorService outside = Executors.newSingleThreadExecutor()) {
            Path socket = directory.path().resolve("web.sock");
            List<String> relaying = List.of("python3", "-c", RELAY, String.valueOf(port), socket.toString());
            try (ChildProcess relay = ChildProcess.start(directory.path(), relaying);
                    Browser browser =
                            outside.submit((Callable<Browser>) Browser::new).get()) {
                Await.until("a relay", Await.PATIENCE, () -> LoopbackPorts.tcpListening(port));
                browser.password("any", "pw");
                KernelSandbox.run(sandbox -> {
                    try (Wire wire = new Wire(sandbox)) {
                        wire.done("attach", "-i", "a");
                        wire.done("block", "dropped.example");
                        wire.serve(config(wire, socket));
                        Await.until("the web server listens", Await.PATIENCE, () -> Files.exists(socket));
                        assertThat(wire.dig("dropped.example.", "A")).contains("no servers could be reached");
                        // Threads that are started while a thread of the sandbox asks would live in there.
                        outside.submit(() -> {
                                    browser.open("http://127.0.0.1:" + port + "/");
                                    browser.await("the guard", FIRST_ROW + "?.startsWith('anative')");
                                    browser.await("what it dropped", FIRST_ROW + ".endsWith('1')");
                                })
                                .get();
                        wire.done("detach", "-i", "a");
                        outside.submit(() -> browser.await("it has gone", "document.getElementById('guarded').hidden"))
                                .get();
                    }
                });
                assertThat(browser.complaints).noneMatch(each -> each.contains("exceptionThrown"));
                assertThat(relay.isAlive()).isTrue();
            }
        }
    }
}
