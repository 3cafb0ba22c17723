package dev.weir.gate.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.link.BpfLink;
import dev.weir.ebpf.link.NetlinkXdp;
import dev.weir.ebpf.link.Xdp;
import dev.weir.ebpf.link.XdpMode;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.MapType;
import dev.weir.ebpf.prog.Program;
import dev.weir.ebpf.prog.ProgramSpec;
import dev.weir.ebpf.prog.ProgramType;
import dev.weir.engine.kernel.KernelException;
import dev.weir.gate.GuardOptions;
import dev.weir.gate.guard.AttachRequest.Strangers;
import dev.weir.gate.table.GuardCounter;
import dev.weir.gate.table.Table;
import dev.weir.sys.Bpf;
import dev.weir.sys.NetlinkRoute;
import dev.weir.testkit.Await;
import dev.weir.testkit.KernelSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guards on devices, and what is pinned of them. */
class GuardTest {
    private static final Bpf KERNEL = Bpf.kernel();

    /** What a test does with a guard for the device {@code a}. */
    @FunctionalInterface
    private interface Body {
        void run(Guard guard, GuardPins pins) throws Exception;
    }

    private static void withVeth(Body body) throws Exception {
        KernelSandbox.run(sandbox -> {
            sandbox.veth();
            GuardPins pins = new GuardPins(sandbox.bpffs().resolve("dns"));
            Guard guard = new Guard(KERNEL, pins);
            body.run(guard, pins);
            for (String device : pins.devices()) {
                guard.detach(device);
            }
            boolean stays = Files.isDirectory(pins.directory()) && !Files.isSymbolicLink(pins.mark());
            guard.purge();
            // Nothing is left, not even directories, but the one that somebody else made.
            assertThat(Files.isDirectory(pins.directory())).isEqualTo(stays);
            Files.deleteIfExists(pins.directory());
        });
    }

    private static AttachRequest request(AttachMode mode, boolean replace) {
        return new AttachRequest(mode, AskedOptions.NONE, Map.of(), replace ? Strangers.GO : Strangers.STAY);
    }

