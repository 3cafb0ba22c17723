package dev.weir.gate.filter;

import static dev.weir.gate.filter.Filters.external;
import static dev.weir.sys.Capabilities.CAP_BPF;
import static dev.weir.sys.Capabilities.CAP_NET_ADMIN;
import static dev.weir.sys.Capabilities.CAP_PERFMON;
import static dev.weir.sys.Capabilities.CAP_SYS_ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCall;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.Capabilities;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UdpSocket;
import dev.weir.testkit.KernelSandbox;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does an operator read what to do, in one line, when the kernel says no? */
class MissingRightsTest {
    private static KernelException refusal(FilterSpec spec) {
        return refusal(new PacketFilters(), spec);
    }

    private static KernelException refusal(PacketFilters filters, FilterSpec spec) {
        try {
            filters.open(spec).close();
        } catch (KernelException e) {
            return e;
        }
        throw new AssertionError("the filter was made");
    }

    /** Capabilities belong to threads, so this one gives up its own and ends. */
    private static KernelException withoutCapabilities(FilterSpec spec) throws Exception {
        AtomicReference<KernelException> refusal = new AtomicReference<>();
        Thread poor = Thread.ofPlatform().start(() -> {
            try {
                Capabilities.NONE.apply();
                refusal.set(refusal(spec));
            } catch (SyscallException e) {
                throw new AssertionError(e);
            }
        });
        poor.join();
        return refusal.get();
    }

    @Test
    void withoutCapabilities() throws Exception {
        KernelSandbox.run(sandbox -> {
            KernelException refusal = withoutCapabilities(external(10, ""));
            assertThat(refusal.reason()).isEqualTo(Reason.UNAVAILABLE);
            assertThat(refusal)
                    .hasMessageContaining("EPERM")
                    .hasMessageContaining("needs CAP_BPF")
                    .hasMessageContaining("AmbientCapabilities=CAP_BPF CAP_NET_ADMIN")
                    .hasMessageContaining("kernel.unprivileged_bpf_disabled is ");
            assertThat(refusal.getMessage().lines()).hasSize(1);
        });
    }

    @Test
    void withoutTheRightToUseTheDirectory() throws Exception {
        KernelSandbox.run(sandbox -> {
            KernelException refusal = withoutCapabilities(external(10, sandbox.bpffs() + "/d"));
            assertThat(refusal.reason()).isEqualTo(Reason.UNAVAILABLE);
            assertThat(refusal.getMessage().lines()).hasSize(1);
            Filters.unpin(sandbox.bpffs().resolve("d"));
        });
    }

    /** Below a directory of somebody else that lets nobody pass, as systemd mounts /sys/fs/bpf: the commands that the message names help. */
    @Test
    void theRecipeForAClosedDirectoryHelps() throws Exception {
        KernelSandbox.run(sandbox -> {
            Path closed = Files.createDirectory(sandbox.bpffs().resolve("closed"));
            KernelSandbox.command("chown", "12345", closed.toString());
            KernelSandbox.command("chmod", "700", closed.toString());
            FilterSpec spec = external(10, closed + "/d");
            KernelException refusal = with(spec, CAP_BPF, CAP_NET_ADMIN);
            assertThat(refusal)
                    .hasMessageContaining("unable to make the directory " + closed + "/d: permission denied; " + closed
                            + " is 12345's with mode rwx------, and nobody else may pass; as root: chmod a+x ");
            assertThat(refusal.getMessage().lines()).hasSize(1);
            Matcher recipe =
                    Pattern.compile("as root: (.*) \\(in a systemd unit").matcher(String.valueOf(refusal.getMessage()));
            assertThat(recipe.find()).isTrue();
            KernelSandbox.command("sh", "-c", recipe.group(1));
            assertThat(with(spec, CAP_BPF, CAP_NET_ADMIN)).isNull();
            Filters.unpin(closed);
        });
    }

    @Test
    void withoutABpfFileSystem(@TempDir java.nio.file.Path directory) throws Exception {
        KernelSandbox.run(sandbox -> {
            KernelException refusal = refusal(external(10, directory + "/some/where"));
            assertThat(refusal.reason()).isEqualTo(Reason.UNAVAILABLE);
            assertThat(refusal)
                    .hasMessage("unable to pin a map at " + directory + "/some/where/ipv4: " + directory
                            + "/some/where is on no BPF file system; mount one with 'mount -t bpf bpf /sys/fs/bpf'"
                            + " and pin below it");
            assertThat(directory.resolve("some")).doesNotExist();
        });
    }

    /** Which an optional filter takes as a reason to start without: each refusal of the program is the kernel's, none the configuration's. */
    @Test
    void withoutTheProgram() throws Exception {
        KernelSandbox.run(sandbox -> {
            for (int errno : new int[] {Errno.EINVAL, Errno.EPERM, Errno.E2BIG, Errno.ENOSPC, Errno.EBUSY}) {
                Bpf old = new Bpf((command, attr) ->
                        command == BpfCommand.BPF_PROG_LOAD ? -errno : BpfCall.KERNEL.bpf(command, attr));
                KernelException refusal = refusal(
                        new PacketFilters(old, System::nanoTime), Filters.spec(false, 10, "", FilterSpec.ANY_TYPE));
                assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(Reason.UNAVAILABLE);
                assertThat(refusal.getMessage().lines()).hasSize(1);
            }
        });
    }

