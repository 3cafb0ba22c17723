package dev.weir.app.xdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.gate.filter.PacketFilters;
import dev.weir.gate.guard.GuardPins;
import dev.weir.gate.guard.GuardTables;
import dev.weir.gate.table.Table;
import dev.weir.sys.Bpf;
import dev.weir.sys.DirectoryLock;
import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.SyscallException;
import dev.weir.testkit.Await;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.TestSubject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each command with {@code --json} in each state: on standard output stands what {@code docs/xdp.schema.json} says, or nothing. */
class JsonOutputTest {
    /** They end by themselves only with these. */
    private static final Set<Command> STREAMS = Set.of(Command.TOP, Command.WATCH);

    private static final List<String> READING = List.of(
            "status", "status -i a", "ls", "ls addresses", "ls limits", "top --once --interval 0.1", "load /dev/null");

    private static final List<String> WRITING = List.of(
            "block 192.0.2.1 --for 1h",
            "block 2001:db8::1 --action truncate",
            "block 192.0.2.0/24 --for 10m --action refused",
            "block \u00fc.example --type AAAA",
            "block example.com --suffix --action nxdomain --for 1d",
            "limit 203.0.113.0/24 1000 --burst 2000 --slip 10",
            "limit 2001:db8::/32 100 --per /64");

    private static final List<String> REMOVING = List.of(
            "unblock 192.0.2.1",
            "unblock 2001:db8::1",
            "unblock 192.0.2.0/24",
            "unblock \u00fc.example --type AAAA",
            "unblock example.com --suffix",
            "unlimit 203.0.113.0/24",
            "unlimit 2001:db8::/32");

    private final JsonSchema schema =
            JsonSchema.read(TestSubject.repositoryRoot().resolve("docs/xdp.schema.json"));
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    JsonOutputTest() throws Exception {}