    private static int programOn(String device) throws IOException {
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            return netlink.networkInterface(device).orElseThrow().xdpProgramId();
        }
    }

    private static List<String> pinned(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** An XDP program of someone else: {@code return XDP_PASS}. */
    private static Program stranger() throws IOException {
        byte[] pass = {(byte) 0xb7, 0, 0, 0, 2, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0};
        return Program.load(new ProgramSpec("stranger", ProgramType.XDP, "GPL", pass));
    }

    /** A datagram to port 53 of nobody, which the guard of the other end counts. */
    private static void runOnce(GuardPins pins) throws IOException {
        try (Program program = Program.openPinned(KERNEL, pins.program("a"))) {
            program.testRun(new byte[64]);
        }
    }

    private static long seen(GuardPins pins) throws IOException {
        return GuardStatus.read(KERNEL, pins).getFirst().counters().getOrDefault(GuardCounter.SEEN, -1L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NATIVE", "GENERIC", "AUTO"})
    void everythingIsPinnedAndFound(String mode) throws Exception {
        withVeth((guard, pins) -> {
            Attached attached = guard.attach("a", request(AttachMode.valueOf(mode), false));
            // There is nothing on the other end.
            assertThat(attached.mode()).isEqualTo(mode.equals("NATIVE") ? XdpMode.NATIVE : XdpMode.GENERIC);
            assertThat(attached.replacedId()).isZero();
            assertThat(attached.notes()).hasSize(mode.equals("GENERIC") ? 0 : 1);
            assertThat(attached.programId()).isEqualTo(programOn("a")).isPositive();
            assertThat(pinned(pins.guard("a"))).containsExactly("link", "options", "prog", "stats");
            assertThat(Table.values())
                    .allSatisfy(table -> assertThat(pins.table(table)).exists());
            runOnce(pins);
            assertThat(GuardStatus.read(KERNEL, pins)).singleElement().satisfies(status -> {
                assertThat(status.device()).isEqualTo("a");
                assertThat(status.mode()).isEqualTo(attached.mode());
                assertThat(status.programId()).isEqualTo(attached.programId());
                assertThat(status.counters().get(GuardCounter.SEEN)).isPositive();
            });
            assertThat(guard.detach("a").programId()).isEqualTo(attached.programId());
            assertThat(programOn("a")).isZero();
            assertThat(pins.guards()).doesNotExist();
            assertThat(pins.table(Table.QNAMES)).exists();
            assertThatThrownBy(() -> guard.detach("a")).hasMessageContaining("no guard of a is pinned");
        });
    }

    /** The link stays the same one, so the device never is without a program; the counters go on. */
    @Test
    void aNewVersionReplacesTheOldOneInPlace() throws Exception {
        withVeth((guard, pins) -> {
            Attached old = guard.attach("a", AttachRequest.DEFAULT);
            int link = linkId(pins);
            runOnce(pins);
            long seen = seen(pins);
            Attached now = guard.attach("a", AttachRequest.DEFAULT);
            assertThat(now.replacedId()).isEqualTo(old.programId());
            assertThat(now.programId()).isEqualTo(programOn("a")).isNotEqualTo(old.programId());
            assertThat(linkId(pins)).isEqualTo(link);
            assertThat(seen).isPositive();
            runOnce(pins);
            assertThat(seen(pins)).isGreaterThan(seen);
            assertThat(pinned(pins.guard("a"))).containsExactly("link", "options", "prog", "stats");
        });
    }

    private static int linkId(GuardPins pins) throws IOException {
        try (BpfLink link = BpfLink.openPinned(KERNEL, pins.guard("a").resolve("link"))) {
            return link.info().id();
        }
    }

    @Test
    void twoDevicesShareTablesAndCountApart() throws Exception {
        withVeth((guard, pins) -> {
            guard.attach("a", AttachRequest.DEFAULT);
            int table = id(pins.table(Table.QNAMES));
            guard.attach("b", AttachRequest.DEFAULT);
            assertThat(id(pins.table(Table.QNAMES))).isEqualTo(table);
            assertThat(id(pins.stats("a"))).isNotEqualTo(id(pins.stats("b")));
            assertThat(pins.devices()).containsExactly("a", "b");
            assertThatThrownBy(guard::purge).hasMessageContaining("in use by the guards of a, b");
        });
    }

    private static int id(Path map) throws IOException {
        try (BpfMap open = BpfMap.openPinned(KERNEL, map)) {
            return open.info().id();
        }
    }

    @Test
    void theModeOfAGuardIsNotChangedBehindItsBack() throws Exception {
        withVeth((guard, pins) -> {
            int program = guard.attach("a", request(AttachMode.GENERIC, false)).programId();
            assertThatThrownBy(() -> guard.attach("a", request(AttachMode.NATIVE, false)))
                    .hasMessageContaining("is in generic mode")
                    .hasMessageContaining("weir xdp detach -i a first");
            assertThat(programOn("a")).isEqualTo(program);
            assertThat(pinned(pins.guard("a"))).containsExactly("link", "options", "prog", "stats");
            assertThat(guard.attach("a", AttachRequest.DEFAULT).mode()).isEqualTo(XdpMode.GENERIC);
        });
    }

    @Test
    void aStrangerStaysUnlessToldOtherwise() throws Exception {
        withVeth((guard, pins) -> {
            try (Program program = stranger();
                    NetlinkRoute netlink = new NetlinkRoute()) {
                int index = netlink.networkInterface("a").orElseThrow().index();
                int id = program.info().id();
                try (BpfLink link = Xdp.link(KERNEL, program, index, XdpMode.NATIVE)) {
                    refusedBy(guard, pins, id);
                    Attached attached = guard.attach("a", request(AttachMode.AUTO, true));
                    assertThat(attached.notes()).contains("took program \"stranger\" (id " + id + ") off a");
                    assertThat(programOn("a")).isEqualTo(attached.programId());
                    assertThat(link.info().interfaceIndex()).isZero();
                }
                guard.detach("a");
                try (NetlinkXdp attachment = NetlinkXdp.attach(program, index, XdpMode.GENERIC)) {
                    refusedBy(guard, pins, id);
                    assertThat(guard.attach("a", request(AttachMode.NATIVE, true))
                                    .programId())
                            .isEqualTo(programOn("a"));
                    guard.detach("a");
                }
            }
        });
    }

    private static void refusedBy(Guard guard, GuardPins pins, int id) throws IOException {
        assertThatThrownBy(() -> guard.attach("a", AttachRequest.DEFAULT))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("program \"stranger\" (id " + id + ")")
                .hasMessageContaining("--replace");
        assertThat(programOn("a")).isEqualTo(id);
        assertThat(pins.guards()).doesNotExist();
    }

    /** Killed before the program ran: its pins mean nothing. Killed after: they are what runs, under another name. */
    @Test
    void whatAKilledProcessLeftIsCompleted() throws Exception {
        withVeth((guard, pins) -> {
            Attached first = guard.attach("a", AttachRequest.DEFAULT);
            try (Program never = stranger()) {
                never.pin(pins.nextProgram("a"));
            }
            assertThat(GuardStatus.read(KERNEL, pins).getFirst().programId()).isEqualTo(first.programId());
            assertThat(guard.attach("a", AttachRequest.DEFAULT).replacedId()).isEqualTo(first.programId());

            Files.move(pins.program("a"), pins.nextProgram("a"));
            Files.move(pins.stats("a"), pins.nextStats("a"));
            assertThat(seen(pins)).isNotNegative();
            int stats = id(pins.nextStats("a"));
            guard.attach("a", AttachRequest.DEFAULT);
            assertThat(pinned(pins.guard("a"))).containsExactly("link", "options", "prog", "stats");
            assertThat(id(pins.stats("a"))).as("counters went on").isEqualTo(stats);
        });
    }

    @Test
    void aDeviceThatCameAgainIsGuardedAgain() throws Exception {
        withVeth((guard, pins) -> {
            guard.attach("a", AttachRequest.DEFAULT);
            KernelSandbox.command("ip", "link", "del", "dev", "a");
            assertThat(GuardStatus.read(KERNEL, pins).getFirst().mode()).isNull();
            try (NetlinkRoute netlink = new NetlinkRoute()) {
                netlink.createVeth("a", "b");
            }
            Attached attached = guard.attach("a", AttachRequest.DEFAULT);
            assertThat(attached.replacedId()).isZero();
            assertThat(programOn("a")).isEqualTo(attached.programId());
        });
    }

    @Test
    void theDirectoryOfTheOperatorStays() throws Exception {
        withVeth((guard, pins) -> {
            Files.createDirectories(pins.directory());
            guard.attach("a", AttachRequest.DEFAULT);
            guard.detach("a");
            guard.purge();
            assertThat(pinned(pins.directory())).isEmpty();
        });
        withVeth((guard, pins) -> {
            guard.attach("a", AttachRequest.DEFAULT);
            guard.detach("a");
            guard.purge();
            assertThat(pins.directory()).doesNotExist();
            // For the check at the end.
            guard.attach("a", AttachRequest.DEFAULT);
        });
    }

    /** Answers of a native program that leave one end of a cable arrive only if the other end has a native program, too. */
    @Test
    void onACableTheOtherEndDecides() throws Exception {
        withVeth((guard, pins) -> {
            Attached first = guard.attach("a", AttachRequest.DEFAULT);
            assertThat(first.mode()).isEqualTo(XdpMode.GENERIC);
            assertThat(first.notes())
                    .singleElement()
                    .asString()
                    .startsWith("the other end of a, b, has no native XDP program, so answers of a native guard would")
                    .contains("generic mode");
            Attached forced = guard.attach("b", request(AttachMode.NATIVE, false));
            assertThat(forced.mode()).isEqualTo(XdpMode.NATIVE);
            assertThat(forced.notes())
                    .singleElement()
                    .asString()
                    .startsWith("the other end of b, a, has no native XDP program, so answers of the guard are lost");
            guard.detach("a");
            Attached heard = guard.attach("a", AttachRequest.DEFAULT);
            assertThat(heard.mode()).isEqualTo(XdpMode.NATIVE);
            assertThat(heard.notes()).isEmpty();
        });
    }

    private static boolean isApart(long pid) {
        try {
            Path own = Path.of("/proc/thread-self/ns/net");
            return !Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net")).equals(Files.readSymbolicLink(own));
        } catch (IOException e) {
            return false;
        }
    }

    /** The same where the other end is in another network namespace, as a container's is. */
    @Test
    void theOtherEndIsSeenInItsNamespace() throws Exception {
        withVeth((guard, pins) -> {
            Process far = new ProcessBuilder("unshare", "-n", "sleep", "60").start();
            try {
                Await.until("a namespace of its own", Await.PATIENCE, () -> isApart(far.pid()));
                KernelSandbox.command("ip", "link", "set", "dev", "b", "netns", String.valueOf(far.pid()));
                Attached attached = guard.attach("a", AttachRequest.DEFAULT);
                assertThat(attached.mode()).isEqualTo(XdpMode.GENERIC);
                assertThat(attached.notes()).singleElement().asString().startsWith("the other end of a, b, has no");
            } finally {
                far.destroyForcibly().waitFor();
                far.getInputStream().close();
                far.getErrorStream().close();
                far.getOutputStream().close();
            }
        });
    }

    /** A guard that is replaced is told again what it was told, unless something else is asked. */
    @Test
    void optionsAreRemembered() throws Exception {
        withVeth((guard, pins) -> {
            AskedOptions asked = new AskedOptions(
                    List.of(
                            o -> o.withPorts(Set.of(53, 5353)),
                            o -> o.withPassUnanswerable(true),
                            o -> o.withAnyIs255(true)),
                    false);
            guard.attach("a", new AttachRequest(AttachMode.AUTO, asked, Map.of(), Strangers.STAY));
            GuardOptions told = GuardOptions.DEFAULT
                    .withPorts(Set.of(53, 5353))
                    .withPassUnanswerable(true)
                    .withAnyIs255(true);
            assertThat(GuardStatus.read(KERNEL, pins).getFirst().options()).isEqualTo(told);
            guard.attach("a", AttachRequest.DEFAULT);
            assertThat(GuardStatus.read(KERNEL, pins).getFirst().options()).isEqualTo(told);
            AskedOptions less = new AskedOptions(List.of(o -> o.withPassUnanswerable(false)), false);
            guard.attach("a", new AttachRequest(AttachMode.AUTO, less, Map.of(), Strangers.STAY));
            assertThat(GuardStatus.read(KERNEL, pins).getFirst().options())
                    .isEqualTo(GuardOptions.DEFAULT
                            .withPorts(Set.of(53, 5353))
                            .withPassUnanswerable(false)
                            .withAnyIs255(true));
            AskedOptions fresh = new AskedOptions(List.of(), true);
            guard.attach("a", new AttachRequest(AttachMode.AUTO, fresh, Map.of(), Strangers.STAY));
            assertThat(GuardStatus.read(KERNEL, pins).getFirst().options()).isEqualTo(GuardOptions.DEFAULT);
            // As an older version left it.
            Files.delete(pins.options("a"));
            assertThat(GuardStatus.read(KERNEL, pins).getFirst().options()).isNull();
            guard.attach("a", AttachRequest.DEFAULT);
        });
        GuardOptions odd = new GuardOptions(Set.of(1, 65_535), true, false, true, 7);
        assertThat(GuardOptions.parse(odd.text())).isEqualTo(odd);
        assertThat(GuardOptions.parse("ports=x more")).isEqualTo(GuardOptions.DEFAULT);
    }

    @Test
    void tablesThatAreThereKeepTheirSize() throws Exception {
        withVeth((guard, pins) -> {
            Files.createDirectories(pins.directory());
            try (BpfMap made = BpfMap.create(new MapSpec("addr_v4", MapType.HASH, 4, 16, 7))) {
                made.pin(pins.table(Table.ADDR_V4));
            }
            guard.attach(
                    "a",
                    new AttachRequest(
                            AttachMode.AUTO,
                            AskedOptions.NONE,
                            Map.of(Table.ADDR_V4, 100, Table.QNAMES, 100, Table.SUFFIXES, 100),
                            Strangers.STAY));
            assertThat(new GuardTables(KERNEL, pins).sizes())
                    .extracting(GuardTables.Size::name, GuardTables.Size::max)
                    .contains(
                            org.assertj.core.groups.Tuple.tuple("addr-v4", 7L),
                            org.assertj.core.groups.Tuple.tuple("qnames", 100L),
                            org.assertj.core.groups.Tuple.tuple("weir-suffixes", 100L));
        });
    }

    @Test
    void tablesThatDoNotFitAreListedWithEveryDifference() throws Exception {
        withVeth((guard, pins) -> {
            Files.createDirectories(pins.directory());
            try (BpfMap keys = BpfMap.create(new MapSpec("x", MapType.ARRAY, 4, 8, 7));
                    BpfMap names = BpfMap.create(new MapSpec("y", MapType.HASH, 255, 16, 7))) {
                keys.pin(pins.table(Table.ADDR_V4));
                names.pin(pins.table(Table.QNAMES));
            }
            assertThatThrownBy(() -> guard.attach("a", AttachRequest.DEFAULT))
                    .hasMessageContaining("addr-v4: the type is array, wanted hash")
                    .hasMessageContaining("addr-v4: values have 8 bytes, wanted 16")
                    .hasMessageContaining("qnames: keys have 255 bytes, wanted 258");
            assertThat(pinned(pins.directory())).containsExactly("addr-v4", "qnames");
            assertThat(programOn("a")).isZero();
        });
    }

    @Test
    void interfacesThatAreNotThereAreAnsweredWithThoseThatAre() throws Exception {
        withVeth((guard, pins) -> assertThatThrownBy(() -> guard.attach("eth7", AttachRequest.DEFAULT))
                .hasMessageStartingWith("there is no interface eth7; there are ")
                .hasMessageContainingAll("a", "b", "lo"));
    }

    @Test
    void pinsNeedABpfFileSystem() throws Exception {
        KernelSandbox.run(sandbox -> {
            sandbox.veth();
            Path elsewhere = Files.createTempDirectory("weir-pins");
            assertThatThrownBy(() -> new Guard(KERNEL, new GuardPins(elsewhere.resolve("dns")))
                            .attach("a", AttachRequest.DEFAULT))
                    .hasMessageContaining("no BPF file system")
                    .hasMessageEndingWith("mount -t bpf bpf " + elsewhere.resolve("dns"));
            Files.delete(elsewhere);
        });
    }

    /** Names of devices may have dots, names of pins may not. */
    @Test
    void vlanDevicesHavePinsToo() {
        GuardPins pins = new GuardPins(Path.of("/sys/fs/bpf/dnsdist"));
        assertThat(pins.guard("eth0.100")).isEqualTo(Path.of("/sys/fs/bpf/dnsdist/weir/eth0:100"));
    }
}
