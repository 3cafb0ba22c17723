package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.app.xdp.XdpTool;
import dev.weir.gate.filter.PacketFilters;
import dev.weir.sys.Bpf;
import dev.weir.sys.Fd;
import dev.weir.sys.Namespace;
import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.ConsoleConnection;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestSubject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A cable between two network namespaces: servers and {@code weir xdp} at end {@code a}, clients at end {@code b}. */
final class Wire implements AutoCloseable {
    static final String SERVER = "198.18.0.1";
    static final String CLIENT = "198.18.0.2";

    /** Where a server listens that all may ask. */
    static final String LISTENS = "setLocal('" + SERVER + ":53')\nsetACL('0.0.0.0/0')\n";

    /** The configuration of a server that answers everything with 192.0.2.1 and 2001:db8::1. */
    static final String ANSWERS_ALL = LISTENS + "addAction(AllRule(), SpoofAction({'192.0.2.1', '2001:db8::1'}))\n";

    private static final Duration LIMIT = Await.PATIENCE;

    private final Path pins;
    private final TempDirectory directory = TempDirectory.create("weir-xdp");
    private final List<ChildProcess> children = new ArrayList<>();
    private final ChildProcess far;

    Wire(KernelSandbox sandbox) throws Exception {
        pins = sandbox.bpffs().resolve("dns");
        sandbox.veth();
        far = start(List.of("unshare", "-n", "sleep", "3600"));
        Await.until("a namespace of its own", LIMIT, this::isApart);
        KernelSandbox.command("ip", "link", "set", "dev", "b", "netns", String.valueOf(far.pid()));
        KernelSandbox.command("ip", "addr", "add", SERVER + "/16", "dev", "a");
        inFar("ip", "addr", "add", CLIENT + "/16", "dev", "b");
        inFar("ip", "link", "set", "dev", "b", "up");
        // Replies by XDP_TX arrive at b only if b polls, which a program there makes it do.
        ChildProcess.Outcome attached = farXdp("attach", "-i", "b", "--mode", "native");
        assertThat(attached.status()).as(attached.output()).isZero();
    }

    private boolean isApart() {
        try {
            Path own = Path.of("/proc/thread-self/ns/net");
            return !Files.readSymbolicLink(Path.of("/proc/" + far.pid() + "/ns/net"))
                    .equals(Files.readSymbolicLink(own));
        } catch (IOException e) {
            return false;
        }
    }

    /** Where the guard's things are pinned. */
    Path pins() {
        return pins;
    }

    /** For files of the test. */
    Path directory() {
        return directory.path();
    }

    /** Gives the far end one more address. */
    void addClient(String address) {
        ChildProcess.Outcome outcome = inFar("ip", "addr", "add", address + "/16", "dev", "b");
        assertThat(outcome.status()).as(outcome.output()).isZero();
    }

    /** Starts the subject, and waits until it has said that it listens. */
    ChildProcess serve(String config) {
        return serve("server.conf", config);
    }

    /** The same with another file; the console is that of {@code server.conf}. */
    ChildProcess serve(String fileName, String config) {
        Path file = directory.write(fileName, config);
        ChildProcess server =
                start(TestSubject.current().command("-C", file.toString(), "--supervised", "--disable-syslog"));
        Await.until("the server listens", LIMIT, () -> server.output().contains("Listening on") || !server.isAlive());
        assertThat(server.isAlive()).as(server.output()).isTrue();
        return server;
    }

    /** Runs a line on the console of {@link #serve}'s process. */
    String console(String line) {
        return ConsoleConnection.address(directory.path().resolve("server.conf"))
                .map(console -> ConsoleConnection.ask(console, DnsProcess.CONSOLE_KEY, line))
                .orElseThrow();
    }

    /** Starts a program beside the server; it ends with this object. */
    ChildProcess start(List<String> command) {
        ChildProcess child = ChildProcess.start(directory.path(), command);
        children.add(child);
        return child;
    }

    ChildProcess.Outcome run(List<String> command) {
        return ChildProcess.run(directory.path(), command, "", LIMIT);
    }

