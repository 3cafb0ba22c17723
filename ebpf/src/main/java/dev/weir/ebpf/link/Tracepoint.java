package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.AttachType;
import dev.weir.ebpf.prog.Program;
import dev.weir.sys.Errno;
import dev.weir.sys.Fd;
import dev.weir.sys.LinkAttr;
import dev.weir.sys.PerfEvent;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Attaches programs to places that the kernel's developers marked for tracing. Since Linux 5.15; {@link #attachRaw} since 4.17.
 *
 * @see <a href="https://docs.kernel.org/trace/tracepoints.html">tracepoints</a>
 */
public final class Tracepoint {
    private static final Path TRACEFS = Path.of("/sys/kernel/tracing");
    private static final Path OLD_TRACEFS = Path.of("/sys/kernel/debug/tracing");

    private Tracepoint() {}

    /**
     * Attaches a program of type {@code tracepoint}, which sees the fields that {@code format} in tracefs describes.
     *
     * @param group as in {@code syscalls}
     * @param name as in {@code sys_enter_openat}
     * @throws IOException if tracefs is not mounted or has no such tracepoint
     */
    public static BpfLink attach(Program program, String group, String name) throws IOException {
        try (Fd event = PerfEvent.tracepoint(id(group, name))) {
            return BpfLink.create(program, event, AttachType.PERF_EVENT, new LinkAttr.Detail.PerfEvent(0));
        }
    }

    /**
     * Attaches a program of type {@code raw_tracepoint}, which sees the arguments as the kernel's code passes them.
     *
     * @param name as in {@code sched_switch}, without a group
     * @throws SyscallException ENOENT if there is no such tracepoint
     */
    public static BpfLink attachRaw(Program program, String name) throws SyscallException {
        return BpfLink.raw(program, name);
    }

    private static int id(String group, String name) throws IOException {
        Path root = Files.isDirectory(TRACEFS.resolve("events")) ? TRACEFS : OLD_TRACEFS;
        if (!Files.isDirectory(root.resolve("events"))) {
            throw new IOException(
                    "the kernel tells its tracepoints in tracefs only, which is not there: mount -t tracefs"
                            + " tracefs " + TRACEFS);
        }
        try {
            return Integer.parseInt(Files.readString(
                            root.resolve("events").resolve(group).resolve(name).resolve("id"))
                    .strip());
        } catch (NoSuchFileException e) {
            throw SyscallException.explained("tracepoint " + group + "/" + name, Errno.ENOENT, "this kernel has none");
        }
    }
}
