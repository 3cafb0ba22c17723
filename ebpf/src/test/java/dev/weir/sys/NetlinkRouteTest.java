package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.testkit.Await;
import dev.weir.testkit.KernelSandbox;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Devices, addresses and neighbours in a namespace of the test's own, compared with what iproute2 says. */
class NetlinkRouteTest {
    @Test
    void devicesAddressesAndNeighbours() throws Exception {
        KernelSandbox.run(sandbox -> {
            int veth = sandbox.veth()[0];
            InetAddress v4 = InetAddress.getByName("198.18.0.1");
            InetAddress v6 = InetAddress.getByName("fd00::1");
            InetAddress other = InetAddress.getByName("198.18.0.2");
            byte[] mac = {2, 0, 0, 0, 0, 9};
            try (NetlinkRoute netlink = new NetlinkRoute()) {
                netlink.addAddress(new InterfaceAddress(veth, v4, 24));
                netlink.addAddress(new InterfaceAddress(veth, v6, 64));
                netlink.addNeighbour(veth, other, mac);

                assertThat(netlink.interfaces())
                        .extracting(NetworkInterface::name)
                        .containsExactlyInAnyOrder("lo", "a", "b");
                NetworkInterface a = netlink.networkInterface("a").orElseThrow();
                assertThat(a.mtu()).isEqualTo(1500);
                assertThat(a.up()).isTrue();
                assertThat(a.hardwareAddress()).hasSize(6);
                assertThat(a.xdpProgramId()).isZero();
                assertThat(netlink.addresses())
                        .contains(new InterfaceAddress(veth, v4, 24), new InterfaceAddress(veth, v6, 64));
                assertThat(netlink.neighbours()).anySatisfy(n -> {
                    assertThat(n.address()).isEqualTo(other);
                    assertThat(n.hardwareAddress()).isEqualTo(mac);
                    assertThat(n.state()).isEqualTo(0x80);
                });
            }
            assertThat(KernelSandbox.command("ip", "-br", "address", "show", "a"))
                    .contains("198.18.0.1/24")
                    .contains("fd00::1/64");
            assertThat(KernelSandbox.command("ip", "neighbour")).contains("198.18.0.2 dev a lladdr 02:00:00:00:00:09");
        });
    }

    @Test
    void whatTheHostTakesForItsOwn() throws Exception {
        KernelSandbox.run(sandbox -> {
            int veth = sandbox.veth()[0];
            try (NetlinkRoute netlink = new NetlinkRoute()) {
                netlink.addAddress(new InterfaceAddress(veth, InetAddress.getByName("198.18.0.1"), 24));
                netlink.addAddress(new InterfaceAddress(veth, InetAddress.getByName("fd00::1"), 64));
                KernelSandbox.command("ip", "route", "add", "local", "198.19.0.0/24", "dev", "a");
                KernelSandbox.command("ip", "route", "add", "198.18.7.0/24", "via", "198.18.0.2");

                // The kernel has IPv6 addresses take effect behind our back.
                LocalDestination six = new LocalDestination(InetAddress.getByName("fd00::1"), 128);
                Await.until("fd00::1", Await.PATIENCE, () -> localDestinations(netlink)
                        .contains(six));
                assertThat(netlink.localDestinations())
                        .contains(
                                new LocalDestination(InetAddress.getByName("198.18.0.1"), 32),
                                new LocalDestination(InetAddress.getByName("198.18.0.255"), 32),
                                new LocalDestination(InetAddress.getByName("198.19.0.0"), 24),
                                six,
                                new LocalDestination(InetAddress.getByName("ff00::"), 8))
                        .doesNotContain(
                                new LocalDestination(InetAddress.getByName("198.18.0.0"), 24),
                                new LocalDestination(InetAddress.getByName("198.18.7.0"), 24),
                                new LocalDestination(InetAddress.getByName("fd00::"), 64));
            }
        });
    }

    private static List<LocalDestination> localDestinations(NetlinkRoute netlink) {
        try {
            return netlink.localDestinations();
        } catch (SyscallException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theKernelsOwnWordsComeAlong() throws Exception {
        KernelSandbox.run(sandbox -> {
            sandbox.veth();
            try (NetlinkRoute netlink = new NetlinkRoute()) {
                assertThatThrownBy(() -> netlink.createVeth("a", "c"))
                        .hasMessageStartingWith("netlink(RTM_NEWLINK veth a): EEXIST: ");
                assertThatThrownBy(() -> netlink.up(999)).hasMessageStartingWith("netlink(RTM_SETLINK up): ENODEV");
            }
        });
    }

    @Test
    void rightsAreNamed() throws Exception {
        KernelSandbox.run(sandbox -> {
            int veth = sandbox.veth()[0];
            Capabilities.ofThread().withoutEffective(Capabilities.CAP_NET_ADMIN).apply();
            try (NetlinkRoute netlink = new NetlinkRoute()) {
                assertThatThrownBy(() -> netlink.up(veth))
                        .hasMessageStartingWith("netlink(RTM_SETLINK up): EPERM: needs CAP_NET_ADMIN");
            }
        });
    }

    /** The thread that asks is a fresh one, because no thread ever gets rights back. */
    @Test
    void noNewPrivilegesStay() throws Exception {
        KernelSandbox.run(sandbox -> {
            assertThat(Prctl.hasNoNewPrivileges()).isFalse();
            Prctl.noNewPrivileges();
            assertThat(Prctl.hasNoNewPrivileges()).isTrue();
            Prctl.keepCapabilities(true);
        });
    }

    @Test
    void threadsEnterNamespacesByPath() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (Fd own = Namespace.open(java.nio.file.Path.of("/proc/thread-self/ns/net"))) {
                sandbox.veth();
                Namespace.leave(Namespace.NETWORK);
                try (NetlinkRoute netlink = new NetlinkRoute()) {
                    assertThat(netlink.interfaces()).hasSize(1);
                }
                Namespace.enter(own, Namespace.NETWORK);
                try (NetlinkRoute netlink = new NetlinkRoute()) {
                    assertThat(netlink.interfaces()).hasSize(3);
                }
            }
        });
    }
}
