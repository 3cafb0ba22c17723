package dev.weir.testkit;

import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.NetworkInterface;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What keeps things in the kernel alive, a line per thing: descriptors and mappings of this process, pins in a file system, programs on
 * devices, threads in a namespace (proc(5)). Ids of BPF objects count for the whole machine and do not say whose they are, so nothing here
 * looks at objects that this process and its namespaces do not hold: what others do on the machine meanwhile is not seen.
 */
final class Holdings {
    private static final Path SELF = Path.of("/proc/self");

    private Holdings() {}

    /** Descriptors, but those of the class path, which are the class loader's business; and memory that is not of files. */
    static Set<String> ofThisProcess() throws IOException {
        Set<String> held = new TreeSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(SELF.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (!target.endsWith(".jar") && !target.startsWith("/proc/") && !target.startsWith("/dev/")) {
                        held.add("descriptor " + descriptor.getFileName() + ' ' + target + id(descriptor));
                    }
                } catch (IOException e) {
                    // The descriptor of the listing itself is gone by now.
                }
            }
        }
        try (Stream<String> mappings = Files.lines(SELF.resolve("maps"))) {
            mappings.filter(mapping -> mapping.contains(" anon_inode:"))
                    .forEach(mapping -> held.add("mapping " + mapping));
        }
        return held;
    }

    /** The id of the BPF object behind a descriptor, if there is one. */
    private static String id(Path descriptor) throws IOException {
        Path info = SELF.resolve("fdinfo").resolve(descriptor.getFileName());
        for (String line : Files.readAllLines(info)) {
            if (line.matches("(map|prog|link|btf)_id:.*")) {
                return ' ' + line.replaceAll("\\s+", " ");
            }
        }
        return "";
    }

    /** What is pinned at the top of a BPF file system. */
    static Set<String> pins(Path bpffs) throws IOException {
        Set<String> pins = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(bpffs)) {
            for (Path file : files) {
                // The kernel itself puts maps.debug and progs.debug there.
                if (!file.toString().endsWith(".debug")) {
                    pins.add("pin " + file);
                }
            }
        }
        return pins;
    }

    /** Programs on devices of the calling thread's network. */
    static Set<String> programsOnDevices() throws IOException {
        Set<String> programs = new TreeSet<>();
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            for (NetworkInterface device : netlink.interfaces()) {
                if (device.xdpProgramId() != 0) {
                    programs.add("program " + device.xdpProgramId() + " on " + device.name());
                }
            }
        }
        return programs;
    }

    /** The calling thread's namespaces of network and mounts, by their links such as {@code net:[4026531840]}. */
    static Set<String> namespaces() throws IOException {
        return namespaces(Path.of("/proc/thread-self"));
    }

    private static Set<String> namespaces(Path thread) throws IOException {
        return Set.of(
                Files.readSymbolicLink(thread.resolve("ns/net")).toString(),
                Files.readSymbolicLink(thread.resolve("ns/mnt")).toString());
    }

    /** Threads of whatever process that are in one of these namespaces. */
    static Set<String> threadsIn(Set<String> namespaces) throws IOException {
        Set<String> inside = new TreeSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                for (Path thread : threads(process)) {
                    try {
                        String name = Files.readString(thread.resolve("comm")).strip();
                        // The JDK keeps threads that wait for children for a minute, in the namespaces of whom
                        // started the child.
                        if (!name.startsWith("process reaper")
                                && namespaces(thread).stream().anyMatch(namespaces::contains)) {
                            inside.add("thread " + thread + ' ' + name);
                        }
                    } catch (IOException e) {
                        // The thread has ended meanwhile.
                    }
                }
            }
        }
        return inside;
    }

    private static List<Path> threads(Path process) {
        try (Stream<Path> threads = Files.list(process.resolve("task"))) {
            return threads.toList();
        } catch (IOException e) {
            return List.of(); // The process has ended meanwhile.
        }
    }
}