    /** Runs a command and looks at its output; returns its exit status. */
    private int check(KernelSandbox sandbox, String line) {
        List<String> words = new ArrayList<>(Arrays.asList(line.split(" ")));
        words.addAll(List.of("--json", "--maps", sandbox.bpffs().resolve("dns").toString()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int status = new XdpTool(
                        Bpf.kernel(),
                        new PacketFilters(),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        steps -> {})
                .run(words.toArray(String[]::new));
        String text = out.toString(StandardCharsets.UTF_8);
        Command command = Command.valueOf(words.getFirst().toUpperCase(java.util.Locale.ROOT));
        List<String> documents =
                STREAMS.contains(command) ? text.lines().toList() : text.isEmpty() ? List.of() : List.of(text);
        assertThat(documents.isEmpty() && status == 0).as(line).isFalse();
        for (String document : documents) {
            assertThat(schema.faults(command.toString(), JsonText.parse(document)))
                    .as("%s: %s", line, document)
                    .isEmpty();
        }
        return status;
    }

    private void each(KernelSandbox sandbox, int status, List<String> lines) {
        for (String line : lines) {
            assertThat(check(sandbox, line)).as("%s: %s", line, err).isEqualTo(status);
        }
    }

    /** What {@code watch} prints of a packet, which the guard is shown. */
    private void watch(KernelSandbox sandbox) throws Exception {
        Path program = new GuardPins(sandbox.bpffs().resolve("dns")).guard("a").resolve("prog");
        Thread packets = Thread.ofPlatform().start(() -> {
            try (var guard = dev.weir.ebpf.prog.Program.openPinned(Bpf.kernel(), program)) {
                while (!Thread.currentThread().isInterrupted()) {
                    guard.testRun(QUERY);
                    Thread.onSpinWait();
                }
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThat(check(sandbox, "watch -n 3")).isZero();
        packets.interrupt();
        packets.join();
    }

    /** Of 192.0.2.1 for example.com, A. */
    private static final byte[] QUERY = java.util.HexFormat.of()
            .parseHex("020000000002020000000001" + "0800" + "45000039000000004011" + "0000" + "c0000201" + "c6120001"
                    + "300000350025" + "0000" + "000101000001000000000000" + "076578616d706c6503636f6d00" + "00010001");

    @Test
    void eachCommandHasAShape() {
        for (Command command : Command.values()) {
            assertThat(schema.has(command.toString())).as(command.toString()).isTrue();
        }
    }

    @Test
    void theReaderIsStrict() {
        for (String broken :
                List.of("", "{", "[1,", "{\"a\":1}x", "{\"a\":1,\"a\":2}", "nul", "01", "[1 2]", "\"\n\"")) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> JsonText.parse(broken)))
                    .as(broken)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(schema.faults("removal", JsonText.parse("{\"kind\":\"x\",\"type\":1,\"more\":null}")))
                .hasSize(5);
    }

    @Test
    void nothingIsGuarded() throws Exception {
        KernelSandbox.run(sandbox -> {
            assertThat(check(sandbox, "status")).isZero();
            each(
                    sandbox,
                    1,
                    List.of(
                            "status -i a",
                            "ls",
                            "top --once",
                            "watch -n 1",
                            "detach -i a",
                            "attach -i a",
                            "load /dev/null",
                            "save /dev/null"));
            assertThat(check(sandbox, "detach --all --purge")).isZero();
            each(sandbox, 1, WRITING);
            each(sandbox, 1, REMOVING);
            each(sandbox, 2, List.of("block", "attach", "ls x", "detach"));
        });
    }

    @Test
    void emptyAndFilled(@TempDir Path directory) throws Exception {
        Path saved = directory.resolve("saved");
        KernelSandbox.run(sandbox -> {
            sandbox.veth();
            each(sandbox, 0, List.of("attach -i a b --mode native", "attach -i a --mode native"));
            // The second fails, the first is told.
            assertThat(check(sandbox, "attach -i a nowhere")).isEqualTo(1);
            each(sandbox, 0, READING);
            each(sandbox, 1, REMOVING);
            each(sandbox, 0, WRITING);
            each(sandbox, 0, READING);
            assertThat(check(sandbox, "block 2001:db8::1")).isEqualTo(1);
            watch(sandbox);
            each(sandbox, 0, READING);
            each(sandbox, 0, List.of("save " + saved));
            assertThat(Files.readAllLines(saved)).hasSize(WRITING.size());
            each(sandbox, 0, REMOVING);
            each(sandbox, 0, List.of("load " + saved, "load " + saved));
            each(sandbox, 2, List.of("save -"));
            Files.writeString(saved, "limit x 1\n");
            assertThat(check(sandbox, "load " + saved)).isEqualTo(1);
            each(sandbox, 0, REMOVING);
            each(sandbox, 0, List.of("detach -i b", "detach --all", "detach --all --purge"));
        });
    }

    @Test
    void aDaemonIsThereAndHoldsTheLock() throws Exception {
        KernelSandbox.run(sandbox -> {
            sandbox.veth();
            Path directory = sandbox.bpffs().resolve("dns");
            assertThat(check(sandbox, "attach -i a")).isZero();
            try (KernelFilter daemon =
                            new PacketFilters().open(GuardTables.filterSpec(Bpf.kernel(), new GuardPins(directory)));
                    DirectoryLock lock = DirectoryLock.open(directory)) {
                each(sandbox, 0, WRITING);
                assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("Going on without the lock");
                assertThat(lock.tryLock()).isTrue();
                each(sandbox, 0, READING);
                each(sandbox, 0, REMOVING);
                assertThat(err.toString(StandardCharsets.UTF_8)).contains("Going on without the lock");
                assertThat(daemon.entries()).isEmpty();
            }
            assertThat(check(sandbox, "detach --all --purge")).isZero();
        });
    }

    /** What two want bears names and reasons; what only others want is not the operator's to lift. */
    @Test
    void aDaemonWantsTheSame() throws Exception {
        KernelSandbox.run(sandbox -> {
            sandbox.veth();
            Path directory = sandbox.bpffs().resolve("dns");
            assertThat(check(sandbox, "attach -i a")).isZero();
            try (KernelFilter daemon = PacketFilters.ofDaemon(Bpf.kernel(), System::nanoTime, "daemon one")
                    .open(GuardTables.filterSpec(Bpf.kernel(), new GuardPins(directory)))) {
                long end = System.nanoTime() + 3_600_000_000_000L;
                daemon.block(
                        IpAddress.parse("192.0.2.1"), new KernelFilter.Term(MatchAction.DROP, end, "too \"many\""));
                each(sandbox, 0, List.of("block 192.0.2.1 --action truncate --reason abuse", "ls", "status"));
                each(sandbox, 0, List.of("unblock 192.0.2.1", "ls"));
                assertThat(daemon.entries()).hasSize(1);
                each(sandbox, 1, List.of("unblock 192.0.2.1"));
                assertThat(err.toString(StandardCharsets.UTF_8))
                        .contains("192.0.2.1 is not the operator's but wanted by daemon one (too \"many\")");
                each(sandbox, 0, List.of("unblock 192.0.2.1 --whoever", "ls"));
                assertThat(daemon.entries()).isEmpty();
            }
            assertThat(check(sandbox, "detach --all --purge")).isZero();
        });
    }

    @Test
    void pinsAreMissing() throws Exception {
        KernelSandbox.run(sandbox -> {
            sandbox.veth();
            GuardPins pins = new GuardPins(sandbox.bpffs().resolve("dns"));
            assertThat(check(sandbox, "attach -i a")).isZero();
            Files.delete(pins.table(Table.ADDR_V4));
            each(sandbox, 1, List.of("block 192.0.2.1", "unblock 192.0.2.1"));
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains("block: there is no table for 192.0.2.1: " + pins.table(Table.ADDR_V4)
                            + " is missing; weir xdp attach makes it");
            for (Table table : List.of(Table.QNAMES, Table.RATES4, Table.EVENTS, Table.SETTINGS)) {
                Files.delete(pins.table(table));
                each(sandbox, 0, READING);
            }
            Files.delete(pins.guard("a").resolve("stats"));
            each(sandbox, 0, READING);
            Files.delete(pins.guard("a").resolve("link"));
            each(sandbox, 0, READING);
            // The kernel takes the program off a while after its pin has gone.
            Await.until("a has no program", Await.PATIENCE, JsonOutputTest::isBare);
            each(sandbox, 0, List.of("attach -i a", "status", "detach --all --purge"));
        });
    }

    private static boolean isBare() {
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            return netlink.networkInterface("a").orElseThrow().xdpProgramId() == 0;
        } catch (SyscallException e) {
            throw new UncheckedIOException(e);
        }
    }
}
