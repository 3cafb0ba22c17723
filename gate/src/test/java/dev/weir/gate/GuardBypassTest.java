package dev.weir.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ebpf.link.BpfLink;
import dev.weir.ebpf.link.Xdp;
import dev.weir.ebpf.link.XdpMode;
import dev.weir.ebpf.prog.Program;
import dev.weir.ebpf.prog.ProgramSpec;
import dev.weir.ebpf.prog.ProgramType;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.gate.table.Bucket;
import dev.weir.gate.table.NameKey;
import dev.weir.gate.table.SuffixKey;
import dev.weir.sys.Bpf;
import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.PacketSocket;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.TunDevice;
import dev.weir.wire.Name;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ways around the guard: each form of a query that Linux delivers, with each kind of block that should stop it, in both modes, with real frames
 * over a cable. The question is whether a socket got it. A new way around is one row of {@link Evasion}.
 */
class GuardBypassTest {
    private static final int PATIENCE_MS = 20_000;
    private static final int TRUNCATE = 2;
    private static final int REFUSED = 128;
    private static final int NXDOMAIN = 129;
    private static final Bucket EXCEEDED = new Bucket(Long.MAX_VALUE / 2, 1, 0, 0, 0, 0);

    /** Puts a block into the tables. */
    @FunctionalInterface
    private interface Block {
        void put(GuardTables tables, int family) throws Exception;
    }

    private static final Map<String, Block> BY_CLIENT = byClient();
    private static final Map<String, Block> BY_QUESTION = byQuestion();

    private static Map<String, Block> byClient() {
        Map<String, Block> blocks = new LinkedHashMap<>();
        blocks.put("address", (tables, family) -> tables.address(client(family), 1, 0));
        blocks.put(
                "address, to end",
                (tables, family) -> tables.address(client(family), 1, System.nanoTime() + GuardTables.LONG_NS));
        blocks.put("range", (tables, family) -> tables.range(network(family), 1, 0));
        blocks.put(
                "range, to end",
                (tables, family) -> tables.range(network(family), 1, System.nanoTime() + GuardTables.LONG_NS));
        blocks.put("address, truncate", (tables, family) -> tables.address(client(family), TRUNCATE, 0));
        blocks.put("address, refused", (tables, family) -> tables.address(client(family), REFUSED, 0));
        blocks.put("range, nxdomain", (tables, family) -> tables.range(network(family), NXDOMAIN, 0));
        blocks.put("rate", (tables, family) -> tables.rate(network(family), EXCEEDED));
        return blocks;
    }

    private static Map<String, Block> byQuestion() {
        Name name = Name.parse("www.example.com");
        Map<String, Block> blocks = new LinkedHashMap<>();
        blocks.put("name", (tables, family) -> tables.name(new NameKey(name, NameKey.ANY_TYPE), 1));
        blocks.put("name and type", (tables, family) -> tables.name(new NameKey(name, 1), 1));
        blocks.put("suffix", (tables, family) -> tables.suffix(new SuffixKey(name.parent(), NameKey.ANY_TYPE), 1, 0));
        return blocks;
    }

    private static IpAddress client(int family) {
        return IpAddress.parse(family == 4 ? "198.18.0.1" : "fd00::1");
    }

    private static Netmask network(int family) {
        return family == 4
                ? Netmask.of(client(4).truncate(24), 24)
                : Netmask.of(client(6).truncate(126), 126);
    }

    @ParameterizedTest
    @EnumSource(
            value = XdpMode.class,
            names = {"NATIVE", "GENERIC"})
    void nothingGetsAroundABlock(XdpMode mode) throws Exception {
        onACable(mode, (tables, cable) -> {
            for (Evasion evasion : Evasion.all()) {
                stops(tables, cable, evasion);
            }
        });
    }

    /** Devices such as those of tun, WireGuard and ppp. */
    @Test
    void nothingGetsAroundABlockWhereThereIsNoLinkHeader() throws Exception {
        throughATunnel((tables, cable) -> {
            for (Evasion evasion : Evasion.all()) {
                if (evasion.isOfTheNetworkLayer()) {
                    stops(tables, cable, evasion);
                }
            }
        });
    }

    private static void stops(GuardTables tables, Cable cable, Evasion evasion) throws Exception {
        tables.clear();
        boolean taken = cable.delivers(evasion);
        if (evasion.everywhere()) {
            assertThat(taken).as("%s, nothing blocked: Linux takes it", evasion).isTrue();
        }
        stops(tables, cable, evasion, BY_CLIENT);
        if (evasion.question()) {
            stops(tables, cable, evasion, BY_QUESTION);
        }
    }

