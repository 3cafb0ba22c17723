package dev.weir.gate.filter;

import static dev.weir.gate.filter.Filters.external;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.sys.Capabilities;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import dev.weir.testkit.KernelSandbox;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does an operator read what to do, in one line, when the kernel says no? */
class MissingRightsTest {
    private static KernelException refusal(dev.weir.engine.kernel.FilterSpec spec) {
        try {
            new PacketFilters().open(spec).close();
        } catch (KernelException e) {
            return e;
        }
        throw new AssertionError("the filter was made");
    }

    /** Capabilities belong to threads, so this one gives up its own and ends. */
    private static KernelException withoutCapabilities(dev.weir.engine.kernel.FilterSpec spec) throws Exception {
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

    @Test
    void otherTroublesHaveTheirRemedy() {
        assertThat(Remedy.of(new SyscallException("bpf(BPF_MAP_CREATE)", Errno.ENOMEM), Reason.FAILED))
                .hasMessageContaining("MemoryMax=")
                .hasMessageContaining("LimitMEMLOCK=");
        assertThat(Remedy.of(new SyscallException("bpf(BPF_MAP_CREATE)", Errno.ENOSYS), Reason.FAILED))
                .hasMessageContaining("CONFIG_BPF_SYSCALL");
        assertThat(Remedy.of(new SyscallException("bpf(BPF_MAP_CREATE)", Errno.EPERM), Reason.FAILED))
                .as("with all capabilities")
                .hasMessageContaining("LimitMEMLOCK=infinity");
        assertThat(Remedy.attaching(new SyscallException("setsockopt(SO_ATTACH_BPF)", Errno.ENOMEM)))
                .hasMessageContaining("net.core.optmem_max");
        assertThat(Remedy.of(new SyscallException("x", Errno.EBUSY), Reason.FAILED)
                        .reason())
                .isEqualTo(Reason.FAILED);
    }
}
