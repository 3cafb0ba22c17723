package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.sys.LeakDetector;
import dev.weir.sys.Namespace;
import dev.weir.sys.NetlinkRoute;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread in network and mount namespaces of its own, with a BPF file system, which lies at the usual place as well. Afterwards nothing may be
 * left that keeps anything of it alive: no descriptor, mapping or native memory (of these the place that opened it is told), no pin, no program on a device, no process or thread. {@link Holdings}
 * says why that is looked at, and not the objects: several sandboxes may be in use on a machine.
 */
public final class KernelSandbox {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Where programs pin unless told otherwise; a name in the kernel's own file system, so it is there. */
    private static final String USUAL_BPFFS = "/sys/fs/bpf";

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
        run(body, PATIENCE);
    }

    /** The same, but what ends by itself is waited for no longer than that. */
    static void run(Body body, Duration patience) throws Exception {
        Rights.assumeRoot();
        assumeTrue(
                isKernelNewEnough(System.getProperty("os.version")),
                "needs Linux " + MINIMUM_MAJOR + '.' + MINIMUM_MINOR);
        warmUp();
        Set<String> heldBefore = Holdings.ofThisProcess();
        Inside inside = new Inside(Files.createTempDirectory("weir-bpf"), body, patience);
        List<String> leaks;
        try (LeakDetector detector = LeakDetector.start()) {
            Thread thread = Thread.ofPlatform().name("sandbox").start(inside);
            thread.join();
            leaks = detector.leaks();
        }
        Files.delete(inside.directory);
        if (inside.failure instanceof Exception e) {
            throw e;
        }
        if (inside.failure instanceof Error e) {
            throw e;
        }
        assertThat(inside.left).as("left inside").isEmpty();
        Set<String> held = Holdings.ofThisProcess();
        held.removeAll(heldBefore);
        assertThat(held)
                .as("left in this process; opened inside and not closed: %s", leaks)
                .isEmpty();
        // A thread is joined in Java a little before the kernel has ended it.
        assertThat(remaining(patience, () -> Holdings.threadsIn(inside.namespaces)))
                .as("left in the namespaces")
                .isEmpty();
        assertThat(leaks).as("opened inside and not closed").isEmpty();
    }

    /** The thread's work. Fields are read when it has ended. */
    private static final class Inside implements Runnable {
        private final Path directory;
        private final Body body;
        private final Duration patience;
        private final Set<String> left = new TreeSet<>();
        private Set<String> namespaces = Set.of();
        private @Nullable Throwable failure;

        Inside(Path directory, Body body, Duration patience) {
            this.directory = directory;
            this.body = body;
            this.patience = patience;
        }

        @Override
        public void run() {
            try {
                Namespace.leave(Namespace.NETWORK | Namespace.MOUNT);
                namespaces = Holdings.namespaces();
                command("mount", "--make-rprivate", "/");
                command("mount", "-t", "bpf", "bpf", directory.toString());
                command("mount", "--bind", directory.toString(), USUAL_BPFFS);
                try (NetlinkRoute netlink = new NetlinkRoute()) {
                    netlink.up(1);
                }
                body.run(new KernelSandbox(directory));
                left.addAll(Holdings.pins(directory));
                // Links of processes that were killed end a little later than these.
                left.addAll(remaining(patience, Holdings::programsOnDevices));
                command("umount", USUAL_BPFFS);
                command("umount", directory.toString());
            } catch (Throwable t) {
                failure = t;
            }
        }
    }

    /** What is still there when nothing is, or patience has ended. */
    private static Set<String> remaining(Duration patience, Callable<Set<String>> look) throws Exception {
        long endNs = System.nanoTime() + patience.toNanos();
        Set<String> there = look.call();
        while (!there.isEmpty() && System.nanoTime() - endNs < 0) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            there = look.call();
        }
        return there;
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

    /** Child processes, class loading and the first socket that is closed open files once that stay open: they must not count as leaks. */
    private static void warmUp() throws Exception {
        command("true");
        // Ports are reserved where the process lives, not in the first sandbox that asks.
        LoopbackPorts.free();
        new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1")).close();
        Holdings.threadsIn(Holdings.namespaces());
        Holdings.ofThisProcess();
    }
}
