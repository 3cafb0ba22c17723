package dev.weir.ebpf.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.MapType;
import dev.weir.ebpf.prog.Program;
import dev.weir.sys.Errno;
import dev.weir.sys.PageSize;
import dev.weir.testkit.Await;
import dev.weir.testkit.KernelSandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
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

    /** Closing used to free memory that the kernel and the waiting thread were about to write to. */
    @Test
    void closingWakesTheThreadThatWaits() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfMap map = BpfMap.create(MapSpec.ringBuffer("quiet", RING_BYTES))) {
                for (int i = 0; i < 50; i++) {
                    RingReader reader = new RingReader(map);
                    FutureTask<Integer> waiting = new FutureTask<>(() -> reader.poll(-1, (m, o, l) -> {}));
                    Thread thread = Thread.ofPlatform().start(waiting);
                    if (i % 2 == 0) {
                        Await.until("reading", Await.PATIENCE, reader::isBusy);
                    }
                    reader.close();
                    assertThat(waiting.get()).isEqualTo(-Errno.EBADF);
                    thread.join();
                    assertThat(reader.poll(-1, (m, o, l) -> {})).isEqualTo(-Errno.EBADF);
                    assertThat(reader.drain((m, o, l) -> {})).isEqualTo(-Errno.EBADF);
                    reader.close();
                    reader.wakeUp();
                }
            }
        });
    }

    @Test
    void wakingUpLetsOnePollReturn() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfMap map = BpfMap.create(MapSpec.ringBuffer("quiet", RING_BYTES));
                    RingReader reader = new RingReader(map)) {
                reader.wakeUp();
                reader.wakeUp();
                assertThat(reader.poll(-1, (m, o, l) -> {})).isZero();
                assertThat(reader.poll(1, (m, o, l) -> {})).isZero();
            }
        });
    }

    @Test
    void aHandlerMayCloseItsReader() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = BpfObject.load(TestObjects.spec("examples/events"))) {
                RingReader reader = new RingReader(object.map("events"));
                object.program("tell").testRun(new byte[64], new byte[0], 3);
                List<Integer> seen = new ArrayList<>();
                reader.poll(1000, (memory, offset, length) -> {
                    reader.close();
                    seen.add(memory.get(ValueLayout.JAVA_INT, offset));
                });
                assertThat(seen).as("no record after the close").containsExactly(64);
                assertThat(reader.drain((m, o, l) -> {})).isEqualTo(-Errno.EBADF);
            }
        });
    }

    @Test
    void drainingEndsHoweverFastProgramsAre() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = BpfObject.load(TestObjects.spec("examples/events"));
                    RingReader reader = new RingReader(object.map("events"))) {
                Program tell = object.program("tell");
                tell.testRun(new byte[64], new byte[0], 10);
                RingReader.Handler oneMoreForEach = (memory, offset, length) -> {
                    try {
                        tell.testRun(new byte[64]);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };
                assertThat(reader.drain(oneMoreForEach)).isEqualTo(10);
                assertThat(reader.drain(4, (m, o, l) -> {})).isEqualTo(4);
                assertThat(reader.drain((m, o, l) -> {})).isEqualTo(6);
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
                    .hasMessageEndingWith(
                            ": a ring has a power of two of bytes, and a multiple of the page of " + PageSize.bytes());
        });
    }
}
