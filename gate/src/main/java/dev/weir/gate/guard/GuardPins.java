package dev.weir.gate.guard;

import dev.weir.engine.kernel.KernelException;
import dev.weir.gate.GuardOptions;
import dev.weir.gate.PinAccess;
import dev.weir.gate.table.Table;
import dev.weir.sys.FileSystemType;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the guard's things have names in a BPF file system, which is what keeps them when the process that made them is gone:
 *
 * <pre>
 *   DIR/addr-v4 addr-v6 cidr4 cidr6 qnames      shared with dnsdist and with programs made for it
 *   DIR/weir-suffixes weir-rates4 ...           Weir's own, shared by the guards of all devices
 *   DIR/weir/eth0/link prog stats options       the guard of one device
 *   DIR/weir/eth0/chained chain                 the program that was there before and gets what passes, and the map that keeps it
 *   DIR/weir/eth0/prog-next stats-next ...      while one replaces another
 * </pre>
 *
 * <p>The link decides what runs on the device; {@code prog} and {@code stats} only say so. A change writes the {@code -next} names first, then
 * changes the link in one step, then renames: whenever the process dies, the program that runs and the counters it counts in have a name.
 *
 * @param directory DIR
 */
public record GuardPins(Path directory) {
    /** The name of the table in which stands who wants what of entries; guards don't look into it. */
    public static final String CLAIMS = "weir-claims";

    /** Where dnsdist's own programs look. */
    public static final Path DEFAULT = Path.of("/sys/fs/bpf/dnsdist");

    /** Returns where a table that all devices share has its pin. */
    public Path table(Table table) {
        return table.pin(directory);
    }

    /** Returns where the guards of the devices have theirs. */
    public Path guards() {
        return directory.resolve("weir");
    }

    /** Returns the directory of one device's guard. The file system refuses dots; colons, which devices can't have, stand for them. */
    public Path guard(String device) {
        return guards().resolve(device.replace('.', ':'));
    }

    Path link(String device) {
        return guard(device).resolve("link");
    }

    Path program(String device) {
        return guard(device).resolve("prog");
    }

    Path stats(String device) {
        return guard(device).resolve("stats");
    }

    /** A symbolic link whose target is {@link GuardOptions#text}. */
    Path options(String device) {
        return guard(device).resolve("options");
    }

    Path chained(String device) {
        return guard(device).resolve("chained");
    }

    Path chain(String device) {
        return guard(device).resolve("chain");
    }

    Path nextChain(String device) {
        return guard(device).resolve("chain-next");
    }

    Path nextOptions(String device) {
        return guard(device).resolve("options-next");
    }

    Path nextProgram(String device) {
        return guard(device).resolve("prog-next");
    }

    Path nextStats(String device) {
        return guard(device).resolve("stats-next");
    }

    /** Returns the devices that have a guard pinned here, or the remains of one, sorted. */
    public List<String> devices() throws IOException {
        if (!Files.isDirectory(guards())) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(guards())) {
            return found.map(path -> path.getFileName().toString().replace(':', '.'))
                    .sorted()
                    .toList();
        }
    }

    /** Makes a directory for pins. @throws KernelException UNAVAILABLE if the file system is not one for pins, with what to do */
    void create(Path wanted) throws IOException {
        Path there = wanted.toAbsolutePath();
        for (Path up = there; up != null && !Files.exists(there); up = up.getParent()) {
            there = up;
        }
        if (!FileSystemType.of(there).isBpf()) {
            Path mount = wanted.startsWith("/sys/fs/bpf") ? Path.of("/sys/fs/bpf") : directory;
            throw new KernelException(
                    KernelException.Reason.UNAVAILABLE,
                    "no BPF file system for the pins: " + there + " is on another one; mount one: mount -t bpf bpf "
                            + mount);
        }
        boolean ours = !Files.exists(directory);
        try {
            Files.createDirectories(wanted);
            if (ours) {
                Files.createSymbolicLink(mark(), Path.of("by-weir-xdp"));
            }
        } catch (AccessDeniedException e) {
            throw PinAccess.denied(directory, e);
        }
    }

    /** A symbolic link that says that the directory is ours to remove; one that an operator made has none. */
    Path mark() {
        return directory.resolve("weir-made");
    }
}
