package dev.weir.testkit;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A running {@link TestSubject} with its configuration, listeners and console, alone in a temporary directory.
 *
 * <p>The configuration handed in is put after a preamble that listens on a free loopback port (UDP and TCP), opens a
 * console on another and switches off the lookup of security advisories (tests talk to loopback only).
 */
public final class DnsProcess implements AutoCloseable {
    /** Any 32 bytes; the console of a test is reachable from loopback only. */
    public static final String CONSOLE_KEY = "d2Vpci10ZXN0LWtleS0wMTIzNDU2Nzg5YWJjZGVmISE=";

    private final TestSubject subject;
    private final TempDirectory directory;
    private final Path config;
    private final int port;
    private final ChildProcess process;

    private DnsProcess(TestSubject subject, TempDirectory directory, Path config, int port, ChildProcess process) {
        this.subject = subject;
        this.directory = directory;
        this.config = config;
        this.port = port;
        this.process = process;
    }

    /** Starts the current subject with {@code body} and waits until both its listeners are there. */
    public static DnsProcess start(String body) {
        return start("", body);
    }

    /**
     * The same with a table of options for its listening address.
     *
     * @param listenOptions a Lua table such as {@code {reusePort=true}}, or empty
     */
    public static DnsProcess start(String listenOptions, String body) {
        int port = LoopbackPorts.free();
        DnsProcess started = launch(port, preamble(port, listenOptions) + body);
        started.awaitListening();
        return started;
    }

    /** The same with a configuration in YAML, which has everything but {@code binds}, {@code console} and {@code security_polling}. */
    public static DnsProcess startYaml(String body) {
        int port = LoopbackPorts.free();
        TempDirectory directory = TempDirectory.create("weir-subject");
        DnsProcess started =
                launch(List.of(), port, directory, directory.write("subject.yml", yamlPreamble(port) + body));
        started.awaitListening();
        return started;
    }

    /** The same with at most so many open files (RLIMIT_NOFILE, soft and hard). */
    public static DnsProcess startWithOpenFiles(int most, String body) {
        int port = LoopbackPorts.free();
        DnsProcess started = launch(List.of("prlimit", "--nofile=" + most), port, preamble(port, "") + body);
        started.awaitListening();
        return started;
    }

    /** Starts the current subject with exactly {@code config}, which listens on {@code port}; does not wait. */
    public static DnsProcess launch(int port, String config, String... moreArguments) {
        return launch(List.of(), port, config, moreArguments);
    }

    private static DnsProcess launch(List<String> before, int port, String config, String... moreArguments) {
        TempDirectory directory = TempDirectory.create("weir-subject");
        Path file = directory.write("subject.conf", config);
        return launch(before, port, directory, file, moreArguments);
    }

    /** Starts the same configuration file once more, as after a crash. Close it before this one, which owns the file. */
    public DnsProcess again() {
        return launch(List.of(), port, TempDirectory.create("weir-subject"), config);
    }

    private static DnsProcess launch(
            List<String> before, int port, TempDirectory directory, Path file, String... moreArguments) {
        TestSubject subject = TestSubject.current();
        List<String> arguments = new ArrayList<>(List.of("-C", file.toString(), "--supervised", "--disable-syslog"));
        arguments.addAll(Arrays.asList(moreArguments));
        List<String> command = new ArrayList<>(before);
        command.addAll(subject.command(arguments.toArray(String[]::new)));
        ChildProcess process = ChildProcess.start(directory.path(), command);
        return new DnsProcess(subject, directory, file, port, process);
    }

    /** The Lua lines every started configuration begins with. */
    public static String preamble(int port, String listenOptions) {
        String options = listenOptions.isEmpty() ? "" : ", " + listenOptions;
        return "addLocal(\"127.0.0.1:%d\"%s)\n".formatted(port, options)
                + "controlSocket(\"127.0.0.1:%d\")\n".formatted(LoopbackPorts.free())
                + "setKey(\"%s\")\n".formatted(CONSOLE_KEY)
                + "setSecurityPollSuffix(\"\")\n";
    }

    private static String yamlPreamble(int port) {
        return """
                binds:
                  - listen_address: 127.0.0.1:%d
                console:
                  listen_address: 127.0.0.1:%d
                  key: %s
                security_polling:
                  suffix: ""
                """.formatted(port, LoopbackPorts.free(), CONSOLE_KEY);
    }

    /** Waits until UDP and TCP listeners are there, without a packet sent to either. */
    public void awaitListening() {
        boolean listening = Await.reached(
                Await.PATIENCE,
                () -> !process.isAlive() || (LoopbackPorts.tcpListening(port) && LoopbackPorts.udpBound(port)));
        if (!listening || !process.isAlive()) {
            String output = process.output();
            close();
            throw new AssertionError(subject + " does not listen on " + port + "; output:\n" + output);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return LoopbackPorts.address(port);
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** The process itself. */
    public ChildProcess process() {
        return process;
    }

    /** Its working directory. */
    public Path directory() {
        return directory.path();
    }

    /** Its configuration file. */
    public Path config() {
        return config;
    }

    /** What {@code command} prints on its console, without the final line end. */
    public String console(String command) {
        return ConsoleConnection.address(config)
                .map(console -> ConsoleConnection.ask(console, CONSOLE_KEY, command))
                .orElseGet(() -> consoleClient(command))
                .stripTrailing();
    }

    /** The same through the program's own client, {@code -e}, which reads the configuration as well. */
    public String consoleClient(String command) {
        ChildProcess.Outcome outcome = consoleOutcome(command);
        if (outcome.status() != 0) {
            throw new AssertionError("console: " + command + ": status " + outcome.status() + "\n" + outcome.output());
        }
        return outcome.stdout().stripTrailing();
    }

    /** Runs {@code command} on its console through {@code -e}. */
    public ChildProcess.Outcome consoleOutcome(String command) {
        return ChildProcess.run(
                directory.path(), subject.command("-C", config.toString(), "-e", command), "", Await.PATIENCE);
    }

    /** All counters of {@code dumpStats()} by name. */
    public Map<String, Double> counters() {
        Map<String, Double> counters = new HashMap<>();
        for (String line : console("dumpStats()").split("\n", -1)) {
            String[] fields = line.strip().split("\\s+", -1);
            for (int i = 0; i + 1 < fields.length; i += 2) {
                counters.put(fields[i], Double.valueOf(fields[i + 1]));
            }
        }
        return counters;
    }

    /** One counter of {@code dumpStats()}. */
    public long counter(String name) {
        Double value = counters().get(name);
        if (value == null) {
            throw new AssertionError("no counter " + name);
        }
        return value.longValue();
    }

    /** A UDP client of it; the caller closes it. */
    public UdpClient udp() {
        return UdpClient.to(address());
    }

    /** A TCP connection to it; the caller closes it. */
    public TcpClient tcp() {
        return TcpClient.to(address());
    }

    @Override
    public void close() {
        process.close();
        directory.close();
    }
}
