package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.sys.Bpf;
import dev.weir.sys.BpfKind;
import dev.weir.sys.Namespace;
import dev.weir.sys.NetlinkRoute;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A thread in network and mount namespaces of its own, with a BPF file system; afterwards nothing of it may be left: no descriptor, no pin, no
 * program, map or link, no namespace.
 */
public final class KernelSandbox {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int MINIMUM_MAJOR = 5;
    private static final int MINIMUM_MINOR = 18;

    private final Path bpffs;

    private KernelSandbox(Path bpffs) {
        this.bpffs = bpffs;
    }

    /** What runs inside. */
    @FunctionalInterface
    public interface Body {
        void run(KernelSandbox sandbox) throws Exception;
    }

    /** Runs a test and checks that it left nothing behind. */
    public static void run(Body body) throws Exception {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "needs root");
        assumeTrue(
                isKernelNewEnough(System.getProperty("os.version")),
                "needs Linux " + MINIMUM_MAJOR + '.' + MINIMUM_MINOR);
        warmUp();
        Map<BpfKind, Set<Integer>> idsBefore = ids();
        Set<String> filesBefore = openFiles();
        Path directory = Files.createTempDirectory("weir-bpf");
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Set<String> pinsLeft = new TreeSet<>();
        Thread thread = Thread.ofPlatform().name("sandbox").start(() -> {
            try {
                Namespace.leave(Namespace.NETWORK | Namespace.MOUNT);
                command("mount", "--make-rprivate", "/");
                command("mount", "-t", "bpf", "bpf", directory.toString());
                try (NetlinkRoute netlink = new NetlinkRoute()) {
                    netlink.up(1);
                }
                body.run(new KernelSandbox(directory));
                try (Stream<Path> pins = Files.list(directory)) {
                    // The kernel itself puts maps.debug and progs.debug there.
                    pins.map(pin -> pin.getFileName().toString())
                            .filter(pin -> !pin.endsWith(".debug"))
                            .forEach(pinsLeft::add);
                }
                command("umount", directory.toString());
            } catch (Throwable t) {
                failure.set(t);
            }
        });
        thread.join();
        Files.delete(directory);
        if (failure.get() instanceof Exception e) {
            throw e;
        }
        if (failure.get() instanceof Error e) {
            throw e;
        }
        assertThat(pinsLeft).as("pins left").isEmpty();
        Set<String> files = openFiles();
        files.removeAll(filesBefore);
        assertThat(files).as("descriptors left").isEmpty();
        awaitOneNamespace();
        awaitGone(idsBefore);
    }

    /** On older kernels the objects of the tests do not load; on newer ones whatever is missing is a failure. */
    public static boolean isKernelNewEnough(String version) {
        String[] parts = version.split("[.-]", 3);
        int major = Integer.parseInt(parts[0]);
        return major > MINIMUM_MAJOR || major == MINIMUM_MAJOR && Integer.parseInt(parts[1]) >= MINIMUM_MINOR;
    }

    /** A BPF file system that goes with the sandbox; what a test pins it must unpin. */
    public Path bpffs() {
        return bpffs;
    }

    /** Makes a veth pair, both ends up, and returns the indices of {@code a} and {@code b}. */
    public int[] veth() throws IOException {
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            netlink.createVeth("a", "b");
            int a = netlink.networkInterface("a").orElseThrow().index();
            int b = netlink.networkInterface("b").orElseThrow().index();
            netlink.up(a);
            netlink.up(b);
            return new int[] {a, b};
        }
    }

    /** Runs a program, in the namespaces of the calling thread, and returns what it printed. */
    public static String command(String... words) throws Exception {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.getInputStream().close();
        process.getErrorStream().close();
        process.getOutputStream().close();
        assertThat(process.waitFor())
                .as("%s: %s", Arrays.toString(words), output)
                .isZero();
        return output;
    }

    /** Child processes and class loading open files once that stay open: they must not count as leaks. */
    private static void warmUp() throws Exception {
        command("true");
        ids();
        openFiles();
        networkNamespaces();
    }

    private static Map<BpfKind, Set<Integer>> ids() throws IOException {
        Map<BpfKind, Set<Integer>> ids = new EnumMap<>(BpfKind.class);
        for (BpfKind kind : List.of(BpfKind.LINK, BpfKind.PROGRAM, BpfKind.MAP)) {
            ids.put(kind, new HashSet<>(Bpf.kernel().ids(kind)));
        }
        return ids;
    }

    /** The kernel frees programs and links a little after their last descriptor is closed. */
    private static void awaitGone(Map<BpfKind, Set<Integer>> before) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Map<BpfKind, Set<Integer>> left = ids();
            left.forEach((kind, ids) -> ids.removeAll(before.getOrDefault(kind, Set.of())));
            if (left.values().stream().allMatch(Set::isEmpty)) {
                return;
            }
            assertThat(System.nanoTime())
                    .as("objects left in the kernel: %s", left)
                    .isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    /** A thread is joined in Java a little before the kernel has ended it. */
    private static void awaitOneNamespace() throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (networkNamespaces().size() != 1) {
            assertThat(System.nanoTime())
                    .as("network namespaces of this process: %s", networkNamespaces())
                    .isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    /** Files of the class path are the class loader's business. */
    private static Set<String> openFiles() throws IOException {
        Set<String> files = new TreeSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (!target.endsWith(".jar") && !target.startsWith("/proc/") && !target.startsWith("/dev/")) {
                        files.add(descriptor.getFileName() + " " + target);
                    }
                } catch (IOException e) {
                    // The descriptor of the listing itself is gone by now.
                }
            }
        }
        return files;
    }

    private static Set<String> networkNamespaces() throws IOException {
        Set<String> namespaces = new TreeSet<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            for (Path thread : threads.toList()) {
                try {
                    // The JDK keeps threads that wait for children for a minute, in the namespace of whom started the
                    // child.
                    if (Files.readString(thread.resolve("comm")).startsWith("process reaper")) {
                        continue;
                    }
                    namespaces.add(
                            Files.readSymbolicLink(thread.resolve("ns/net")).toString());
                } catch (IOException e) {
                    // The thread ended meanwhile.
                }
            }
        }
        return namespaces;
    }
}