    private static void stops(GuardTables tables, Cable cable, Evasion evasion, Map<String, Block> blocks)
            throws Exception {
        for (Map.Entry<String, Block> block : blocks.entrySet()) {
            tables.clear();
            block.getValue().put(tables, evasion.family());
            assertThat(cable.delivers(evasion))
                    .as("%s, blocked by %s", evasion, block.getKey())
                    .isFalse();
        }
    }

    @FunctionalInterface
    private interface Sender {
        void send(byte[] frame) throws IOException;
    }

    /** Both ends of a cable: one sends frames, the other has the guard and a socket. */
    private record Cable(Sender sender, DatagramSocket server) {
        boolean delivers(Evasion evasion) throws IOException {
            InetAddress client =
                    InetAddress.getByAddress(client(evasion.family()).octets());
            for (byte[] frame : evasion.frames()) {
                sender.send(frame);
            }
            // From somebody who is never blocked, along the same way: what comes before it has come, what does not
            // never will.
            String stranger = evasion.family() == 4 ? "198.18.200.9" : "fd00::9";
            sender.send(Evasion.query(evasion.family(), new byte[] {42})
                    .addresses(stranger, evasion.family() == 4 ? "198.18.0.53" : "fd00::53")
                    .build());
            boolean delivered = false;
            DatagramPacket received = new DatagramPacket(new byte[2048], 2048);
            while (true) {
                server.receive(received);
                if (!received.getAddress().equals(client)) {
                    return delivered;
                }
                delivered = true;
            }
        }
    }

    @FunctionalInterface
    private interface Body {
        void run(GuardTables tables, Cable cable) throws Exception;
    }

    private static void onACable(XdpMode mode, Body body) throws Exception {
        // The first one opens a descriptor that Java keeps.
        new DatagramSocket().close();
        KernelSandbox.run(sandbox -> {
            int[] ends = sandbox.veth();
            KernelSandbox.command("ip", "link", "set", "dev", "a", "address", "02:00:00:00:00:02");
            KernelSandbox.command("ip", "addr", "add", "198.18.0.53/16", "broadcast", "+", "dev", "a");
            KernelSandbox.command("ip", "addr", "add", "fd00::53/64", "dev", "a", "nodad");
            byte[] pass = {(byte) 0xb7, 0, 0, 0, 2, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0};
            try (GuardObject guard = GuardObject.load(Bpf.kernel(), GuardSpec.DEFAULT);
                    BpfLink attached = Xdp.link(Bpf.kernel(), guard.program(), ends[0], mode);
                    // Replies leave a native veth only if its other end polls, which a program there makes it do.
                    Program takes = Program.load(new ProgramSpec("takes", ProgramType.XDP, "GPL", pass));
                    BpfLink other = Xdp.link(Bpf.kernel(), takes, ends[1], XdpMode.NATIVE);
                    DatagramSocket server = new DatagramSocket(53);
                    PacketSocket sender = PacketSocket.open(ends[1])) {
                assertThat(attached.fd().isOpen() && other.fd().isOpen()).isTrue();
                server.setSoTimeout(PATIENCE_MS);
                body.run(new GuardTables(guard), new Cable(sender::send, server));
            }
        });
    }

    private static void throughATunnel(Body body) throws Exception {
        new DatagramSocket().close();
        KernelSandbox.run(sandbox -> {
            GuardSpec.Device bare = new GuardSpec.Device(false, false, GuardSpec.Kin.FRAGS, List.of());
            try (TunDevice tun = TunDevice.create("t");
                    NetlinkRoute netlink = new NetlinkRoute();
                    GuardObject guard = GuardObject.load(Bpf.kernel(), GuardSpec.DEFAULT.withDevice(bare))) {
                int index = netlink.networkInterface("t").orElseThrow().index();
                KernelSandbox.command("ip", "addr", "add", "198.18.0.53/16", "broadcast", "+", "dev", "t");
                KernelSandbox.command("ip", "addr", "add", "fd00::53/64", "dev", "t", "nodad");
                netlink.up(index);
                try (BpfLink attached = Xdp.link(Bpf.kernel(), guard.program(), index, XdpMode.GENERIC);
                        DatagramSocket server = new DatagramSocket(53)) {
                    assertThat(attached.fd().isOpen()).isTrue();
                    server.setSoTimeout(PATIENCE_MS);
                    Sender sender = frame -> tun.send(Arrays.copyOfRange(frame, Evasion.LINK_HEADER, frame.length));
                    body.run(new GuardTables(guard), new Cable(sender, server));
                }
            }
        });
    }
}
