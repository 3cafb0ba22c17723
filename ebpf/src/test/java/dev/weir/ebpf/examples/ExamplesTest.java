package dev.weir.ebpf.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.KernelSandbox;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the README promises of each example. */
class ExamplesTest {
    @Test
    void countPackets() throws Exception {
        assertThat(printed((out, sandbox) -> CountPackets.run(out))).containsExactly("IP protocol 17: 5 packets");
    }

    @Test
    void blockPort() throws Exception {
        assertThat(printed((out, sandbox) -> BlockPort.run(out)))
                .containsExactly("2 datagrams arrived", "3 were dropped");
    }

    @Test
    void watchEvents() throws Exception {
        assertThat(printed((out, sandbox) -> WatchEvents.run(out)))
                .containsExactly(
                        "44 bytes of IP protocol 17", "44 bytes of IP protocol 17", "44 bytes of IP protocol 17");
    }

    @Test
    void closePort() throws Exception {
        assertThat(printed((out, sandbox) -> ClosePort.run(out)))
                .containsExactly(
                        "1 program on the device, by a link of type tcx",
                        "2 datagrams arrived at the open port, 0 at the closed one",
                        "3 were dropped");
    }

    @Test
    void countOpens() throws Exception {
        assertThat(printed((out, sandbox) -> {
                    KernelSandbox.command("mount", "-t", "tracefs", "tracefs", "/sys/kernel/tracing");
                    CountOpens.run(out);
                    KernelSandbox.command("umount", "/sys/kernel/tracing");
                }))
                .containsExactly("/proc/version: opened 3 times");
    }

    @Test
    void pinAndReopen() throws Exception {
        assertThat(printed((out, sandbox) -> PinAndReopen.run(out, sandbox.bpffs())))
                .containsExactly("4 packets from 127.0.0.1");
    }

    @Test
    void replaceProgram() throws Exception {
        assertThat(printed((out, sandbox) -> ReplaceProgram.run(out)))
                .containsExactly("500 packets met the old program, 500 the new one, 0 neither");
    }

    /** An example. */
    @FunctionalInterface
    private interface Example {
        void run(PrintStream out, KernelSandbox sandbox) throws Exception;
    }

    private static List<String> printed(Example example) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        KernelSandbox.run(sandbox -> example.run(new PrintStream(bytes, true, StandardCharsets.UTF_8), sandbox));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
