package dev.weir.ebpf.prog;

import dev.weir.ebpf.btf.LoadedBtf;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.BpfKind;
import dev.weir.sys.Capabilities;
import dev.weir.sys.Errno;
import dev.weir.sys.Fd;
import dev.weir.sys.HeldFds;
import dev.weir.sys.KernelVersion;
import dev.weir.sys.ProgInfo;
import dev.weir.sys.ProgLoadAttr;
import dev.weir.sys.SyscallException;
import dev.weir.sys.TestRunAttr;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A program that the kernel has verified, by file descriptor. The kernel keeps it as long as anyone does: this handle, links, sockets, pins,
 * program arrays. So it may be closed once it is attached; detaching is the business of the link. Any thread may call.
 */
public final class Program implements AutoCloseable {
    private static final byte[] NONE = {};
    private static final int FUNCTION_INFO_BYTES = 8;
    private static final int LINE_INFO_BYTES = 16;
    private static final int INSTRUCTION_BYTES = 8;
    /** The instructions on the way to what is wrong: for programs that are accepted the kernel throws them away. */
    private static final int FAILURES = 1;

    private static final int FIRST_LOG_BYTES = 1 << 16;
    private static final int REFUSAL_LOG_BYTES = 1 << 20;
    private static final int MAX_LOG_BYTES = 1 << 24;
    /** How much longer than the packet that goes in the one that comes out may be. */
    private static final int TEST_RUN_GROWTH = 1024;

    private final Bpf bpf;
    private final Fd fd;
    private final String name;
    private final int attachType;
    private final @Nullable String log;

    private Program(Bpf bpf, Fd fd, String name, int attachType, @Nullable String log) {
        this.bpf = bpf;
        this.fd = fd;
        this.name = name;
        this.attachType = attachType;
        this.log = log;
    }

    /** Loads a program that needs no maps into the running kernel. */
    public static Program load(ProgramSpec spec) throws IOException {
        return load(Bpf.kernel(), spec, Map.of(), null);
    }

    /**
     * Loads a program.
     *
     * @param maps those it refers to, by name
     * @param btf what its function and line infos are in, null to load it without
     * @throws VerifierException if the verifier refuses it
     * @throws SyscallException if it does not even come to that
     */
    public static Program load(Bpf bpf, ProgramSpec spec, Map<String, BpfMap> maps, @Nullable LoadedBtf btf)
            throws IOException {
        return load(bpf, spec, maps, btf, ProgramOptions.DEFAULT);
    }

    /** The same, with options. */
    public static Program load(
            Bpf bpf, ProgramSpec spec, Map<String, BpfMap> maps, @Nullable LoadedBtf btf, ProgramOptions options)
            throws IOException {
        if (spec.type() == ProgramType.UNSPECIFIED) {
            throw new IOException("program " + spec.name() + ": the section " + spec.section()
                    + " does not say what type it is; use withType");
        }
        try (HeldFds held = new HeldFds()) {
            byte[] code = resolve(spec, maps, held, options);
            return load(bpf, spec, attr(spec, code, btf == null ? 0 : held.number(btf.fd())), options.log());
        }
    }

    private static ProgLoadAttr attr(ProgramSpec spec, byte[] instructions, int btfFd) throws IOException {
        return new ProgLoadAttr(
                spec.type().number(),
                spec.attachType(),
                spec.name(),
                spec.license(),
                instructions,
                spec.flags(),
                0,
                btfFd,
                FUNCTION_INFO_BYTES,
                btfFd == 0 ? NONE : spec.functionInfo(),
                LINE_INFO_BYTES,
                btfFd == 0 ? NONE : spec.lineInfo(),
                AttachTarget.of(spec));
    }

    private static Program load(Bpf bpf, ProgramSpec spec, ProgLoadAttr attr, VerifierLogLevel level)
            throws IOException {
        Logged first = level == VerifierLogLevel.NONE
                ? new Logged(bpf.progLoad(attr, MemorySegment.NULL, 0), "")
                : withLog(bpf, attr, level.number(), FIRST_LOG_BYTES);
        if (first.result() < 0) {
            throw explain(bpf, spec, attr, first.result());
        }
        return new Program(
                bpf,
                Bpf.adopt(first.result()),
                spec.name(),
                spec.attachType(),
                level == VerifierLogLevel.NONE ? null : first.log());
    }