    private List<String> far(String... words) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=/proc/" + far.pid() + "/ns/net"));
        command.addAll(List.of(words));
        return command;
    }

    /** Runs a program at the far end. */
    ChildProcess.Outcome inFar(String... words) {
        return run(far(words));
    }

    /** Starts a program at the far end; it ends with this object. */
    ChildProcess startFar(String... words) {
        return start(far(words));
    }

    private static String[] words(Path pins, String... words) {
        List<String> all = new ArrayList<>(List.of("xdp"));
        all.addAll(List.of(words));
        all.addAll(List.of("--maps", pins.toString()));
        return all.toArray(String[]::new);
    }

    private static List<String> weir(String... words) {
        List<String> command = new ArrayList<>(
                List.of(TestSubject.repositoryRoot().resolve("weir").toString()));
        command.addAll(List.of(words));
        return command;
    }

    /** The same for {@code b}, on a thread that moves to the far end for it. */
    private ChildProcess.Outcome farXdp(String... words) throws IOException {
        CompletableFuture<ChildProcess.Outcome> outcome = new CompletableFuture<>();
        Thread mover = Thread.ofPlatform().start(() -> {
            try (Fd there = Namespace.open(Path.of("/proc/" + far.pid() + "/ns/net"))) {
                Namespace.enter(there, Namespace.NETWORK);
                outcome.complete(tool(pins.resolveSibling("far"), words));
            } catch (Throwable e) {
                outcome.completeExceptionally(e);
            }
        });
        try {
            mover.join();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return outcome.join();
    }

    /** Runs {@code weir xdp} beside the server. */
    ChildProcess.Outcome xdp(String... words) {
        return run(weir(words(pins, words)));
    }

    ChildProcess startXdp(String... words) {
        return start(weir(words(pins, words)));
    }

    /** Runs {@code weir xdp}, which must succeed. */
    String done(String... words) {
        ChildProcess.Outcome outcome = xdp(words);
        assertThat(outcome.status())
                .as("%s: %s", List.of(words), outcome.output())
                .isZero();
        return outcome.stdout();
    }

    /** Asks without waiting for an answer; whoever is interested in one looks at the output. */
    ChildProcess startDig(String name, String type) {
        return startFar("dig", "+tries=1", "+time=1", "+nocookie", "@" + SERVER, name, type);
    }

    /** Asks once, for a second at most. */
    String dig(String name, String type, String... more) {
        List<String> command =
                new ArrayList<>(List.of("dig", "+tries=1", "+time=1", "+nocookie", "@" + SERVER, name, type));
        command.addAll(List.of(more));
        return inFar(command.toArray(String[]::new)).output();
    }

    /** What {@code weir xdp} prints with {@code --json}, read without a process for it. */
    private String read(String... words) {
        String[] asked = Arrays.copyOf(words, words.length + 1);
        asked[words.length] = "--json";
        ChildProcess.Outcome outcome = tool(pins, asked);
        assertThat(outcome.status())
                .as("%s: %s", List.of(words), outcome.output())
                .isZero();
        return outcome.stdout();
    }

    /** {@code weir xdp} in this process. */
    private static ChildProcess.Outcome tool(Path pins, String... words) {
        long startNanos = System.nanoTime();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--maps", pins.toString()));
        int status = new XdpTool(
                        Bpf.kernel(),
                        new PacketFilters(),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        steps -> {})
                .run(all.toArray(String[]::new));
        return new ChildProcess.Outcome(
                status,
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8),
                Duration.ofNanos(System.nanoTime() - startNanos));
    }

    long counter(String name) {
        return number(read("status", "-i", "a"), name);
    }

    /** The hits of an entry of {@code weir xdp ls --json}; -1 if there is none. */
    long hits(String subject) {
        return read("ls")
                .lines()
                .filter(line -> line.contains("\"subject\":\"" + subject + "\""))
                .mapToLong(line -> number(line, "hits"))
                .findFirst()
                .orElse(-1);
    }

    private static long number(String json, String name) {
        Matcher number = Pattern.compile("\"" + name + "\":(\\d+)").matcher(json);
        assertThat(number.find()).as(json).isTrue();
        return Long.parseLong(number.group(1));
    }

    @Override
    public void close() throws IOException {
        // Where nothing is attached, or a test has purged, there is nothing to do.
        tool(pins, "detach", "--all", "--purge");
        // One that the test made, or dnsdist, is left where it is.
        Files.deleteIfExists(pins);
        farXdp("detach", "--all", "--purge");
        children.reversed().forEach(ChildProcess::close);
        directory.close();
    }
}
