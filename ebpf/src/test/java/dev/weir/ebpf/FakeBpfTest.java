package dev.weir.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.ebpf.link.BpfLink;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.MapType;
import dev.weir.ebpf.map.TypedMap;
import dev.weir.ebpf.prog.Program;
import dev.weir.ebpf.prog.ProgramSpec;
import dev.weir.ebpf.prog.ProgramType;
import dev.weir.ebpf.prog.VerifierException;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.Errno;
import dev.weir.sys.ProgLoadAttr;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the kernel answers in bad times, without root and without the bad times: each errno must come out in words. */
class FakeBpfTest {
    /** Far above any limit on descriptors, so that closing it does nothing. */
    private static final int NO_FILE = 0x7ffffff0;

    private static final ProgramSpec PROGRAM =
            new ProgramSpec("fake", ProgramType.XDP, "GPL", new byte[] {(byte) 0x95, 0, 0, 0, 0, 0, 0, 0});

    private static Bpf answering(int errno) {
        return new Bpf((command, attr) -> -errno);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1  | bpf(BPF_PROG_LOAD): EPERM: needs CAP_BPF and CAP_NET_ADMIN (kernel ≥ 5.8; CAP_SYS_ADMIN before)
            7  | bpf(BPF_PROG_LOAD): E2BIG: the program is too large for this kernel (1 million instructions since 5.2, 4096 before), or uses a feature newer than it
            11 | bpf(BPF_PROG_LOAD): EAGAIN: the verifier was interrupted by signals every time it was tried
            12 | bpf(BPF_PROG_LOAD): ENOMEM: out of memory
            22 | bpf(BPF_PROG_LOAD): EINVAL: the kernel refuses the program fake of type xdp, attach type 0, flags 0x0 before the verifier says a word
            28 | bpf(BPF_PROG_LOAD): ENOSPC: the log buffer is too small for what the verifier had to say
            38 | bpf(BPF_PROG_LOAD): ENOSYS: this kernel has no bpf(2), it was built without CONFIG_BPF_SYSCALL
            """)
    void programs(int errno, String message) {
        assertThatThrownBy(() -> Program.load(answering(errno), PROGRAM, Map.of(), null))
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1  | bpf(BPF_MAP_CREATE): EPERM: needs CAP_BPF (kernel ≥ 5.8; CAP_SYS_ADMIN before)
            7  | bpf(BPF_MAP_CREATE): E2BIG: keys, values or the number of entries are too large, or a feature newer than this kernel is asked for
            22 | bpf(BPF_MAP_CREATE): EINVAL: the kernel refuses a ringbuf map "events" of 0 + 0 bytes, 4096 entries, flags 0x0
            38 | bpf(BPF_MAP_CREATE): ENOSYS: this kernel has no bpf(2), it was built without CONFIG_BPF_SYSCALL
            """)
    void maps(int errno, String message) {
        assertThatThrownBy(() -> BpfMap.create(answering(errno), MapSpec.ringBuffer("events", 4096), null))
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1  | bpf(BPF_MAP_UPDATE_ELEM): EPERM: the map is frozen or read-only for user space; or it needs CAP_BPF (kernel ≥ 5.8; CAP_SYS_ADMIN before)
            7  | bpf(BPF_MAP_UPDATE_ELEM): E2BIG: the map counters is full, it was made for 8 entries
            16 | bpf(BPF_MAP_UPDATE_ELEM): EBUSY: a program is changing the same bucket, or an entry there is in use; try again
            28 | bpf(BPF_MAP_UPDATE_ELEM): ENOSPC: the map counters is full, it was made for 8 entries
            """)
    void entries(int errno, String message) throws Exception {
        Bpf bpf = new Bpf((command, attr) -> command == BpfCommand.BPF_MAP_CREATE ? NO_FILE : -errno);
        try (BpfMap map = BpfMap.create(bpf, new MapSpec("counters", MapType.HASH, 4, 4, 8), null)) {
            TypedMap<Integer, Integer> typed = map.typed(Codec.U32, Codec.U32);
            assertThatThrownBy(() -> typed.put(1, 1)).hasMessage(message);
        }
    }

    @Test
    void pinsAndLinks() {
        Path path = Path.of("/sys/fs/bpf/x");
        assertThatThrownBy(() -> BpfMap.openPinned(answering(Errno.ENOENT), path))
                .hasMessage("bpf(BPF_OBJ_GET): ENOENT: nothing is pinned under this path");
        assertThatThrownBy(() -> BpfLink.openPinned(answering(Errno.ENOSYS), path))
                .hasMessageStartingWith("bpf(BPF_OBJ_GET): ENOSYS: this kernel has no bpf(2)");
        assertThatThrownBy(() -> BpfLink.open(answering(Errno.EPERM), 1))
                .hasMessage("bpf(BPF_LINK_GET_FD_BY_ID): EPERM: needs CAP_SYS_ADMIN");
        Bpf busy = new Bpf((command, attr) -> switch (command) {
            case BPF_LINK_CREATE -> -Errno.EBUSY;
            default -> NO_FILE;
        });
        assertThatThrownBy(() -> {
                    try (Program program = Program.load(busy, PROGRAM, Map.of(), null)) {
                        dev.weir.ebpf.link.Xdp.attach(busy, program, 1, dev.weir.ebpf.link.XdpMode.ANY);
                    }
                })
                .hasMessageStartingWith("bpf(BPF_LINK_CREATE): EBUSY: something else is attached there already");
    }

    /** A signal in the middle of verification is no failure of the program. */
    @Test
    void anInterruptedVerifierIsAskedAgain() throws Exception {
        List<BpfCommand> calls = new ArrayList<>();
        Bpf bpf = new Bpf((command, attr) -> {
            calls.add(command);
            return calls.size() < 4 ? -Errno.EAGAIN : NO_FILE;
        });
        Program.load(bpf, PROGRAM, Map.of(), null).close();
        assertThat(calls).hasSize(4);
    }

    /** The first try asks for no log, because it costs; the second does; where it is cut at its end, as before Linux 6.4, the buffer grows. */
    @Test
    void theLogIsFetchedOnFailureOnlyAndItsBufferGrows() {
        List<Integer> sizes = new ArrayList<>();
        VerifierException e = refused(sizes, "0: (95) exit\nR0 !read_ok\n", 2_000_000);
        assertThat(sizes).containsExactly(0, 1 << 20, 1 << 22);
        assertThat(e).hasMessage("program fake: EACCES from the verifier: R0 !read_ok (insn 0: (95) exit)");
        assertThat(e.errno()).isEqualTo(Errno.EACCES);
    }

    /** Newer kernels cut the beginning off, and a walk of a million instructions is not repeated for it. */
    @Test
    void theEndOfALogIsEnough() {
        List<Integer> sizes = new ArrayList<>();
        String end = "9: (95) exit\nR0 !read_ok\nprocessed 10 insns (limit 1000000)\n";
        VerifierException e = refused(sizes, end, Integer.MAX_VALUE);
        assertThat(sizes).containsExactly(0, 1 << 20);
        assertThat(e).hasMessage("program fake: EACCES from the verifier: R0 !read_ok (insn 9: (95) exit)");
        assertThat(e.log()).isEqualTo(end);
    }

    /** Loads what the verifier refuses with this log, for which so many octets are enough. */
    private static VerifierException refused(List<Integer> sizes, String log, int enough) {
        Bpf bpf = new Bpf((command, attr) -> {
            int size = attr.get(ValueLayout.JAVA_INT, offset("log_size"));
            sizes.add(size);
            if (size == 0) {
                return -Errno.EACCES;
            }
            log(attr, log);
            return size < enough ? -Errno.ENOSPC : -Errno.EACCES;
        });
        return catchThrowableOfType(VerifierException.class, () -> Program.load(bpf, PROGRAM, Map.of(), null)
                .close());
    }

    /** Kernels without batches, before 5.6, answer EINVAL; entries then go one by one, and the walk goes by keys. */
    @Test
    void oldKernelsWithoutBatchesAreServedOneByOne() throws Exception {
        List<BpfCommand> calls = new ArrayList<>();
        Bpf bpf = new Bpf((command, attr) -> {
            calls.add(command);
            return switch (command) {
                case BPF_MAP_CREATE -> NO_FILE;
                case BPF_MAP_UPDATE_ELEM -> 0;
                case BPF_MAP_GET_NEXT_KEY -> -Errno.ENOENT;
                default -> -Errno.EINVAL;
            };
        });
        try (BpfMap map = BpfMap.create(bpf, new MapSpec("old", MapType.HASH, 4, 4, 8), null)) {
            map.typed(Codec.U32, Codec.U32).putAll(Map.of(1, 1, 2, 2, 3, 3));
            assertThat(map.typed(Codec.U32, Codec.U32).entries()).isEmpty();
        }
        assertThat(calls)
                .containsExactly(
                        BpfCommand.BPF_MAP_CREATE,
                        BpfCommand.BPF_MAP_UPDATE_BATCH,
                        BpfCommand.BPF_MAP_UPDATE_ELEM,
                        BpfCommand.BPF_MAP_UPDATE_ELEM,
                        BpfCommand.BPF_MAP_UPDATE_ELEM,
                        BpfCommand.BPF_MAP_LOOKUP_BATCH,
                        BpfCommand.BPF_MAP_GET_NEXT_KEY);
    }

    /** Kernels that do not take the types still run the programs. */
    @Test
    void withoutTypesTheObjectLoadsAndSaysSo() throws Exception {
        Bpf bpf = new Bpf((command, attr) -> switch (command) {
            case BPF_BTF_LOAD -> -Errno.EINVAL;
            case BPF_MAP_CREATE, BPF_PROG_LOAD -> NO_FILE;
            default -> 0;
        });
        try (BpfObject object = BpfObject.load(bpf, TestObjects.spec("objects/features"), LoadOptions.DEFAULT)) {
            assertThat(object.degraded().orElseThrow()).startsWith("loaded without types: bpf(BPF_BTF_LOAD): EINVAL");
            assertThat(object.programs()).hasSize(8);
        }
    }

    private static long offset(String field) {
        return ProgLoadAttr.LAYOUT.byteOffset(PathElement.groupElement(field));
    }

    private static void log(MemorySegment attr, String text) {
        MemorySegment.ofAddress(attr.get(ValueLayout.JAVA_LONG, offset("log_buf")))
                .reinterpret(attr.get(ValueLayout.JAVA_INT, offset("log_size")))
                .setString(0, text);
    }
}
