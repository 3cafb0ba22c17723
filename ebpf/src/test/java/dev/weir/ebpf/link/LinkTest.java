package dev.weir.ebpf.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.TypedMap;
import dev.weir.ebpf.prog.Program;
import dev.weir.sys.Bpf;
import dev.weir.sys.DatagramPath;
import dev.weir.sys.Errno;
import dev.weir.sys.InetEndpoint;
import dev.weir.sys.InterfaceAddress;
import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UdpSocket;
import dev.weir.testkit.KernelSandbox;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs on devices: attach, replace, pin, detach, by link and by netlink. */
class LinkTest {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();

    private static int attached(int index) throws SyscallException {
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            return netlink.interfaces().stream()
                    .filter(i -> i.index() == index)
                    .findFirst()
                    .orElseThrow()
                    .xdpProgramId();
        }
    }

    /** The kernel lets go of a link whose pin was deleted from a work queue. */
    private static void awaitDetached(int index) throws SyscallException {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (attached(index) != 0) {
            assertThat(System.nanoTime()).as("still attached").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = XdpMode.class,
            names = {"ANY", "GENERIC", "NATIVE"})
    void linksAttachUpdateAndDetach(XdpMode mode) throws Exception {
        KernelSandbox.run(sandbox -> {
            int veth = sandbox.veth()[0];
            try (BpfObject object = BpfObject.load(TestObjects.spec("examples/replace"))) {
                Program oldVersion = object.program("old_version");
                Program newVersion = object.program("new_version");
                int oldId = oldVersion.info().id();
                int newId = newVersion.info().id();
                try (BpfLink link = Xdp.link(Bpf.kernel(), oldVersion, veth, mode)) {
                    assertThat(attached(veth)).isEqualTo(oldId);
                    assertThat(link.info().programId()).isEqualTo(oldId);
                    assertThat(link.info().interfaceIndex()).isEqualTo(veth);
                    link.update(newVersion);
                    assertThat(attached(veth)).isEqualTo(newId);
                    link.replace(oldVersion, newVersion);
                    assertThat(attached(veth)).isEqualTo(oldId);
                    assertThatThrownBy(() -> link.replace(oldVersion, newVersion))
                            .isInstanceOfSatisfying(SyscallException.class, e -> assertThat(e.errno())
                                    .isEqualTo(Errno.EPERM));
                    link.detach();
                    assertThat(attached(veth)).isZero();
                    assertThat(link.info().interfaceIndex()).isZero();
                }
            }
        });
    }

    @Test
    void closingTheLastHandleDetachesUnlessALinkIsPinned() throws Exception {
        KernelSandbox.run(sandbox -> {
            int veth = sandbox.veth()[0];
            Path pin = sandbox.bpffs().resolve("link");
            int id;
            try (BpfObject object = BpfObject.load(TestObjects.spec("examples/replace"))) {
                Program program = object.program("old_version");
                id = program.info().id();
                try (BpfLink link = Xdp.link(Bpf.kernel(), program, veth, XdpMode.NATIVE)) {
                    assertThat(attached(veth)).isEqualTo(id);
                }
                assertThat(attached(veth)).isZero();
                try (BpfLink link = Xdp.link(Bpf.kernel(), program, veth, XdpMode.NATIVE)) {
                    link.pin(pin);
                }
            }
            assertThat(attached(veth)).isEqualTo(id);
            try (BpfLink link = BpfLink.openPinned(Bpf.kernel(), pin);
                    BpfLink same = BpfLink.open(Bpf.kernel(), link.info().id());
                    BpfObject object = BpfObject.load(TestObjects.spec("examples/replace"))) {
                assertThat(same.info()).isEqualTo(link.info());
                link.update(object.program("new_version"));
                assertThat(attached(veth)).isNotEqualTo(id);
            }
            Files.delete(pin);
            awaitDetached(veth);
        });
    }

    @Test
    void twoProgramsAtOnePlaceAreRefusedInWords() throws Exception {
        KernelSandbox.run(sandbox -> {
            int veth = sandbox.veth()[0];
            try (BpfObject object = BpfObject.load(TestObjects.spec("examples/replace"));
                    XdpAttachment first =
                            Xdp.attach(Bpf.kernel(), object.program("old_version"), veth, XdpMode.NATIVE)) {
                assertThat(first).isInstanceOf(BpfLink.class);
                assertThatThrownBy(() -> Xdp.attach(Bpf.kernel(), object.program("new_version"), veth, XdpMode.NATIVE))
                        .hasMessageStartingWith(
                                "bpf(BPF_LINK_CREATE): EBUSY: something else is attached there already");
                assertThatThrownBy(() -> NetlinkXdp.attach(object.program("new_version"), veth, XdpMode.NATIVE))
                        .hasMessageStartingWith("netlink(RTM_SETLINK IFLA_XDP): EBUSY: ");
            }
        });
    }

    @Test
    void withoutDriverSupportThereIsNoOffload() throws Exception {
        KernelSandbox.run(sandbox -> {
            int veth = sandbox.veth()[0];
            try (BpfObject object = BpfObject.load(TestObjects.spec("examples/replace"))) {
                assertThatThrownBy(() -> Xdp.attach(Bpf.kernel(), object.program("new_version"), veth, XdpMode.OFFLOAD))
                        .isInstanceOf(SyscallException.class);
            }
        });
    }

    @Test
    void netlinkAttachesUpdatesAndDetaches() throws Exception {
        KernelSandbox.run(sandbox -> {
            int veth = sandbox.veth()[0];
            try (BpfObject object = BpfObject.load(TestObjects.spec("examples/replace"))) {
                Program oldVersion = object.program("old_version");
                Program newVersion = object.program("new_version");
                try (NetlinkXdp xdp = NetlinkXdp.attach(oldVersion, veth, XdpMode.NATIVE);
                        NetlinkRoute netlink = new NetlinkRoute()) {
                    assertThat(attached(veth)).isEqualTo(oldVersion.info().id());
                    xdp.update(newVersion);
                    assertThat(attached(veth)).isEqualTo(newVersion.info().id());
                    netlink.replaceXdp(veth, oldVersion.fd(), newVersion.fd(), XdpMode.NATIVE.flag());
                    assertThat(attached(veth)).isEqualTo(oldVersion.info().id());
                    assertThatThrownBy(() ->
                                    netlink.replaceXdp(veth, oldVersion.fd(), newVersion.fd(), XdpMode.NATIVE.flag()))
                            .isInstanceOfSatisfying(SyscallException.class, e -> assertThat(e.errno())
                                    .isEqualTo(Errno.EEXIST));
                    xdp.detach();
                    assertThat(attached(veth)).isZero();
                }
                try (NetlinkXdp xdp = NetlinkXdp.attach(oldVersion, veth, XdpMode.GENERIC)) {
                    assertThat(attached(veth)).isEqualTo(oldVersion.info().id());
                }
                assertThat(attached(veth)).isZero();
            }
        });
    }

    /** Datagrams leave by one end of a veth pair and meet the program, in the driver, at the other. */
    @Test
    void nativeProgramsSeeTraffic() throws Exception {
        KernelSandbox.run(sandbox -> {
            int[] veth = sandbox.veth();
            try (NetlinkRoute netlink = new NetlinkRoute();
                    BpfObject object = BpfObject.load(TestObjects.spec("examples/count"));
                    BpfLink link = Xdp.link(Bpf.kernel(), object.program("count"), veth[1], XdpMode.NATIVE);
                    UdpSocket socket = UdpSocket.open(4)) {
                netlink.addAddress(new InterfaceAddress(veth[0], InetAddress.getByName("198.18.0.1"), 24));
                netlink.addNeighbour(
                        veth[0],
                        InetAddress.getByName("198.18.0.2"),
                        netlink.networkInterface("b").orElseThrow().hardwareAddress());
                socket.bind(new InetEndpoint(4, 0, 0xc6120001L, 0, 0));
                TypedMap<Integer, List<Long>> packets = object.map("packets").typedPerCpu(Codec.U32, Codec.U64);
                // A cable takes a moment until it carries something.
                long tries = sendUntilOneArrives(socket, packets);
                long before = udp(packets);
                for (int i = 0; i < 10; i++) {
                    send(socket);
                }
                awaitPackets(packets, before + 10);
                assertThat(udp(packets)).isBetween(before + 10, tries + 10);
                assertThat(link.info().interfaceIndex()).isEqualTo(veth[1]);
            }
        });
    }

    private static void send(UdpSocket socket) throws SyscallException {
        socket.send(new byte[] {1}, 0, 1, new DatagramPath().to(4, 0, 0xc6120002L, 53, 0));
    }

    private static long sendUntilOneArrives(UdpSocket socket, TypedMap<Integer, List<Long>> packets)
            throws SyscallException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        long sent = 0;
        while (udp(packets) == 0) {
            assertThat(System.nanoTime()).as("nothing of %s arrived", sent).isLessThan(end);
            send(socket);
            sent++;
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        return sent;
    }

    private static void awaitPackets(TypedMap<Integer, List<Long>> packets, long wanted) throws SyscallException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (udp(packets) < wanted) {
            assertThat(System.nanoTime())
                    .as("%s of %s arrived", udp(packets), wanted)
                    .isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    private static long udp(TypedMap<Integer, List<Long>> packets) throws SyscallException {
        return packets.lookup(17).orElseThrow().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    @Test
    void aPinOfAnotherKindIsNamed() throws Exception {
        KernelSandbox.run(sandbox -> {
            Path pin = sandbox.bpffs().resolve("thing");
            try (BpfObject object = BpfObject.load(TestObjects.spec("examples/count"))) {
                object.program("count").pin(pin);
            }
            assertThatThrownBy(() -> BpfMap.openPinned(Bpf.kernel(), pin))
                    .hasMessage("bpf(BPF_OBJ_GET): EINVAL: what is pinned at " + pin + " is a program, no map");
            assertThatThrownBy(() -> BpfLink.openPinned(Bpf.kernel(), pin))
                    .hasMessageEndingWith("is a program, no link");
            Files.delete(pin);
        });
    }
}
