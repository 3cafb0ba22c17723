package dev.weir.gate.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.link.BpfLink;
import dev.weir.ebpf.link.NetlinkXdp;
import dev.weir.ebpf.link.Xdp;
import dev.weir.ebpf.link.XdpMode;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.prog.Program;
import dev.weir.ebpf.prog.ProgramSpec;
import dev.weir.ebpf.prog.ProgramType;
import dev.weir.ebpf.prog.SectionName;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.gate.GuardObject;
import dev.weir.gate.GuardOptions;
import dev.weir.gate.GuardSpec;
import dev.weir.gate.guard.AttachRequest.Strangers;
import dev.weir.gate.table.AddressKey;
import dev.weir.gate.table.Table;
import dev.weir.gate.table.Verdict;
import dev.weir.sys.Bpf;
import dev.weir.sys.InterfaceAddress;
import dev.weir.sys.NetlinkRoute;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.PacketBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A guard beside others: a program that was on its device before, and packets that are for somebody else. */
class ChainTest {
    private static final Bpf KERNEL = Bpf.kernel();
    private static final int XDP_DROP = 1;
    private static final int XDP_PASS = 2;
    /** A verdict that the guard never gives. */
    private static final byte FOLLOWED = 77;

    private static final AttachRequest CHAIN =
            new AttachRequest(AttachMode.AUTO, AskedOptions.NONE, Map.of(), Strangers.FOLLOW);

    /** {@code return FOLLOWED;} */
    private static Program stranger(boolean frags, boolean declared) throws IOException {
        byte[] code = {(byte) 0xb7, 0, 0, 0, FOLLOWED, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0};
        ProgramSpec spec = new ProgramSpec("stranger", ProgramType.XDP, "GPL", code);
        return Program.load(spec.withType(ProgramType.XDP, declared ? SectionName.ATTACH_XDP : 0)
                .withFrags(frags));
    }

    private static int verdict(GuardPins pins, String client, String server) throws IOException {
        byte[] frame = new PacketBuilder().addresses(client, server).payload().build();
        try (Program running = Program.openPinned(KERNEL, pins.program("a"))) {
            return running.testRun(frame).returned();
        }
    }

