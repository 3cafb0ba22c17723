package dev.weir.ebpf.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.prog.Program;
import dev.weir.sys.Errno;
import dev.weir.sys.PageSize;
import dev.weir.testkit.Await;
import dev.weir.testkit.KernelSandbox;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Records of perf arrays, from whichever CPU, around the end of the ring many times. */
class PerfReaderTest {
    /** Header, size and 8 bytes, filled up to a multiple of 8. */
    private static final int RECORD_BYTES = 24;

    private static final int XDP_PASS = 2;

    @Test
    void recordsArriveWholeAroundTheEnd() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = BpfObject.load(TestObjects.spec("objects/kinds"));
                    PerfReader reader = new PerfReader(object.map("typed_perf"), 1)) {
                Program both = object.program("both");
                List<Integer> lengths = new ArrayList<>();
                int packets = 4 * PageSize.bytes() / RECORD_BYTES;
                for (int i = 0; i < packets; i++) {
                    assertThat(both.testRun(new byte[64 + i % 100]).returned()).isEqualTo(XDP_PASS);
                    int seen = reader.poll(1000, (cpu, memory, offset, length) -> {
                        assertThat(length).isBetween(8, 15);
                        assertThat(memory.get(ValueLayout.JAVA_INT_UNALIGNED, offset + 4))
                                .isEqualTo(77);
                        lengths.add(memory.get(ValueLayout.JAVA_INT_UNALIGNED, offset));
                    });
                    assertThat(seen).isEqualTo(1);
                    assertThat(lengths.getLast()).isEqualTo(64 + i % 100);
                }
                assertThat(lengths).hasSize(packets);
                assertThat(reader.lost()).isZero();
            }
        });
    }

    @Test
    void whatIsLostIsCounted() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = BpfObject.load(TestObjects.spec("objects/kinds"));
                    PerfReader reader = new PerfReader(object.map("typed_perf"), 1)) {
                object.program("both").testRun(new byte[64], new byte[0], 1000);
                int read = reader.drain((cpu, memory, offset, length) -> {});
                assertThat(read).isBetween(100, PageSize.bytes() / RECORD_BYTES);
                // The kernel tells with the next record on the same CPU.
                Await.until("told", Await.PATIENCE, () -> {
                    try {
                        object.program("both").testRun(new byte[64]);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                    reader.drain((cpu, memory, offset, length) -> {});
                    return reader.lost() == 1000 - read;
                });
            }
        });
    }

    @Test
    void closingWakesTheThreadThatWaitsAndEmptiesTheMap() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = BpfObject.load(TestObjects.spec("objects/kinds"))) {
                PerfReader reader = new PerfReader(object.map("typed_perf"), 2);
                FutureTask<Integer> waiting = new FutureTask<>(() -> reader.poll(-1, (c, m, o, l) -> {}));
                Thread thread = Thread.ofPlatform().start(waiting);
                reader.close();
                assertThat(waiting.get()).isEqualTo(-Errno.EBADF);
                thread.join();
                assertThat(reader.drain((c, m, o, l) -> {})).isEqualTo(-Errno.EBADF);
                assertThat(object.program("both").testRun(new byte[64]).returned())
                        .as("nowhere to put a record")
                        .isNotEqualTo(XDP_PASS);
                assertThatThrownBy(() -> new PerfReader(object.map("typed_perf"), 3))
                        .hasMessage("3 pages are no power of two");
                assertThatThrownBy(() -> new PerfReader(object.map("typed_ring"), 1))
                        .hasMessageEndingWith("is no perf array");
            }
        });
    }
}
