package dev.weir.app.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.MapType;
import dev.weir.sys.Bpf;
import dev.weir.sys.Errno;
import dev.weir.testkit.KernelSandbox;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code weir bpf}, against the kernel and, without rights, against a fake of it. */
class BpfToolTest {
    private record Outcome(int status, String out, String err) {}

    private static Outcome run(Bpf bpf, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = new BpfTool(
                        bpf,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(arguments);
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void showsAndDumpsAPinnedMap() throws Exception {
        KernelSandbox.run(sandbox -> {
            Path bpffs = sandbox.bpffs();
            Path pin = bpffs.resolve("shown");
            try (BpfMap map = BpfMap.create(new MapSpec("shown", MapType.HASH, 4, 8, 16))) {
                map.pin(pin);
                map.typed(Codec.U32, Codec.U64).put(1, 258L);
                int id = map.info().id();
                assertThat(run(Bpf.kernel(), "maps", bpffs.toString()).out().lines())
                        .containsExactly(
                                "id" + " ".repeat(Integer.toString(id).length())
                                        + "type  name   key  value  entries  flags  types  pinned",
                                id + "  hash  shown  4    8      16       0x0    no     " + pin);
                assertThat(run(Bpf.kernel(), "--json", "maps", bpffs.toString()).out())
                        .isEqualTo("[{\"id\":" + id + ",\"type\":\"hash\",\"name\":\"shown\",\"key\":4,\"value\":8,"
                                + "\"entries\":16,\"flags\":\"0x0\",\"types\":false,\"pinned\":[\"" + pin + "\"]}]\n");
                assertThat(run(Bpf.kernel(), "maps").out()).contains("shown");
            }
            assertThat(run(Bpf.kernel(), "dump", pin.toString()).out().lines())
                    .containsExactly("key          value", "01 00 00 00  02 01 00 00 00 00 00 00");
            assertThat(run(Bpf.kernel(), "progs", bpffs.toString()).out()).hasLineCount(1);
            assertThat(run(Bpf.kernel(), "links", bpffs.toString()).out()).hasLineCount(1);
            Files.delete(pin);
        });
    }

    @Test
    void tellsWhatTheKernelHas() throws Exception {
        KernelSandbox.run(sandbox -> {
            Outcome outcome = run(Bpf.kernel(), "features");
            assertThat(outcome.status()).isZero();
            assertThat(outcome.out())
                    .containsPattern("map +ringbuf +yes +5\\.8")
                    .containsPattern("program +xdp +yes +4\\.8")
                    .containsPattern("helper in xdp +bpf_xdp_adjust_tail +yes +4\\.18");
        });
    }

    @Test
    void lackOfRightsIsAnErrorInWords() {
        Bpf forbidden = new Bpf((command, attr) -> -Errno.EPERM);
        Outcome outcome = run(forbidden, "maps");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).isEqualTo("weir bpf maps: bpf(BPF_MAP_GET_NEXT_ID): EPERM: needs CAP_SYS_ADMIN\n");
        assertThat(run(forbidden, "features").out())
                .containsPattern("map +hash +no +3\\.19 +bpf\\(BPF_MAP_CREATE\\): EPERM: needs CAP_BPF");
    }

    @Test
    void whatIsNotUnderstoodGetsTheUsage() {
        Bpf unused = new Bpf((command, attr) -> -Errno.EPERM);
        for (String[] words : new String[][] {{}, {"what"}, {"dump"}, {"maps", "a", "b"}}) {
            Outcome outcome = run(unused, words);
            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.err()).isEqualTo(BpfTool.HELP);
        }
        assertThat(run(unused, "--help")).isEqualTo(new Outcome(0, BpfTool.HELP, ""));
    }
}