    private static int programOn(String device) throws IOException {
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            return netlink.networkInterface(device).orElseThrow().xdpProgramId();
        }
    }

    private static void takeOff(int device) throws IOException {
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            XdpMode mode = XdpMode.of(netlink.networkInterface("a").orElseThrow());
            netlink.detachXdp(device, mode == null ? 0 : mode.flag());
        }
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void whatPassesGoesToTheProgramThatWasThere(boolean frags, boolean declared) throws Exception {
        KernelSandbox.run(sandbox -> {
            int device = sandbox.veth()[0];
            GuardPins pins = new GuardPins(sandbox.bpffs().resolve("maps"));
            Guard guard = new Guard(KERNEL, pins);
            try (Program stranger = stranger(frags, declared);
                    BpfLink link = Xdp.link(KERNEL, stranger, device, XdpMode.NATIVE)) {
                int id = stranger.info().id();
                Attached attached = guard.attach("a", CHAIN);
                assertThat(attached.notes())
                        .containsExactly("program \"stranger\" (id " + id
                                + ") gets what passes the guard of a, and is on it again when the guard goes");
                assertThat(link.info().interfaceIndex()).as("its own link").isZero();
                assertThat(verdict(pins, "198.18.0.1", "198.18.0.53")).isEqualTo(FOLLOWED);
                assertThat(GuardStatus.read(KERNEL, pins))
                        .singleElement()
                        .extracting(GuardStatus::next)
                        .isEqualTo(new GuardStatus.Next(id, "stranger"));
                block(pins, "198.18.0.1");
                assertThat(verdict(pins, "198.18.0.1", "198.18.0.53")).isEqualTo(XDP_DROP);

                guard.attach("a", AttachRequest.DEFAULT);
                assertThat(verdict(pins, "198.18.0.2", "198.18.0.53"))
                        .as("a guard that replaces a guard")
                        .isEqualTo(FOLLOWED);

                Detached detached = guard.detach("a");
                assertThat(detached.notes()).containsExactly("program \"stranger\" is on a again");
                assertThat(programOn("a")).isEqualTo(id);
                assertThat(pins.guards()).doesNotExist();
                takeOff(device);
                guard.purge();
            }
        });
    }

    /** A guard must take frames as the program behind it does, and a veth looks at what its other end may send. */
    @Test
    void theEndIsNamedWhoseMtuIsTooLarge() throws Exception {
        KernelSandbox.run(sandbox -> {
            int device = sandbox.veth()[0];
            KernelSandbox.command("ip", "link", "set", "dev", "b", "mtu", "9000");
            GuardPins pins = new GuardPins(sandbox.bpffs().resolve("maps"));
            Guard guard = new Guard(KERNEL, pins);
            try (Program stranger = stranger(false, true);
                    BpfLink link = Xdp.link(KERNEL, stranger, device, XdpMode.GENERIC)) {
                assertThat(link.info().interfaceIndex()).isEqualTo(device);
                AttachRequest inNativeMode =
                        new AttachRequest(AttachMode.NATIVE, AskedOptions.NONE, Map.of(), Strangers.FOLLOW);
                assertThatThrownBy(() -> guard.attach("a", inNativeMode))
                        .hasMessageContaining("the other end of a, a veth, is b, whose MTU of 9000 is too large");
                assertThat(programOn("a"))
                        .as("the program that was there")
                        .isEqualTo(stranger.info().id());
                takeOff(device);
            }
            guard.purge();
        });
    }

    /** Killed when the stranger was off and the guard not yet there: the pin alone keeps its program, and doing the same again completes it. */
    @Test
    void aProcessThatDiedBetweenTheTwoLosesNobodysProgram() throws Exception {
        KernelSandbox.run(sandbox -> {
            int device = sandbox.veth()[0];
            GuardPins pins = new GuardPins(sandbox.bpffs().resolve("maps"));
            Guard guard = new Guard(KERNEL, pins);
            int id = died(pins);
            guard.attach("a", CHAIN);
            assertThat(verdict(pins, "198.18.0.1", "198.18.0.53")).isEqualTo(FOLLOWED);
            guard.detach("a");
            assertThat(programOn("a")).isEqualTo(id);
            takeOff(device);

            id = died(pins);
            assertThat(programOn("a")).isZero();
            assertThat(guard.detach("a").notes()).containsExactly("program \"stranger\" is on a again");
            assertThat(programOn("a")).isEqualTo(id);
            takeOff(device);

            died(pins);
            guard.attach("a", AttachRequest.DEFAULT);
            assertThat(verdict(pins, "198.18.0.1", "198.18.0.53"))
                    .as("without --chain")
                    .isEqualTo(XDP_PASS);
            assertThat(guard.detach("a").notes()).isEmpty();
            guard.purge();
            // Made by the test, as an operator would: not for Weir to take away.
            Files.delete(pins.directory());
        });
    }

    /** Leaves what such a process leaves; returns the id of the program, which nothing but its pin keeps. */
    private static int died(GuardPins pins) throws IOException {
        Files.createDirectories(pins.guard("a"));
        try (Program stranger = stranger(true, true)) {
            stranger.pin(pins.chained("a"));
            return stranger.info().id();
        }
    }

    @Test
    void aProgramThatStrangersAttachedByNetlinkFollowsToo() throws Exception {
        KernelSandbox.run(sandbox -> {
            int device = sandbox.veth()[0];
            GuardPins pins = new GuardPins(sandbox.bpffs().resolve("maps"));
            Guard guard = new Guard(KERNEL, pins);
            try (Program stranger = stranger(false, true);
                    NetlinkXdp attachment = NetlinkXdp.attach(stranger, device, XdpMode.GENERIC)) {
                guard.attach("a", CHAIN);
                assertThat(verdict(pins, "198.18.0.1", "198.18.0.53")).isEqualTo(FOLLOWED);
                guard.detach("a");
                assertThat(programOn("a")).isEqualTo(stranger.info().id());
                takeOff(device);
                guard.purge();
            }
        });
    }

    @Test
    void chainingWithoutAStrangerIsPlainAttaching() throws Exception {
        KernelSandbox.run(sandbox -> {
            sandbox.veth();
            GuardPins pins = new GuardPins(sandbox.bpffs().resolve("maps"));
            Guard guard = new Guard(KERNEL, pins);
            assertThat(guard.attach("a", CHAIN).programId()).isEqualTo(programOn("a"));
            assertThat(verdict(pins, "198.18.0.1", "198.18.0.53")).isEqualTo(XDP_PASS);
            assertThat(guard.detach("a").notes()).isEmpty();
            assertThatThrownBy(() -> guard.detach("a")).hasMessageContaining("no guard of a is pinned");
            guard.purge();
        });
    }

    private static void block(GuardPins pins, String client) throws IOException {
        try (BpfMap map = BpfMap.openPinned(KERNEL, pins.table(Table.ADDR_V4))) {
            map.typed(AddressKey.codec(4), Verdict.CODEC).put(IpAddress.parse(client), new Verdict(0, XDP_DROP));
        }
        awaitTick();
    }

    /** The first entry of an empty table is heeded from the next tick of the kernel's clock on. */
    private static void awaitTick() {
        long until = System.nanoTime() + 20_000_000;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    @Test
    void packetsToOthersPassWhereOnlyOwnOnesAreJudged() throws Exception {
        KernelSandbox.run(sandbox -> {
            GuardSpec spec = GuardSpec.DEFAULT
                    .withOptions(GuardOptions.DEFAULT.withOnlyLocal(true))
                    .withDevice(GuardSpec.Device.DEFAULT.withLocals(
                            List.of(Netmask.parse("198.18.0.53/32"), Netmask.parse("fd00::53/128"))));
            try (GuardObject guard = GuardObject.load(KERNEL, spec)) {
                for (int family : new int[] {4, 6}) {
                    guard.map(family == 4 ? Table.ADDR_V4 : Table.ADDR_V6)
                            .typed(AddressKey.codec(family), Verdict.CODEC)
                            .put(IpAddress.parse(family == 4 ? "198.18.0.1" : "fd00::1"), new Verdict(0, XDP_DROP));
                }
                assertThat(verdict(guard, "198.18.0.1", "198.18.0.53")).isEqualTo(XDP_DROP);
                assertThat(verdict(guard, "198.18.0.1", "198.18.0.54")).isEqualTo(XDP_PASS);
                assertThat(verdict(guard, "fd00::1", "fd00::53")).isEqualTo(XDP_DROP);
                assertThat(verdict(guard, "fd00::1", "fd00::54")).isEqualTo(XDP_PASS);
            }
        });
    }

    private static int verdict(GuardObject guard, String client, String server) throws IOException {
        return guard.program()
                .testRun(new PacketBuilder().addresses(client, server).payload().build())
                .returned();
    }

    /** The device's host has its addresses and broadcasts; what it only knows a way to is somebody else's. */
    @Test
    void aHostsOwnAddressesComeFromItsRoutingTable() throws Exception {
        KernelSandbox.run(sandbox -> {
            int device = sandbox.veth()[0];
            try (NetlinkRoute netlink = new NetlinkRoute()) {
                netlink.addAddress(new InterfaceAddress(device, InetAddress.getByName("198.18.0.53"), 24));
            }
            GuardPins pins = new GuardPins(sandbox.bpffs().resolve("maps"));
            Guard guard = new Guard(KERNEL, pins);
            AskedOptions local = new AskedOptions(List.of(o -> o.withOnlyLocal(true)), false);
            guard.attach("a", new AttachRequest(AttachMode.AUTO, local, Map.of(), Strangers.STAY));
            block(pins, "198.18.0.1");
            assertThat(verdict(pins, "198.18.0.1", "198.18.0.53")).isEqualTo(XDP_DROP);
            assertThat(verdict(pins, "198.18.0.1", "198.18.0.255"))
                    .as("broadcast")
                    .isEqualTo(XDP_DROP);
            assertThat(verdict(pins, "198.18.0.1", "224.0.0.251"))
                    .as("multicast")
                    .isEqualTo(XDP_DROP);
            assertThat(verdict(pins, "198.18.0.1", "198.18.0.54")).isEqualTo(XDP_PASS);
            guard.detach("a");
            guard.purge();
        });
    }
}
