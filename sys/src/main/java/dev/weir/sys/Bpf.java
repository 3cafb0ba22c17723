package dev.weir.sys;

import static dev.weir.sys.BpfCommand.BPF_BTF_LOAD;
import static dev.weir.sys.BpfCommand.BPF_ENABLE_STATS;
import static dev.weir.sys.BpfCommand.BPF_LINK_CREATE;
import static dev.weir.sys.BpfCommand.BPF_LINK_DETACH;
import static dev.weir.sys.BpfCommand.BPF_LINK_UPDATE;
import static dev.weir.sys.BpfCommand.BPF_MAP_CREATE;
import static dev.weir.sys.BpfCommand.BPF_MAP_FREEZE;
import static dev.weir.sys.BpfCommand.BPF_OBJ_GET;
import static dev.weir.sys.BpfCommand.BPF_OBJ_GET_INFO_BY_FD;
import static dev.weir.sys.BpfCommand.BPF_OBJ_PIN;
import static dev.weir.sys.BpfCommand.BPF_PROG_LOAD;
import static dev.weir.sys.BpfCommand.BPF_PROG_QUERY;
import static dev.weir.sys.BpfCommand.BPF_PROG_TEST_RUN;
import static dev.weir.sys.BpfCommand.BPF_RAW_TRACEPOINT_OPEN;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * bpf(2), command by command. Any thread may call. Failures are {@link SyscallException}s that say what the errno means for the command;
 * what is called per entry of a map goes through {@link MapElemAttr} and {@link MapBatchAttr} instead, which answer {@code -errno}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public final class Bpf {
    private static final Bpf KERNEL = new Bpf(BpfCall.KERNEL);
    private static final int BPF_F_REPLACE = 1 << 2;
    /** The verifier gives up with EAGAIN when a signal is pending; libbpf tries as often. */
    private static final int INTERRUPTED_TRIES = 5;

    private final BpfCall call;

    /** @param call {@link BpfCall#KERNEL}, or what plays its part in a test */
    public Bpf(BpfCall call) {
        this.call = call;
    }

    /** Returns the way to the running kernel. */
    public static Bpf kernel() {
        return KERNEL;
    }

    /** Returns the raw call, for {@link MapElemAttr} and {@link MapBatchAttr}. */
    public BpfCall call() {
        return call;
    }

    /** Returns the exception for a {@code -errno} that a raw call answered. */
    public static SyscallException failure(BpfCommand command, long result) {
        return BpfError.of(command, (int) -result);
    }

    /** Makes a map. Since Linux 3.18. */
    public Fd mapCreate(MapCreateAttr map) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(MapCreateAttr.LAYOUT);
            map.write(attr);
            return fd(BPF_MAP_CREATE, attr);
        }
    }

    /** Makes a map read-only for user space, for good. Since Linux 5.2. */
    public void mapFreeze(Fd map) throws SyscallException {
        try (Arena arena = Arena.ofConfined();
                HeldFds held = new HeldFds()) {
            MemorySegment attr = arena.allocate(MapElemAttr.LAYOUT);
            new StructFields(MapElemAttr.LAYOUT, attr).putInt("map_fd", held.number(map));
            run(held, BPF_MAP_FREEZE, attr.asSlice(0, Integer.BYTES));
        }
    }

    /**
     * Asks the verifier for a program, again if signals interrupt it.
     *
     * @param log where the verifier writes; a segment of length 0 for no log
     * @param logLevel how much: 1 for the instructions, 2 for all ways, 4 for statistics, or-ed
     * @return a descriptor number, to be given to {@link #adopt}, or {@code -errno}: ENOSPC if the log does not fit
     */
    public long progLoad(ProgLoadAttr program, MemorySegment log, int logLevel) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(ProgLoadAttr.LAYOUT);
            program.write(attr, arena, log, logLevel);
            long result = call.bpf(BPF_PROG_LOAD, attr);
            for (int tries = 1; result == -Errno.EAGAIN && tries < INTERRUPTED_TRIES; tries++) {
                result = call.bpf(BPF_PROG_LOAD, attr);
            }
            return result;
        }
    }

    /** Returns the owner of a descriptor number that a raw call answered. */
    public static Fd adopt(long result) {
        return new Fd(Math.toIntExact(result));
    }

    /** Runs a program on a packet. Since Linux 4.12. */
    public TestRunAttr.Result progTestRun(Fd program, TestRunAttr test) throws SyscallException {
        try (Arena arena = Arena.ofConfined();
                HeldFds held = new HeldFds()) {
            MemorySegment attr = arena.allocate(TestRunAttr.LAYOUT);
            StructFields fields = test.write(attr, arena, held.number(program));
            run(held, BPF_PROG_TEST_RUN, attr);
            return test.read(fields);
        }
    }

    /** Pins a map, program or link. Since Linux 4.4. */
    public void pin(Fd object, Path path) throws SyscallException {
        try (Arena arena = Arena.ofConfined();
                HeldFds held = new HeldFds()) {
            run(held, BPF_OBJ_PIN, pathAttr(arena, path, held.number(object), 0));
        }
    }

    /**
     * Opens what is pinned; which kind of object it is only its info tells. Since Linux 4.4.
     *
     * @param flags BPF_F_RDONLY or 0
     */
    public Fd openPinned(Path path, int flags) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            return fd(BPF_OBJ_GET, pathAttr(arena, path, 0, flags));
        }
    }

    /**
     * Loads BTF.
     *
     * @param log where the kernel writes what it dislikes; a segment of length 0 for no log
     * @return a descriptor number or {@code -errno}
     */
    public long btfLoad(byte[] btf, MemorySegment log) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(BtfLoadAttr.LAYOUT);
            StructFields fields = new StructFields(BtfLoadAttr.LAYOUT, attr)
                    .putPointer("btf", arena.allocateFrom(Struct.BYTE, btf))
                    .putInt("btf_size", btf.length);
            if (log.byteSize() > 0) {
                fields.putPointer("btf_log_buf", log)
                        .putInt("btf_log_size", (int) log.byteSize())
                        .putInt("btf_log_level", 1);
            }
            return call.bpf(BPF_BTF_LOAD, attr);
        }
    }

    /** Describes a map. Since Linux 4.13. */
    public MapInfo mapInfo(Fd map) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(MapInfo.LAYOUT);
            info(arena, map, info);
            return MapInfo.read(info);
        }
    }

    /** Describes a program. Since Linux 4.13. */
    public ProgInfo progInfo(Fd program) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(ProgInfo.LAYOUT);
            info(arena, program, info);
            int maps = new StructFields(ProgInfo.LAYOUT, info).getInt("nr_map_ids");
            MemorySegment ids = arena.allocate(Integer.BYTES * (long) maps, Integer.BYTES);
            if (maps > 0) {
                info.fill((byte) 0);
                new StructFields(ProgInfo.LAYOUT, info)
                        .putInt("nr_map_ids", maps)
                        .putPointer("map_ids", ids);
                info(arena, program, info);
            }
            return ProgInfo.read(info, ids);
        }
    }

    /** Describes a link. Since Linux 5.8. */
    public LinkInfo linkInfo(Fd link) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(LinkInfo.LAYOUT);
            info(arena, link, info);
            return LinkInfo.read(info);
        }
    }

    /** Describes BTF and copies it. Since Linux 4.18. */
    public BtfInfo btfInfo(Fd btf) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(BtfInfo.LAYOUT);
            info(arena, btf, info);
            StructFields fields = new StructFields(BtfInfo.LAYOUT, info);
            int bytes = fields.getInt("btf_size");
            MemorySegment raw = arena.allocate(bytes);
            info.fill((byte) 0);
            fields.putPointer("btf", raw).putInt("btf_size", bytes);
            info(arena, btf, info);
            return new BtfInfo(fields.getInt("id"), raw.toArray(Struct.BYTE));
        }
    }

    /** Returns the ids of all objects of a kind. @throws SyscallException EPERM without CAP_SYS_ADMIN */
    public List<Integer> ids(BpfKind kind) throws SyscallException {
        List<Integer> ids = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(IdAttr.LAYOUT);
            StructFields fields = new StructFields(IdAttr.LAYOUT, attr);
            while (true) {
                long result = call.bpf(kind.nextId(), attr);
                if (result == -Errno.ENOENT) {
                    return ids;
                }
                check(kind.nextId(), result);
                ids.add(fields.getInt("next_id"));
                fields.putInt("start_id", fields.getInt("next_id")).putInt("next_id", 0);
            }
        }
    }

    /** Opens an object by its id. @throws SyscallException ENOENT if it is gone, EPERM without CAP_SYS_ADMIN */
    public Fd openId(BpfKind kind, int id) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(IdAttr.LAYOUT);
            new StructFields(IdAttr.LAYOUT, attr).putInt("start_id", id);
            return fd(kind.openId(), attr);
        }
    }

    /**
     * Attaches a program to a device by a link. Since Linux 5.7; XDP since 5.9, tcx since 6.6.
     *
     * @param interfaceIndex where to; 0 for what needs no target
     * @param attachType {@code enum bpf_attach_type}
     * @param flags XDP_FLAGS_* for XDP, BPF_F_BEFORE and the like where there is an order
     */
    public Fd linkCreate(Fd program, int interfaceIndex, int attachType, int flags, LinkAttr.Detail detail)
            throws SyscallException {
        try (HeldFds held = new HeldFds()) {
            return linkCreate(held, program, interfaceIndex, attachType, flags, detail);
        }
    }

    /** The same for what is known by a descriptor: a cgroup, a network namespace, a perf event. */
    public Fd linkCreate(Fd program, Fd target, int attachType, int flags, LinkAttr.Detail detail)
            throws SyscallException {
        try (HeldFds held = new HeldFds()) {
            return linkCreate(held, program, held.number(target), attachType, flags, detail);
        }
    }

    private Fd linkCreate(HeldFds held, Fd program, int target, int attachType, int flags, LinkAttr.Detail detail)
            throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = detail.write(arena, held);
            new StructFields(LinkAttr.CREATE, attr)
                    .putInt("prog_fd", held.number(program))
                    .putInt("target_ifindex", target)
                    .putInt("attach_type", attachType)
                    .putInt("flags", flags);
            return fd(held, BPF_LINK_CREATE, attr);
        }
    }

    /**
     * Attaches a program to a tracepoint without its format, by name; programs of type tracing, which are loaded for what they trace, to that,
     * without a name. Since Linux 4.17.
     */
    public Fd rawTracepointOpen(Fd program, @Nullable String name) throws SyscallException {
        try (Arena arena = Arena.ofConfined();
                HeldFds held = new HeldFds()) {
            MemorySegment attr = arena.allocate(RawTracepointAttr.LAYOUT);
            new StructFields(RawTracepointAttr.LAYOUT, attr)
                    .putPointer("name", name == null ? MemorySegment.NULL : arena.allocateFrom(name))
                    .putInt("prog_fd", held.number(program));
            return fd(held, BPF_RAW_TRACEPOINT_OPEN, attr);
        }
    }

    /** Returns what is attached to a device. Since Linux 6.6 for tcx. */
    public QueryAttr.Result progQuery(int interfaceIndex, int attachType, int flags) throws SyscallException {
        try (HeldFds held = new HeldFds()) {
            return query(held, interfaceIndex, attachType, flags);
        }
    }

    /** Returns what is attached to a cgroup or network namespace. Since Linux 4.15. */
    public QueryAttr.Result progQuery(Fd target, int attachType, int flags) throws SyscallException {
        try (HeldFds held = new HeldFds()) {
            return query(held, held.number(target), attachType, flags);
        }
    }

    private QueryAttr.Result query(HeldFds held, int target, int attachType, int flags) throws SyscallException {
        QueryAttr.Question question = new QueryAttr.Question(target, attachType, flags);
        for (int room = QueryAttr.FIRST_ROOM; ; room *= 2) {
            try (Arena arena = Arena.ofConfined()) {
                StructFields fields = question.write(arena, room);
                long result = held.isComplete() ? call.bpf(BPF_PROG_QUERY, fields.memory()) : -Errno.EBADF;
                if (result != -Errno.ENOSPC || room >= QueryAttr.MAX_ROOM) {
                    check(BPF_PROG_QUERY, result);
                    return QueryAttr.read(fields);
                }
            }
        }
    }

    /** Replaces a link's program in one step. Since Linux 5.7. */
    public void linkUpdate(Fd link, Fd program) throws SyscallException {
        linkUpdate(link, program, 0, null);
    }

    /** Replaces a link's program in one step if it still is {@code expected}. @throws SyscallException EPERM if it is not */
    public void linkReplace(Fd link, Fd program, Fd expected) throws SyscallException {
        linkUpdate(link, program, BPF_F_REPLACE, expected);
    }

    /** Detaches a link, which stays as an object without a target. Since Linux 5.9. */
    public void linkDetach(Fd link) throws SyscallException {
        try (Arena arena = Arena.ofConfined();
                HeldFds held = new HeldFds()) {
            MemorySegment attr = arena.allocate(LinkAttr.DETACH);
            new StructFields(LinkAttr.DETACH, attr).putInt("link_fd", held.number(link));
            run(held, BPF_LINK_DETACH, attr);
        }
    }

    /** Switches counting of run time and runs on, for all programs, until the descriptor is closed. Since Linux 5.8. */
    public Fd enableRunTimeStatistics() throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            return fd(BPF_ENABLE_STATS, arena.allocate(EnableStatsAttr.LAYOUT));
        }
    }

    private void linkUpdate(Fd link, Fd program, int flags, @Nullable Fd old) throws SyscallException {
        try (Arena arena = Arena.ofConfined();
                HeldFds held = new HeldFds()) {
            MemorySegment attr = arena.allocate(LinkAttr.UPDATE);
            new StructFields(LinkAttr.UPDATE, attr)
                    .putInt("link_fd", held.number(link))
                    .putInt("new_prog_fd", held.number(program))
                    .putInt("flags", flags)
                    .putInt("old_prog_fd", held.numberOrZero(old));
            run(held, BPF_LINK_UPDATE, attr);
        }
    }

    private static MemorySegment pathAttr(Arena arena, Path path, int fd, int flags) {
        MemorySegment attr = arena.allocate(ObjAttr.LAYOUT);
        new StructFields(ObjAttr.LAYOUT, attr)
                .putPointer("pathname", arena.allocateFrom(path.toString()))
                .putInt("bpf_fd", fd)
                .putInt("file_flags", flags);
        return attr;
    }

    private void info(Arena arena, Fd object, MemorySegment info) throws SyscallException {
        MemorySegment attr = arena.allocate(InfoAttr.LAYOUT);
        try (HeldFds held = new HeldFds()) {
            new StructFields(InfoAttr.LAYOUT, attr)
                    .putInt("bpf_fd", held.number(object))
                    .putInt("info_len", (int) info.byteSize())
                    .putPointer("info", info);
            run(held, BPF_OBJ_GET_INFO_BY_FD, attr);
        }
    }

    private Fd fd(HeldFds held, BpfCommand command, MemorySegment attr) throws SyscallException {
        return new Fd((int) call(held, command, attr));
    }

    private void run(HeldFds held, BpfCommand command, MemorySegment attr) throws SyscallException {
        call(held, command, attr);
    }

    /** Of a descriptor that is none, some commands say EBADFD or EINVAL: a closed one is EBADF for all of them. */
    private long call(HeldFds held, BpfCommand command, MemorySegment attr) throws SyscallException {
        return check(command, held.isComplete() ? call.bpf(command, attr) : -Errno.EBADF);
    }

    private Fd fd(BpfCommand command, MemorySegment attr) throws SyscallException {
        return new Fd((int) check(command, call.bpf(command, attr)));
    }

    private static long check(BpfCommand command, long result) throws SyscallException {
        if (result < 0) {
            throw BpfError.of(command, (int) -result);
        }
        return result;
    }
}