    /** What came of loading, and what the verifier said meanwhile. */
    private record Logged(long result, String log) {
        private boolean needsMore(int level) {
            return result == -Errno.ENOSPC && !(level == FAILURES && VerifierLog.hasItsEnd(log));
        }
    }

    /**
     * Loads with a log, in a buffer that grows until the log fits. Since Linux 6.4 one that is too small has the log's end: of a program that is
     * refused nobody needs the beginning, and each further attempt takes seconds where the verifier walks a million instructions.
     */
    private static Logged withLog(Bpf bpf, ProgLoadAttr attr, int level, int firstBytes) {
        Logged logged = new Logged(-Errno.ENOSPC, "");
        for (int bytes = firstBytes; bytes <= MAX_LOG_BYTES && logged.needsMore(level); bytes *= 4) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(bytes);
                long result = bpf.progLoad(attr, buffer, level);
                logged = new Logged(result, buffer.getString(0));
            }
        }
        return logged;
    }

    /** Opens a program of the running kernel by its id. Needs CAP_SYS_ADMIN. */
    public static Program open(int id) throws SyscallException {
        return open(Bpf.kernel(), id);
    }

    /** Opens what is pinned at a path. @throws SyscallException EINVAL if it is no program */
    public static Program openPinned(Path path) throws SyscallException {
        return openPinned(Bpf.kernel(), path);
    }

    /** Opens a program by its id. Needs CAP_SYS_ADMIN. */
    public static Program open(Bpf bpf, int id) throws SyscallException {
        return adopt(bpf, bpf.openId(BpfKind.PROGRAM, id));
    }

    /** Opens what is pinned at a path. @throws SyscallException EINVAL if it is no program */
    public static Program openPinned(Bpf bpf, Path path) throws SyscallException {
        return adopt(bpf, BpfKind.PROGRAM.openPinned(bpf, path, 0));
    }

    private static Program adopt(Bpf bpf, Fd fd) throws SyscallException {
        try {
            return new Program(bpf, fd, bpf.progInfo(fd).name(), -1, null);
        } catch (SyscallException e) {
            fd.close();
            throw e;
        }
    }

    /** Puts the maps' descriptors where the program refers to maps. */
    private static byte[] resolve(ProgramSpec spec, Map<String, BpfMap> maps, HeldFds held, ProgramOptions options)
            throws IOException {
        byte[] instructions = spec.instructions().clone();
        ByteBuffer code = ByteBuffer.wrap(instructions).order(ByteOrder.LITTLE_ENDIAN);
        for (ProgramSpec.MapReference reference : spec.maps()) {
            BpfMap map = maps.get(reference.map());
            if (map == null) {
                throw new IOException("program " + spec.name() + " refers to the map " + reference.map()
                        + ", which was not handed in");
            }
            int position = reference.instruction() * INSTRUCTION_BYTES;
            code.putInt(position + 4, held.number(map.fd()));
            code.putInt(position + INSTRUCTION_BYTES + 4, reference.value() ? reference.offset() : 0);
        }
        if (!spec.kernel().isEmpty()) {
            new KernelLinker(options.kernelTypes()).link(spec, code);
        }
        return instructions;
    }

    /** Loads once more, now with a log. */
    private static IOException explain(Bpf bpf, ProgramSpec spec, ProgLoadAttr attr, long firstResult) {
        if (firstResult == -Errno.ENOSYS || firstResult == -Errno.EAGAIN) {
            return Bpf.failure(BpfCommand.BPF_PROG_LOAD, firstResult);
        }
        Logged logged = withLog(bpf, attr, FAILURES, REFUSAL_LOG_BYTES);
        if (logged.result() >= 0) {
            // It was a passing trouble, such as memory; but the caller is told of the failure that it met.
            Bpf.adopt(logged.result()).close();
            return withoutLog(spec, firstResult);
        }
        String log = logged.log();
        return log.isBlank()
                ? withoutLog(spec, firstResult)
                : new VerifierException(spec.name(), (int) -firstResult, log);
    }

    private static SyscallException withoutLog(ProgramSpec spec, long result) {
        if (result == -Errno.EPERM && isTracing(spec.type()) && mayTrace()) {
            return SyscallException.explained(
                    "bpf(" + BpfCommand.BPF_PROG_LOAD + ")",
                    Errno.EPERM,
                    "this process has every capability for programs of type " + spec.type()
                            + ": something else forbids them, such as lockdown or a security policy");
        }
        if (result == -Errno.EINVAL) {
            String minimum = spec.type().minimumKernel();
            return SyscallException.explained(
                    "bpf(" + BpfCommand.BPF_PROG_LOAD + ")",
                    Errno.EINVAL,
                    "the kernel refuses the program " + spec.name() + " of type " + spec.type() + ", attach type "
                            + spec.attachType() + ", flags 0x" + Integer.toHexString(spec.flags())
                            + " before the verifier says a word"
                            + (KernelVersion.running().isBefore(minimum)
                                    ? "; the type needs kernel ≥ " + minimum + ", this is " + KernelVersion.running()
                                    : ""));
        }
        return Bpf.failure(BpfCommand.BPF_PROG_LOAD, result);
    }

    private static boolean isTracing(ProgramType type) {
        return type == ProgramType.TRACING || type == ProgramType.LSM || type == ProgramType.EXT;
    }

    private static boolean mayTrace() {
        try {
            Capabilities own = Capabilities.ofThread();
            return own.has(Capabilities.CAP_SYS_ADMIN)
                    || own.has(Capabilities.CAP_BPF) && own.has(Capabilities.CAP_PERFMON);
        } catch (SyscallException e) {
            return false;
        }
    }

    /**
     * Runs the program once on a packet, which is copied: each run starts from the same bytes. Since Linux 4.12 for socket filters and XDP.
     *
     * @param packet at least 14 bytes, starting with the Ethernet header
     */
    public TestRun testRun(byte[] packet) throws SyscallException {
        return testRun(packet, NONE, 1);
    }

    /**
     * Runs the program on a packet.
     *
     * @param context a context of the program's type, such as {@code struct xdp_md}; empty for the kernel's own
     * @param repeat how often, to measure it; from the second time on the program meets what it did to the packet before
     */
    public TestRun testRun(byte[] packet, byte[] context, int repeat) throws SyscallException {
        return TestRun.of(
                bpf.progTestRun(fd, new TestRunAttr(packet, context, repeat, packet.length + TEST_RUN_GROWTH)));
    }

    /** Gives the program a name in a BPF file system, which keeps it alive until the file is deleted. */
    public void pin(Path path) throws SyscallException {
        bpf.pin(fd, path);
    }

    /** Returns what the kernel says of the program. */
    public ProgramDescription describe() throws SyscallException {
        return ProgramDescription.of(info());
    }

    /** Switches counting of run time and runs on, for all programs, until what is returned is closed. Since Linux 5.8. */
    public static AutoCloseable enableStatistics() throws SyscallException {
        return Bpf.kernel().enableRunTimeStatistics();
    }

    /**
     * Returns the kernel's description with every number, and with {@code runTimeNs} and {@code runCount}, which count only while
     * {@link Bpf#enableRunTimeStatistics} or the sysctl {@code kernel.bpf_stats_enabled} is on.
     */
    public ProgInfo info() throws SyscallException {
        return bpf.progInfo(fd);
    }

    /** Returns what the verifier wrote, if {@link ProgramOptions#withLog} asked for it. */
    public Optional<String> verifierLog() {
        return Optional.ofNullable(log);
    }

    /**
     * Returns what the program was loaded for.
     *
     * @throws IllegalStateException for programs that were opened, of which the kernel does not tell
     */
    public AttachType attachType() {
        AttachType known = AttachType.ofNumber(attachType);
        if (known == null) {
            throw new IllegalStateException("the kernel does not tell what the program " + name + " was loaded for");
        }
        return known;
    }

    /** Returns the way to the kernel that the program was loaded by. */
    public Bpf bpf() {
        return bpf;
    }

    /** Returns the descriptor, owned by the program. */
    public Fd fd() {
        return fd;
    }

    /** Returns the function's name; of programs that were opened, the kernel's 15 characters of it. */
    public String name() {
        return name;
    }

    @Override
    public void close() {
        fd.close();
    }

    @Override
    public String toString() {
        return "program " + name + " (" + fd + ")";
    }
}
