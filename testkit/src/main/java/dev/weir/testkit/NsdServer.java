package dev.weir.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Debian's nsd serving one zone from a temporary directory on a loopback port; needs the package {@code nsd}. */
public final class NsdServer implements AutoCloseable {

    private final TempDirectory directory;
    private final int port;
    private ChildProcess process;

    private NsdServer(TempDirectory directory, int port, ChildProcess process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /** {@link TestZone}, signed (which needs {@code ldnsutils}). */
    public static NsdServer withSignedTestZone() {
        TempDirectory directory = TempDirectory.create("weir-nsd");
        directory.write("zone", TestZone.masterFile());
        sign(directory);
        return start(directory, TestZone.NAME, "zone.signed", LoopbackPorts.free());
    }

    /** A zone from its master file text. */
    public static NsdServer withZone(String name, String masterFile) {
        TempDirectory directory = TempDirectory.create("weir-nsd");
        directory.write("zone", masterFile);
        return start(directory, name, "zone", LoopbackPorts.free());
    }

    private static void sign(TempDirectory directory) {
        Path at = directory.path();
        command(at, "ldns-keygen", "-a", "ECDSAP256SHA256", "-r", "/dev/urandom", TestZone.NAME);
        String key = fileWithSuffix(at, ".private").replace(".private", "");
        command(at, "ldns-signzone", "-f", "zone.signed", "zone", key);
    }

    private static void command(Path directory, String... command) {
        ChildProcess.Outcome outcome = ChildProcess.run(directory, List.of(command), "", Await.PATIENCE);
        if (outcome.status() != 0) {
            throw new AssertionError(command[0] + ": " + outcome.output());
        }
    }

    private static String fileWithSuffix(Path directory, String suffix) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no *" + suffix + " in " + directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NsdServer start(TempDirectory directory, String zone, String zoneFile, int port) {
        // Debian's nsd limits the response rate unless told otherwise.
        directory.write("nsd.conf", """
                server:
                  ip-address: 127.0.0.1@%1$d
                  server-count: 1
                  username: ""
                  chroot: ""
                  zonesdir: "%2$s"
                  pidfile: "%2$s/nsd.pid"
                  xfrdfile: "%2$s/xfrd.state"
                  zonelistfile: "%2$s/zone.list"
                  database: ""
                  rrl-ratelimit: 0
                  ipv4-edns-size: 4096
                  tcp-count: 200
                remote-control:
                  control-enable: no
                zone:
                  name: "%3$s"
                  zonefile: "%4$s"
                  provide-xfr: 127.0.0.1 NOKEY
                """.formatted(port, directory.path(), zone, zoneFile));
        return new NsdServer(directory, port, spawn(directory, port));
    }

    private static ChildProcess spawn(TempDirectory directory, int port) {
        ChildProcess process = ChildProcess.start(
                directory.path(),
                List.of(
                        "/usr/sbin/nsd",
                        "-d",
                        "-c",
                        directory.path().resolve("nsd.conf").toString()));
        DnsQuery probe = DnsQuery.of("version.bind.", DnsMessage.TXT).withClass(3);
        try (UdpClient client = UdpClient.to(LoopbackPorts.address(port))) {
            Await.until(
                    "nsd answers; output: " + process.output(),
                    Await.PATIENCE,
                    () -> answers(client, probe) || !process.isAlive());
        }
        if (!process.isAlive()) {
            throw new AssertionError("nsd ended: " + process.output());
        }
        return process;
    }

    static boolean answers(UdpClient client, DnsQuery probe) {
        try {
            return client.tryExchange(probe.packet(), Duration.ofMillis(50)).isPresent();
        } catch (UncheckedIOException refused) {
            // ICMP port unreachable: not listening yet.
            return false;
        }
    }

    /** The port. */
    public int port() {
        return port;
    }

    /** {@code 127.0.0.1:port}, as configurations name it. */
    public String hostPort() {
        return "127.0.0.1:" + port;
    }

    /** SIGKILL, as a crash. */
    public void kill() {
        process.kill();
    }

    /** Starts it again after {@link #kill}, on the same port. */
    public void restart() {
        process = spawn(directory, port);
    }

    @Override
    public void close() {
        process.close();
        directory.close();
    }
}
