package dev.weir.sys;

import static dev.weir.sys.StructFields.u32;
import static dev.weir.sys.StructFields.u64;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Events of the kernel that programs can be attached to: tracepoints and kprobes. Needs CAP_PERFMON.
 *
 * <pre>{@code
 * struct perf_event_attr {      // 112 bytes, PERF_ATTR_SIZE_VER5
 *     __u32 type;               //   0
 *     __u32 size;               //   4
 *     __u64 config;             //   8
 *     __u64 sample_period;      //  16
 *     __u64 sample_type;        //  24
 *     __u64 read_format;        //  32
 *     __u64 flags;              //  40  bit fields
 *     __u32 wakeup_events;      //  48
 *     __u32 bp_type;            //  52
 *     __u64 config1;            //  56
 *     __u64 config2;            //  64
 *     ...
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/perf_event_open.2.html">perf_event_open(2)</a>
 */
public final class PerfEvent {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            u32("type"),
            u32("size"),
            u64("config"),
            u64("sample_period"),
            u64("sample_type"),
            u64("read_format"),
            u64("flags"),
            u32("wakeup_events"),
            u32("bp_type"),
            u64("config1"),
            u64("config2"));

    private static final int SIZE_VER5 = 112;
    private static final int PERF_TYPE_TRACEPOINT = 2;
    private static final int PERF_TYPE_SOFTWARE = 1;
    private static final int PERF_COUNT_SW_BPF_OUTPUT = 10;
    private static final int PERF_SAMPLE_RAW = 1 << 10;
    private static final int PERF_FLAG_FD_CLOEXEC = 1 << 3;
    private static final int EVERY_PROCESS = -1;
    private static final int NO_GROUP = -1;
    private static final Path KPROBES = Path.of("/sys/bus/event_source/devices/kprobe/type");

    private PerfEvent() {}

    /** Opens a tracepoint by its number, which tracefs tells. */
    public static Fd tracepoint(int id) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(SIZE_VER5, Long.BYTES);
            new StructFields(LAYOUT, attr)
                    .putInt("type", PERF_TYPE_TRACEPOINT)
                    .putLong("config", id)
                    .putLong("sample_period", 1)
                    .putInt("wakeup_events", 1);
            return open("perf_event_open(tracepoint " + id + ")", attr, 0);
        }
    }

    /**
     * Opens a probe on a function of the kernel.
     *
     * @param offset bytes behind its start
     * @param returning whether it is where the function returns
     * @throws SyscallException ENOENT if there is no such function, EOPNOTSUPP if this kernel has no kprobes
     */
    public static Fd kprobe(String function, long offset, boolean returning) throws SyscallException {
        String call = "perf_event_open(kprobe " + function + ")";
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(SIZE_VER5, Long.BYTES);
            new StructFields(LAYOUT, attr)
                    .putInt("type", kprobeType(call))
                    .putLong("config", returning ? 1 : 0)
                    .putPointer("config1", arena.allocateFrom(function))
                    .putLong("config2", offset);
            return open(call, attr, 0);
        }
    }

    /**
     * Opens what records of a perf array go to on one CPU.
     *
     * @param wakeUpEvents after how many it becomes readable
     * @throws SyscallException ENODEV if the CPU is off
     */
    public static Fd bpfOutput(int cpu, int wakeUpEvents) throws SyscallException {
        String call = "perf_event_open(records of CPU " + cpu + ")";
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(SIZE_VER5, Long.BYTES);
            new StructFields(LAYOUT, attr)
                    .putInt("type", PERF_TYPE_SOFTWARE)
                    .putLong("config", PERF_COUNT_SW_BPF_OUTPUT)
                    .putLong("sample_period", 1)
                    .putLong("sample_type", PERF_SAMPLE_RAW)
                    .putInt("wakeup_events", wakeUpEvents);
            return open(call, attr, cpu);
        }
    }

    private static int kprobeType(String call) throws SyscallException {
        try {
            return Integer.parseInt(Files.readString(KPROBES).strip());
        } catch (NoSuchFileException e) {
            throw SyscallException.explained(
                    call,
                    Errno.EOPNOTSUPP,
                    "this kernel has no kprobes, it is older than 4.17 or was built without CONFIG_KPROBE_EVENTS");
        } catch (IOException e) {
            throw SyscallException.explained(call, Errno.EIO, KPROBES + " can't be read: " + e.getMessage());
        }
    }

    private static Fd open(String call, MemorySegment attr, int cpu) throws SyscallException {
        new StructFields(LAYOUT, attr).putInt("size", SIZE_VER5);
        long result = Syscall.call(
                SyscallNumber.PERF_EVENT_OPEN, attr.address(), EVERY_PROCESS, cpu, NO_GROUP, PERF_FLAG_FD_CLOEXEC);
        if (result == -Errno.EPERM || result == -Errno.EACCES) {
            throw SyscallException.explained(
                    call, (int) -result, "needs CAP_PERFMON (kernel ≥ 5.8; CAP_SYS_ADMIN before)");
        }
        return new Fd((int) SyscallException.check(call, result));
    }
}
