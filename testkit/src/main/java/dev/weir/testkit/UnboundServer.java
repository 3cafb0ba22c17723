package dev.weir.testkit;

import java.util.List;

/**
 * Debian's unbound on a loopback port, without validation; needs the package {@code unbound}. It sends from 127.0.0.1 only,
 * so a delegation to elsewhere leads nowhere.
 */
public final class UnboundServer implements AutoCloseable {

    private final TempDirectory directory;
    private final int port;
    private final ChildProcess process;

    private UnboundServer(TempDirectory directory, int port, ChildProcess process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /**
     * A resolver that takes {@code zone} from an authoritative server on this machine and knows nothing else.
     *
     * @param localData lines of local data, each as in a zone file
     */
    public static UnboundServer stubFor(String zone, int authoritativePort, String... localData) {
        int port = LoopbackPorts.free();
        TempDirectory directory = TempDirectory.create("weir-unbound");
        StringBuilder data = new StringBuilder();
        for (String line : localData) {
            data.append("  local-data: '").append(line).append("'\n");
        }
        directory.write("unbound.conf", """
                server:
                  interface: 127.0.0.1@%1$d
                  outgoing-interface: 127.0.0.1
                  username: ""
                  chroot: ""
                  directory: "%2$s"
                  pidfile: ""
                  use-syslog: no
                  do-daemonize: no
                  num-threads: 1
                  module-config: "iterator"
                  do-not-query-localhost: no
                  rrset-roundrobin: no
                  prefetch: no
                  local-zone: "test." nodefault
                %3$sremote-control:
                  control-enable: no
                stub-zone:
                  name: "%4$s"
                  stub-addr: 127.0.0.1@%5$d
                """.formatted(port, directory.path(), data, zone, authoritativePort));
        ChildProcess process = ChildProcess.start(
                directory.path(),
                List.of(
                        "/usr/sbin/unbound",
                        "-d",
                        "-c",
                        directory.path().resolve("unbound.conf").toString()));
        DnsQuery probe = DnsQuery.of("id.server.", DnsMessage.TXT).withClass(3);
        try (UdpClient client = UdpClient.to(LoopbackPorts.address(port))) {
            Await.until(
                    "unbound answers; output: " + process.output(),
                    Await.PATIENCE,
                    () -> NsdServer.answers(client, probe) || !process.isAlive());
        }
        if (!process.isAlive()) {
            throw new AssertionError("unbound ended: " + process.output());
        }
        return new UnboundServer(directory, port, process);
    }

    /** The port. */
    public int port() {
        return port;
    }

    /** {@code 127.0.0.1:port}, as configurations name it. */
    public String hostPort() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.close();
        directory.close();
    }
}
