package dev.weir.ebpf.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.prog.AttachType;
import dev.weir.ebpf.prog.Program;
import dev.weir.ebpf.prog.ProgramSpec;
import dev.weir.sys.DatagramPath;
import dev.weir.sys.Errno;
import dev.weir.sys.InetEndpoint;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UdpSocket;
import dev.weir.testkit.KernelSandbox;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Links beside XDP: each kind is attached, shown to run, described, and gone with its handle. */
class LinkKindsTest {
    private static final int LOOPBACK = 1;

    private static BpfObject load(String... programs) throws Exception {
        return BpfObject.load(
                TestObjects.spec("objects/links").withOnly(programs).withVariables(Map.of("process", (int)
                        ProcessHandle.current().pid())));
    }

    private static long variable(BpfObject object, int index) throws Exception {
        BpfMap bss = object.map(".bss");
        return ByteBuffer.wrap(bss.typed(Codec.U32, Codec.bytes(bss.valueBytes()))
                        .lookup(0)
                        .orElseThrow())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong(index * 8);
    }

    /** The order of variables in .bss is the compiler's. */
    private static long runs(BpfObject object) throws Exception {
        return Math.max(variable(object, 0), variable(object, 1));
    }

    private static void datagram() throws Exception {
        try (UdpSocket socket = UdpSocket.open(4)) {
            socket.bind(new InetEndpoint(4, 0, 0x7f000001, 0, 0));
            socket.send(new byte[] {1}, 0, 1, new DatagramPath().to(4, 0, 0x7f000001, 9, 0));
        }
    }

    private static List<Integer> ids(AttachedPrograms attached) {
        return attached.programs().stream()
                .map(AttachedPrograms.Entry::programId)
                .toList();
    }

