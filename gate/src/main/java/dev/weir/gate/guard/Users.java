package dev.weir.gate.guard;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.prog.Program;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfKind;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who uses tables and would not notice that others have taken their place: processes of someone else, such as a dnsdist daemon, and programs of
 * someone else. Weir's processes have the directory of the pins open beside the tables, for its lock, and follow. As far as /proc and the
 * kernel tell, which takes CAP_SYS_PTRACE and CAP_SYS_ADMIN to tell all.
 */
final class Users {
    private static final Path PROC = Path.of("/proc");

    private final Set<String> maps = new HashSet<>();
    private final Set<Integer> mapIds = new HashSet<>();
    private final @Nullable Object directory;

    private Users(GuardPins pins, List<BpfMap> used) throws IOException {
        for (BpfMap map : used) {
            int id = map.info().id();
            mapIds.add(id);
            maps.add("map_id:\t" + id);
        }
        directory = Files.readAttributes(pins.directory(), BasicFileAttributes.class)
                .fileKey();
    }

    /** @throws KernelException FAILED, naming one, if there is any */
    static void check(Bpf bpf, GuardPins pins, List<BpfMap> used) throws IOException {
        Users users = new Users(pins, used);
        users.checkProcesses();
        users.checkPrograms(bpf, pins);
    }

    private void checkProcesses() throws IOException {
        Path self = PROC.resolve(String.valueOf(ProcessHandle.current().pid()));
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (!process.equals(self) && hasMap(process) && !hasDirectory(process)) {
                    throw new KernelException(
                            Reason.FAILED,
                            "the table can't grow while process " + process.getFileName() + " (" + name(process)
                                    + ") has it open, which would go on with the old one: end it first, and give it tables of the new size");
                }
            }
        }
    }

    private boolean hasMap(Path process) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fdinfo"))) {
            for (Path file : files) {
                // Only files of the kernel's BPF have such a line.
                if (isBpfMap(process.resolve("fd").resolve(file.getFileName()))
                        && Files.readAllLines(file).stream().anyMatch(maps::contains)) {
                    return true;
                }
            }
        } catch (IOException e) {
            // It has ended, or is not ours to look at.
            return false;
        }
        return false;
    }

    private static boolean isBpfMap(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals("anon_inode:bpf-map");
        } catch (IOException e) {
            return false;
        }
    }

    private boolean hasDirectory(Path process) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (directory != null
                        && Files.readSymbolicLink(file).toString().startsWith("/")
                        && directory.equals(Files.readAttributes(file, BasicFileAttributes.class)
                                .fileKey())) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false;
        }
        return false;
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException e) {
            return "?";
        }
    }

    private void checkPrograms(Bpf bpf, GuardPins pins) throws IOException {
        Set<Integer> ours = new HashSet<>();
        for (String device : pins.devices()) {
            try (PinnedGuard guard = PinnedGuard.open(bpf, pins, device)) {
                ours.add(guard.programId());
            }
        }
        try {
            for (int id : bpf.ids(BpfKind.PROGRAM)) {
                if (!ours.contains(id)) {
                    check(bpf, id);
                }
            }
        } catch (SyscallException e) {
            // Without CAP_SYS_ADMIN nobody tells.
            return;
        }
    }

    private void check(Bpf bpf, int id) throws IOException {
        try (Program program = Program.open(bpf, id)) {
            if (program.info().mapIds().stream().anyMatch(mapIds::contains)) {
                throw new KernelException(
                        Reason.FAILED,
                        "the table can't grow while the program \"" + program.name() + "\" (id " + id
                                + ") uses it, which is not ours and would go on with the old one");
            }
        } catch (SyscallException e) {
            // It is gone.
            return;
        }
    }
}
