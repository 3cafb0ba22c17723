package dev.weir.ebpf.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.MapType;
import dev.weir.ebpf.prog.Program;
import dev.weir.testkit.KernelSandbox;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records from program to reader, around the end of the ring many times. */
class RingReaderTest {
    private static final int RING_BYTES = 65_536;
    private static final int RECORD_BYTES = 16;

    @Test
    void recordsArriveInOrderAroundTheEnd() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = BpfObject.load(TestObjects.spec("examples/events"));
                    RingReader reader = new RingReader(object.map("events"))) {
                Program tell = object.program("tell");
                List<Integer> lengths = new ArrayList<>();
                assertThat(reader.poll(0, (memory, offset, length) -> lengths.add(length)))
                        .isZero();
                int packets = 3 * RING_BYTES / RECORD_BYTES;
                for (int i = 0; i < packets; i++) {
                    tell.testRun(new byte[64 + i % 100]);
                    if (i % 500 == 499 || i == packets - 1) {
                        int from = lengths.size();
                        reader.poll(1000, (memory, offset, length) -> {
                            assertThat(length).isEqualTo(8);
                            lengths.add(memory.get(ValueLayout.JAVA_INT, offset));
                        });
                        assertThat(lengths.size()).isGreaterThan(from);
                    }
                }
                assertThat(lengths).hasSize(packets);
                for (int i = 0; i < packets; i++) {
                    assertThat(lengths.get(i)).isEqualTo(64 + i % 100);
                }
            }
        });
    }

    @Test
    void aFullRingLosesNewRecordsAndGoesOnWhenRead() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = BpfObject.load(TestObjects.spec("examples/events"));
                    RingReader reader = new RingReader(object.map("events"))) {
                Program tell = object.program("tell");
                tell.testRun(new byte[64], new byte[0], 10_000);
                int held = RING_BYTES / RECORD_BYTES;
                assertThat(reader.drain((memory, offset, length) -> {})).isBetween(held - 1, held);
                tell.testRun(new byte[64]);
                assertThat(reader.drain((memory, offset, length) -> {})).isEqualTo(1);
            }
        });
    }

    @Test
    void onlyRingBuffersAreRead() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfMap map = BpfMap.create(new MapSpec("no_ring", MapType.ARRAY, 4, 4, 1))) {
                assertThatThrownBy(() -> new RingReader(map)).isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> BpfMap.create(MapSpec.ringBuffer("odd_ring", 5000)))
                    .hasMessageStartingWith(
                            "bpf(BPF_MAP_CREATE): EINVAL: the kernel refuses a ringbuf map \"odd_ring\"")
                    .hasMessageEndingWith("maps of type ringbuf need kernel ≥ 5.8");
        });
    }
}
