package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.sys.Bpf;
import dev.weir.sys.Fd;
import dev.weir.sys.MapCreateAttr;
import dev.weir.sys.Mmap;
import dev.weir.sys.SyscallException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Does the sandbox see each kind of leak, and nothing of its neighbours? */
class KernelSandboxTest {
    private static final int ARRAY = 2;
    private static final int MMAPABLE = 1 << 10;
    private static final int PAGE = 4096;

    private static Fd map() throws SyscallException {
        return Bpf.kernel().mapCreate(new MapCreateAttr(ARRAY, 4, 8, PAGE / 8, MMAPABLE, 0, 0, "kit", 0, 0, 0, 0));
    }

    @Test
    void whatIsClosedIsNoLeak() throws Exception {
        KernelSandbox.run(sandbox -> {
            sandbox.veth();
            Path pin = sandbox.bpffs().resolve("pin");
            try (Fd map = map();
                    Mmap memory = Mmap.shared(map, 0, PAGE, false)) {
                assertThat(memory.memory().byteSize()).isEqualTo(PAGE);
                Bpf.kernel().pin(map, pin);
            }
            Files.delete(pin);
        });
    }

    @Test
    void aDescriptorIsALeak() throws Exception {
        List<Fd> left = new ArrayList<>();
        assertThatThrownBy(() -> KernelSandbox.run(sandbox -> left.add(map())))
                .hasMessageContaining("left in this process; opened inside and not closed: [Fd, opened by")
                .hasMessageContaining("KernelSandboxTest.java")
                .hasMessageContaining(
                        "map_id: " + Bpf.kernel().mapInfo(left.getFirst()).id());
        left.getFirst().close();
    }

    @Test
    void aMappingIsALeak() throws Exception {
        List<Mmap> left = new ArrayList<>();
        assertThatThrownBy(() -> KernelSandbox.run(sandbox -> {
                    try (Fd map = map()) {
                        left.add(Mmap.shared(map, 0, PAGE, false));
                    }
                }))
                .hasMessageContaining("left in this process")
                .hasMessageContaining("bpf-map");
        left.getFirst().close();
    }

    /** Memory of this process leaves no trace in the kernel. */
    @Test
    void memoryIsALeak() throws Exception {
        List<Mmap> left = new ArrayList<>();
        assertThatThrownBy(() -> KernelSandbox.run(sandbox -> left.add(Mmap.anonymous(PAGE))))
                .hasMessageContaining("opened inside and not closed")
                .hasMessageContaining("Mmap, opened by");
        left.getFirst().close();
    }

    /** At the usual place the pin would stay behind in the machine's own BPF file system. */
    @Test
    void aPinIsALeakAlsoAtTheUsualPlace() {
        for (String place : List.of("", "/sys/fs/bpf")) {
            assertThatThrownBy(() -> KernelSandbox.run(sandbox -> {
                        Path directory = place.isEmpty() ? sandbox.bpffs() : Path.of(place);
                        try (Fd map = map()) {
                            Bpf.kernel().pin(map, directory.resolve("weir-kit"));
                        }
                    }))
                    .hasMessageContaining("left inside")
                    .hasMessageContaining("weir-kit");
        }
        assertThat(Path.of("/sys/fs/bpf/weir-kit")).doesNotExist();
    }

    @Test
    void aProcessIsALeak() {
        List<Process> left = new ArrayList<>();
        assertThatThrownBy(() -> KernelSandbox.run(
                        sandbox -> left.add(new ProcessBuilder("sleep", "600")
                                .redirectInput(ProcessBuilder.Redirect.from(
                                        Path.of("/dev/null").toFile()))
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .redirectError(ProcessBuilder.Redirect.DISCARD)
                                .start()),
                        Duration.ofMillis(300)))
                .hasMessageContaining("left in the namespaces")
                .hasMessageContaining("sleep");
        left.getFirst().destroyForcibly();
    }

    @Test
    void whatNeighboursMakeIsNotSeen() throws Exception {
        Process neighbour = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Neighbour.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (PrintWriter to = new PrintWriter(neighbour.getOutputStream(), true, StandardCharsets.UTF_8);
                BufferedReader from = neighbour.inputReader()) {
            assertThat(from.readLine()).isEqualTo("ready");
            KernelSandbox.run(sandbox -> {
                to.println("make a map");
                assertThat(from.readLine()).matches("map \\d+");
            });
            assertThat(neighbour.isAlive()).isTrue();
        }
        assertThat(neighbour.waitFor()).isZero();
    }

    /** Holds a map for each line it reads. */
    static final class Neighbour {
        private Neighbour() {}

        public static void main(String[] args) throws IOException {
            List<Fd> held = new ArrayList<>();
            System.out.println("ready");
            try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                while (in.readLine() != null) {
                    held.add(map());
                    System.out.println(
                            "map " + Bpf.kernel().mapInfo(held.getLast()).id());
                }
            }
        }
    }
}
