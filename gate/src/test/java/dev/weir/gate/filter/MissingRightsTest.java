package dev.weir.gate.filter;

import static dev.weir.gate.filter.Filters.external;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCall;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.Capabilities;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import dev.weir.testkit.KernelSandbox;
import java.util.concurrent.atomic.AtomicReference;
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

    @Test
    void refusedWithAllCapabilities() throws Exception {
        KernelSandbox.run(sandbox -> assertThat(
                        Remedy.of(new SyscallException("bpf(BPF_MAP_CREATE)", Errno.EPERM), Reason.FAILED))
                .hasMessageContaining("LimitMEMLOCK=infinity"));
    }

    @Test
    void otherTroublesHaveTheirRemedy() {
        assertThat(Remedy.of(new SyscallException("bpf(BPF_MAP_CREATE)", Errno.ENOMEM), Reason.FAILED))
                .hasMessageContaining("MemoryMax=")
                .hasMessageContaining("LimitMEMLOCK=");
        assertThat(Remedy.of(new SyscallException("bpf(BPF_MAP_CREATE)", Errno.ENOSYS), Reason.FAILED))
                .hasMessageContaining("CONFIG_BPF_SYSCALL");
        assertThat(Remedy.attaching(new SyscallException("setsockopt(SO_ATTACH_BPF)", Errno.ENOMEM)))
                .hasMessageContaining("net.core.optmem_max");
        assertThat(Remedy.of(new SyscallException("x", Errno.EBUSY), Reason.FAILED)
                        .reason())
                .isEqualTo(Reason.FAILED);
    }
}