    @Test
    void internalFiltersWithoutCapabilities() throws Exception {
        KernelSandbox.run(sandbox -> {
            KernelException refusal = withoutCapabilities(Filters.spec(false, 10, "", FilterSpec.ANY_TYPE));
            assertThat(refusal.reason()).isEqualTo(Reason.UNAVAILABLE);
            assertThat(refusal).hasMessageContaining("needs CAP_BPF");
        });
    }

    /** Each capability alone, and what is enough: the thread has these and no other. */
    @Test
    void eachSetOfCapabilities() throws Exception {
        KernelSandbox.run(sandbox -> {
            FilterSpec internal = Filters.spec(false, 10, "", FilterSpec.ANY_TYPE);
            FilterSpec external = external(10, "");
            // What dnsdist needs is enough.
            assertThat(with(internal, CAP_BPF, CAP_NET_ADMIN)).isNull();
            assertThat(with(internal, CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON)).isNull();
            assertThat(with(internal, CAP_SYS_ADMIN)).isNull();
            assertThat(with(external, CAP_BPF)).isNull();
            assertThat(with(external, CAP_SYS_ADMIN)).isNull();
            for (FilterSpec spec : List.of(internal, external)) {
                assertThat(with(spec)).hasMessageContaining("; CAP_BPF and CAP_NET_ADMIN are missing: run as root");
                assertThat(with(spec, CAP_NET_ADMIN)).hasMessageContaining("; CAP_BPF is missing: run as root");
                assertThat(with(spec, CAP_PERFMON)).hasMessageContaining("CAP_BPF and CAP_NET_ADMIN are missing");
                assertThat(with(spec, CAP_NET_ADMIN, CAP_PERFMON)).hasMessageContaining("; CAP_BPF is missing");
            }
        });
    }

    private static @Nullable KernelException with(FilterSpec spec, int... capabilities) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long bits = Arrays.stream(capabilities).mapToLong(bit -> 1L << bit).sum();
        Thread poor = Thread.ofPlatform().start(() -> {
            try {
                new Capabilities(bits, bits, 0).apply();
                try (var filter = new PacketFilters().open(spec);
                        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                    assertThat(socket.isBound()).isTrue();
                    assertThat(filter.entries()).isEmpty();
                }
            } catch (Throwable t) {
                failure.set(t);
            }
        });
        poor.join();
        Throwable found = failure.get();
        if (found == null) {
            return null;
        }
        assertThat(found).isInstanceOf(KernelException.class);
        assertThat(((KernelException) found).reason()).isEqualTo(Reason.UNAVAILABLE);
        return (KernelException) found;
    }

    /** The sysctl belongs to the network namespace since Linux 6.8. */
    @Test
    void theMemoryOfASocketsOptions() throws Exception {
        Path sysctl = Path.of("/proc/sys/net/core/optmem_max");
        KernelSandbox.run(sandbox -> {
            FilterSpec internal = Filters.spec(false, 10, "", FilterSpec.ANY_TYPE);
            try (KernelFilter filter = new PacketFilters().open(internal);
                    UdpSocket socket = UdpSocket.open(4)) {
                Files.writeString(sysctl, "2048");
                assertThatThrownBy(() -> filter.attach(socket.fd().number()))
                        .hasMessageContaining("net.core.optmem_max, which is 2048: 8192 suffices");
                Files.writeString(sysctl, String.valueOf(Remedy.OPTMEM_SUFFICES));
                filter.attach(socket.fd().number());
            }
        });
    }

    @Test
    void whatIsForbiddenInSpiteOfTheCapabilities() {
        SyscallException create = new SyscallException("bpf(BPF_MAP_CREATE)", Errno.EPERM);
        assertThat(Remedy.permitted(create, "5.10.0-28-amd64")).contains("RLIMIT_MEMLOCK is ", "LimitMEMLOCK=infinity");
        assertThat(Remedy.permitted(create, "6.18.0"))
                .contains("security module")
                .doesNotContain("MEMLOCK");
        assertThat(Remedy.permitted(new SyscallException("bpf(BPF_OBJ_GET)", Errno.EACCES), "5.10.0"))
                .contains("its owner and mode");
        assertThat(Remedy.refused("", "5.15.0")).contains("need Linux 5.17 or newer, this is 5.15.0");
        assertThat(Remedy.refused("prohibited for !root", "6.1.0"))
                .contains("CAP_PERFMON")
                .doesNotContain("newer");
        assertThat(Remedy.refused("", "6.1.0")).contains("new enough");
    }

    @Test
    void otherTroublesHaveTheirRemedy() {
        assertThat(Remedy.of(new SyscallException("bpf(BPF_MAP_CREATE)", Errno.ENOMEM), Reason.FAILED))
                .hasMessageContaining("MemoryMax=");
        assertThat(Remedy.of(new SyscallException("bpf(BPF_MAP_CREATE)", Errno.ENOSYS), Reason.FAILED))
                .hasMessageContaining("CONFIG_BPF_SYSCALL");
        assertThat(Remedy.attaching(new SyscallException("setsockopt(SO_ATTACH_BPF)", Errno.ENOMEM)))
                .hasMessageContaining("net.core.optmem_max");
        assertThat(Remedy.of(new SyscallException("x", Errno.EBUSY), Reason.FAILED)
                        .reason())
                .isEqualTo(Reason.FAILED);
    }
}
