package dev.weir.ebpf.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.map.MapType;
import dev.weir.ebpf.prog.ProgramType;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCall;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.Capabilities;
import dev.weir.sys.Errno;
import dev.weir.testkit.KernelSandbox;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FeaturesTest {
    /** This kernel is newer than all minimum kernels of what the toolkit itself needs, so a "no" is a bug of the probe. */
    @Test
    void thisKernelHasAllThatTheToolkitUses() throws Exception {
        KernelSandbox.run(sandbox -> {
            Features features = new Features(Bpf.kernel());
            for (MapType type : new MapType[] {
                MapType.HASH,
                MapType.ARRAY,
                MapType.PROG_ARRAY,
                MapType.PERCPU_HASH,
                MapType.PERCPU_ARRAY,
                MapType.LRU_HASH,
                MapType.LRU_PERCPU_HASH,
                MapType.LPM_TRIE,
                MapType.ARRAY_OF_MAPS,
                MapType.HASH_OF_MAPS,
                MapType.XSKMAP,
                MapType.RINGBUF,
                MapType.QUEUE,
                MapType.STACK
            }) {
                assertThat(features.has(type)).as("%s", type).isTrue();
            }
            assertThat(features.has(ProgramType.XDP)).isTrue();
            assertThat(features.has(ProgramType.SOCKET_FILTER)).isTrue();
            assertThat(features.has(ProgramType.SCHED_CLS)).isTrue();
            assertThat(features.has(ProgramType.XDP, Helper.XDP_ADJUST_TAIL)).isTrue();
            assertThat(features.has(ProgramType.XDP, Helper.RINGBUF_RESERVE)).isTrue();
            assertThat(features.has(ProgramType.SOCKET_FILTER, Helper.XDP_ADJUST_TAIL))
                    .isFalse();
            assertThatThrownBy(() -> features.require(ProgramType.SOCKET_FILTER, Helper.XDP_ADJUST_TAIL))
                    .isInstanceOf(UnsupportedFeatureException.class)
                    .hasMessageStartingWith(
                            "the helper bpf_xdp_adjust_tail in socket_filter programs needs kernel ≥ 4.18, this is ");
        });
    }

    @Test
    void answersAreRemembered() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        BpfCall old = (command, attr) -> {
            calls.incrementAndGet();
            return -Errno.EINVAL;
        };
        Features features = new Features(new Bpf(old));
        assertThat(features.has(MapType.RINGBUF)).isFalse();
        assertThat(features.has(MapType.RINGBUF)).isFalse();
        assertThat(calls).hasValue(1);
        assertThatThrownBy(() -> features.require(MapType.RINGBUF))
                .hasMessageStartingWith("a ringbuf map needs kernel ≥ 5.8, this is ");
    }

    @Test
    void lackOfRightsIsNoAnswer() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Features features = new Features(new Bpf((command, attr) -> {
            calls.incrementAndGet();
            return -Errno.EPERM;
        }));
        assertThatThrownBy(() -> features.has(MapType.HASH)).hasMessageContaining("needs CAP_BPF");
        assertThatThrownBy(() -> features.has(MapType.HASH)).hasMessageContaining("needs CAP_BPF");
        assertThat(calls).hasValue(2);
    }

    /** The kernel itself, asked by a thread without capabilities: the message must name them. */
    @Test
    void realLackOfRightsReadsWell() throws Exception {
        KernelSandbox.run(sandbox -> {
            Capabilities all = Capabilities.ofThread();
            new Capabilities(0, all.permitted(), all.inheritable()).apply();
            try {
                assertThatThrownBy(() -> new Features(Bpf.kernel()).has(ProgramType.XDP))
                        .hasMessage("bpf(" + BpfCommand.BPF_PROG_LOAD
                                + "): EPERM: needs CAP_BPF and CAP_NET_ADMIN (kernel ≥ 5.8; CAP_SYS_ADMIN before)");
            } finally {
                all.apply();
            }
        });
    }
}
