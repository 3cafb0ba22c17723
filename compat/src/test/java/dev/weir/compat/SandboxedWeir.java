package dev.weir.compat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.ConsoleConnection;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestSubject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The subject in the network of the calling thread, listening on {@code 127.0.0.1:5300} unless its configuration says otherwise. */
final class SandboxedWeir implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final TempDirectory directory = TempDirectory.create("weir-sandboxed");
    private final Path config;
    private final ChildProcess process;

    SandboxedWeir(String configuration) {
        config = directory.write("server.conf", """
                setLocal('127.0.0.1:5300')
                setKey('%s')
                controlSocket('127.0.0.1:5301')
                setSecurityPollSuffix('')
                """.formatted(DnsProcess.CONSOLE_KEY) + configuration);
        process = ChildProcess.start(
                directory.path(),
                TestSubject.current().command("-C", config.toString(), "--supervised", "--disable-syslog"));
    }

    /** Waits until it says that it listens. */
    SandboxedWeir listening() {
        Await.until("it listens or ends", LIMIT, () -> process.output().contains("istening on ") || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError(process.output());
        }
        return this;
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", 5300);
    }

    ChildProcess process() {
        return process;
    }

    String console(String line) {
        return ConsoleConnection.address(config)
                .map(console -> ConsoleConnection.ask(console, DnsProcess.CONSOLE_KEY, line))
                .orElseThrow()
                .strip();
    }

    /** Runs a program beside it. */
    ChildProcess.Outcome run(String... command) {
        return ChildProcess.run(directory.path(), List.of(command), "", LIMIT);
    }

    /** How many sockets it has open. */
    long sockets() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return descriptors.filter(SandboxedWeir::isSocket).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    @Override
    public void close() {
        process.close();
        directory.close();
    }
}