    @Test
    void tcxProgramsRunInTheOrderThatAnchorsSay() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = load("first", "second", "third")) {
                Program first = object.program("first");
                Program second = object.program("second");
                Program third = object.program("third");
                AttachedPrograms before = BpfLink.query(AttachType.TCX_INGRESS, LOOPBACK);
                assertThat(before.programs()).isEmpty();
                try (BpfLink two = Tcx.attach(second, LOOPBACK, Tcx.Direction.INGRESS);
                        BpfLink three = Tcx.attach(third, LOOPBACK, Tcx.Direction.INGRESS, Anchor.after(two));
                        BpfLink one = Tcx.attach(first, LOOPBACK, Tcx.Direction.INGRESS, Anchor.before(second))) {
                    datagram();
                    // The datagram, and the message that nobody listens.
                    assertThat(runs(object) % 1000).isEqualTo(123);
                    AttachedPrograms attached = BpfLink.query(AttachType.TCX_INGRESS, LOOPBACK);
                    assertThat(ids(attached))
                            .containsExactly(
                                    first.info().id(),
                                    second.info().id(),
                                    third.info().id());
                    assertThat(attached.programs())
                            .extracting(AttachedPrograms.Entry::linkId)
                            .containsExactly(
                                    one.describe().id(),
                                    two.describe().id(),
                                    three.describe().id());
                    assertThat(attached.revision()).isGreaterThan(before.revision());
                    LinkDescription description = two.describe();
                    assertThat(description.type()).isEqualTo(LinkType.TCX);
                    assertThat(description.attachType()).isEqualTo(AttachType.TCX_INGRESS);
                    assertThat(description.interfaceIndex()).isEqualTo(LOOPBACK);
                    assertThat(description.programId()).isEqualTo(second.info().id());
                    one.detach();
                    try (BpfLink again = Tcx.attach(first, LOOPBACK, Tcx.Direction.INGRESS, Anchor.FIRST)) {
                        assertThat(ids(BpfLink.query(AttachType.TCX_INGRESS, LOOPBACK)))
                                .startsWith(again.describe().programId());
                    }
                    two.update(first);
                    assertThat(ids(BpfLink.query(AttachType.TCX_INGRESS, LOOPBACK)))
                            .containsExactly(first.info().id(), third.info().id());
                }
                assertThat(BpfLink.query(AttachType.TCX_INGRESS, LOOPBACK).programs())
                        .isEmpty();
                assertThatThrownBy(() -> Tcx.attach(first, 9999, Tcx.Direction.EGRESS))
                        .hasMessageStartingWith("bpf(BPF_LINK_CREATE): ENODEV: program first to tcx_egress: ");
                assertThatThrownBy(() -> Tcx.attach(first, LOOPBACK, Tcx.Direction.EGRESS, Anchor.after(second)))
                        .hasMessageStartingWith("bpf(BPF_LINK_CREATE): ENOENT: program first to tcx_egress: ");
            }
        });
    }

    private static Path cgroups() throws Exception {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            return mounts.map(line -> line.split(" "))
                    .filter(mount -> mount[2].equals("cgroup2"))
                    .map(mount -> Path.of(mount[1]))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Path ownCgroup() throws Exception {
        String own = Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                .filter(line -> line.startsWith("0::"))
                .findFirst()
                .orElseThrow()
                .substring("0::/".length());
        return cgroups().resolve(own);
    }

    @Test
    void programsOnACgroupJudgeWhatItsProcessesDo() throws Exception {
        KernelSandbox.run(sandbox -> {
            Path cgroup = ownCgroup();
            int there = BpfLink.query(AttachType.CGROUP_INET4_CONNECT, cgroup)
                    .programs()
                    .size();
            try (BpfObject object = load("connect", "leaving")) {
                Program connect = object.program("connect");
                try (BpfLink link = Cgroup.attach(connect, cgroup)) {
                    assertThat(connectTo("127.0.0.77")).hasMessage("Operation not permitted");
                    assertThat(connectTo("127.0.0.78")).isNull();
                    assertThat(runs(object)).isEqualTo(2);
                    assertThat(ids(BpfLink.query(AttachType.CGROUP_INET4_CONNECT, cgroup)))
                            .contains(connect.info().id());
                    assertThat(ids(BpfLink.queryEffective(AttachType.CGROUP_INET4_CONNECT, cgroup)))
                            .contains(connect.info().id());
                    LinkDescription description = link.describe();
                    assertThat(description.type()).isEqualTo(LinkType.CGROUP);
                    assertThat(description.attachType()).isEqualTo(AttachType.CGROUP_INET4_CONNECT);
                    assertThat(description.cgroupId()).isEqualTo(Files.getAttribute(cgroup, "unix:ino"));
                }
                assertThat(connectTo("127.0.0.77")).isNull();
                assertThat(BpfLink.query(AttachType.CGROUP_INET4_CONNECT, cgroup)
                                .programs())
                        .hasSize(there);
                assertThatThrownBy(() -> Cgroup.attach(connect, cgroup, AttachType.CGROUP_INET6_CONNECT))
                        .hasMessageStartingWith(
                                "bpf(BPF_LINK_CREATE): EINVAL: program connect to cgroup_inet6_connect: the program is of");
                assertThatThrownBy(() -> Cgroup.attach(connect, Path.of("/tmp")))
                        .hasMessageStartingWith(
                                "bpf(BPF_LINK_CREATE): EBADF: program connect to cgroup_inet4_connect: ");
                try (BpfLink link = Cgroup.attach(object.program("leaving"), cgroup)) {
                    long before = runs(object);
                    datagram();
                    assertThat(runs(object)).isGreaterThan(before);
                    assertThat(link.describe().attachType()).isEqualTo(AttachType.CGROUP_INET_EGRESS);
                }
            }
        });
    }

    private static @Nullable Throwable connectTo(String address) {
        return catchThrowable(() -> {
            try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
                channel.connect(new InetSocketAddress(InetAddress.ofLiteral(address), 9));
            }
        });
    }

    /** Reads from a file, which is a system call of this process. */
    private static void read() throws Exception {
        Files.readAllBytes(Path.of("/proc/self/stat"));
    }

    @Test
    void rawTracepoints() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = load("raw")) {
                try (BpfLink link = Tracepoint.attachRaw(object.program("raw"), "sys_enter")) {
                    read();
                    assertThat(runs(object)).isPositive();
                    assertThat(link.describe().type()).isEqualTo(LinkType.RAW_TRACEPOINT);
                }
                long after = runs(object);
                read();
                assertThat(runs(object)).isEqualTo(after);
                assertThatThrownBy(() -> Tracepoint.attachRaw(object.program("raw"), "no_such"))
                        .isInstanceOfSatisfying(SyscallException.class, e -> assertThat(e.errno())
                                .isEqualTo(Errno.ENOENT));
            }
        });
    }

    @Test
    void tracepointsNeedTracefsAndSaySo() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = BpfObject.load(TestObjects.spec("examples/tracepoint"))) {
                Program program = object.program("count_opens");
                KernelSandbox.command("mount", "-t", "tmpfs", "none", "/sys/kernel/tracing");
                KernelSandbox.command("mount", "-t", "tmpfs", "none", "/sys/kernel/debug");
                assertThatThrownBy(() -> Tracepoint.attach(program, "syscalls", "sys_enter_openat"))
                        .hasMessageEndingWith("mount -t tracefs tracefs /sys/kernel/tracing");
                KernelSandbox.command("umount", "/sys/kernel/debug");
                KernelSandbox.command("mount", "-t", "tracefs", "tracefs", "/sys/kernel/tracing");
                assertThatThrownBy(() -> Tracepoint.attach(program, "syscalls", "sys_enter_nothing"))
                        .hasMessage("tracepoint syscalls/sys_enter_nothing: ENOENT: this kernel has none");
                try (BpfLink link = Tracepoint.attach(program, "syscalls", "sys_enter_openat")) {
                    assertThat(link.describe().type()).isEqualTo(LinkType.PERF_EVENT);
                    assertThat(link.describe().programId())
                            .isEqualTo(program.info().id());
                }
                KernelSandbox.command("umount", "/sys/kernel/tracing");
                KernelSandbox.command("umount", "/sys/kernel/tracing");
            }
        });
    }

    /** Kernels built without kprobes, fprobes or netkit devices say that it is this. */
    @Test
    void kindsThatNotEveryKernelHas() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = load("probe", "probes", "from_primary")) {
                if (Files.exists(Path.of("/sys/bus/event_source/devices/kprobe"))) {
                    try (BpfLink link = Kprobe.attach(object.program("probe"), "ksys_read", Kprobe.Point.ENTRY)) {
                        read();
                        assertThat(runs(object)).isPositive();
                        assertThat(link.describe().type()).isEqualTo(LinkType.PERF_EVENT);
                    }
                    Kprobe.attach(object.program("probe"), "ksys_read", Kprobe.Point.RETURN)
                            .close();
                } else {
                    assertThatThrownBy(() -> Kprobe.attach(object.program("probe"), "ksys_read", Kprobe.Point.ENTRY))
                            .hasMessage(
                                    "perf_event_open(kprobe ksys_read): EOPNOTSUPP: this kernel has no kprobes, it is"
                                            + " older than 4.17 or was built without CONFIG_KPROBE_EVENTS");
                }
                Throwable none = catchThrowable(() -> {
                    try (BpfLink link =
                            Kprobe.attachAll(object.program("probes"), List.of("ksys_read"), Kprobe.Point.ENTRY)) {
                        read();
                        assertThat(runs(object)).isPositive();
                        assertThat(link.describe().type()).isEqualTo(LinkType.KPROBE_MULTI);
                    }
                });
                if (none != null) {
                    assertThat(none)
                            .hasMessage(
                                    "bpf(BPF_LINK_CREATE): EOPNOTSUPP: program probes to kprobe_multi: this kernel was"
                                            + " built without it");
                }
                assertThatThrownBy(() -> Netkit.attach(
                                object.program("from_primary"), LOOPBACK, Netkit.End.PRIMARY, Anchor.LAST))
                        .hasMessageStartingWith(
                                "bpf(BPF_LINK_CREATE): EINVAL: program from_primary to netkit_primary: ");
            }
        });
    }

    /** Where the machine forbids programs that trace, whatever the capabilities, the message says so. */
    @Test
    void functionsAndTypedTracepoints() throws Exception {
        KernelSandbox.run(sandbox -> {
            for (String name : List.of("enter", "typed")) {
                try (BpfObject object = load(name);
                        BpfLink link = Tracing.attach(object.program(name))) {
                    read();
                    assertThat(runs(object)).isPositive();
                    assertThat(link.describe().type())
                            .isEqualTo(name.equals("enter") ? LinkType.TRACING : LinkType.RAW_TRACEPOINT);
                } catch (SyscallException e) {
                    assertThat(e)
                            .hasMessage(
                                    "bpf(BPF_PROG_LOAD): EPERM: this process has every capability for programs of type"
                                            + " tracing: something else forbids them, such as lockdown or a security policy");
                }
            }
        });
    }

    @Test
    void whatAProgramIsForMustBeThere() throws Exception {
        ProgramSpec spec = TestObjects.spec("objects/links").program("enter");
        assertThat(spec.attachTo()).isEqualTo("ksys_read");
        KernelSandbox.run(sandbox -> {
            assertThatThrownBy(() -> BpfObject.load(TestObjects.spec("objects/links")
                            .withOnly("enter")
                            .withProgram("enter", p -> p.withAttachTo("no_such_function"))))
                    .hasMessage(
                            "program enter is for the kernel's function no_such_function, which this kernel's types do"
                                    + " not have");
            assertThatThrownBy(() -> BpfObject.load(TestObjects.spec("objects/links")
                            .withOnly("typed")
                            .withProgram("typed", p -> p.withAttachTo(""))))
                    .hasMessageEndingWith("as in fentry/tcp_connect; use withAttachTo");
        });
    }
}
