package dev.weir.testkit;

import dev.weir.sys.Namespace;
import dev.weir.sys.NetlinkRoute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Two empty networks, one here and one far away, for tests that change addresses, routes and interfaces. Each belongs to a thread and to the
 * threads and processes that it starts; virtual threads run elsewhere. Needs root.
 */
public final class NetworkSandbox {
    private final ExecutorService far;

    private NetworkSandbox(ExecutorService far) {
        this.far = far;
    }

    /** What runs inside. */
    @FunctionalInterface
    public interface Body {
        void run(NetworkSandbox sandbox) throws Exception;
    }

    /** Runs a test on a thread of the near network, where only the loopback interface is up. */
    public static void run(Body body) throws Exception {
        Rights.assumeRoot();
        // Ports are reserved where the process lives, not in the first sandbox that asks.
        LoopbackPorts.free();
        try (ExecutorService near = ofOneThread("near");
                ExecutorService far = ofOneThread("far")) {
            on(far, NetworkSandbox::leave);
            on(near, () -> {
                leave();
                body.run(new NetworkSandbox(far));
                return true;
            });
        }
    }

    private static ExecutorService ofOneThread(String name) {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
    }

    private static boolean leave() throws Exception {
        Namespace.leave(Namespace.NETWORK);
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            netlink.up(1);
        }
        return true;
    }

    private static <T> T on(ExecutorService thread, Callable<T> task) throws Exception {
        try {
            return thread.submit(task).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Does something in the far network. */
    public <T> T far(Callable<T> task) throws Exception {
        return on(far, task);
    }

    /** Lays a cable from an interface here to one there, both up and without addresses. */
    public void cable(String here, String there) throws Exception {
        Path farThread = far(() -> Files.readSymbolicLink(Path.of("/proc/thread-self")));
        ip("link add name " + here + " type veth peer name " + there + " netns "
                + farThread.getFileName().toString());
        ip("link set " + here + " up");
        farIp("link set " + there + " up");
    }

    /** Runs ip(8) in the near network. */
    public void ip(String words) throws Exception {
        KernelSandbox.command(("ip " + words).split(" ", -1));
    }

    /** Runs ip(8) in the far network. */
    public void farIp(String words) throws Exception {
        far(() -> KernelSandbox.command(("ip " + words).split(" ", -1)));
    }
}
