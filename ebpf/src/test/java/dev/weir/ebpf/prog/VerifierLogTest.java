package dev.weir.ebpf.prog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.elf.ObjectSpec;
import dev.weir.testkit.KernelSandbox;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logs of a real verifier (Linux 6.18) and the line that each must come down to. {@link StoreVerifierLogs} made them. */
class VerifierLogTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            no_bounds_check  | invalid access to packet, off=12 size=1, R1(id=0,off=12,r=0); R1 offset is outside of the packet (insn 1: (71) r0 = *(u8 *)(r1 +12)) at `return data[12]; @ broken.bpf.c:21`
            no_null_check    | R0 invalid mem access 'map_value_or_null' (insn 7: (79) r0 = *(u64 *)(r0 +0)) at `return (int)*value; @ broken.bpf.c:29`
            endless          | BPF program is too large. Processed 1000001 insn (insn 9: (bf) r1 = r0) at `while (more) @ broken.bpf.c:37`
            lost_record      | Unreleased reference id=2 alloc_insn=4; BPF_EXIT instruction in main prog would lead to reference leak (insn 9: (95) exit) at `return XDP_PASS; @ broken.bpf.c:48`
            wrong_argument   | R1 type=ctx expected=map_ptr (insn 1: (85) call bpf_map_delete_elem#3) at `return bpf_map_delete_elem((void *)ctx, &ctx->data); @ broken.bpf.c:54`
            beyond_the_stack | invalid variable-offset read from stack R1 var_off=(0x0; 0x1f) off=-16 size=1 (insn 8: (71) r0 = *(u8 *)(r1 +0)) at `return *at; @ broken.bpf.c:63`
            write_context    | invalid bpf_context access off=0 size=4 (insn 1: (63) *(u32 *)(r1 +0) = r2) at `*(volatile __u32 *)&skb->len = 3; @ broken.bpf.c:69`
            closed           | cannot call GPL-restricted function from non-GPL compatible program (insn 0: (85) call bpf_probe_read#4)
            no_exit          | last insn is not an exit or jmp
            no_return_value  | R0 !read_ok (insn 0: (95) exit)
            """)
    void oneLineSaysWhatIsWrong(String name, String summary) throws IOException {
        try (InputStream in = VerifierLogTest.class.getResourceAsStream("/dev/weir/ebpf/logs/" + name + ".log")) {
            String log = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(VerifierLog.summary(log)).isEqualTo(summary);
        }
    }

    @Test
    void anyTextGivesALine() {
        assertThat(VerifierLog.summary("")).isEqualTo("no reason given");
        assertThat(VerifierLog.summary("\n; code\n3: (95) exit\nprocessed 1 insns"))
                .isEqualTo("no reason given");
        assertThat(VerifierLog.summary("x".repeat(1000))).hasSize(161);
    }

    /** The same programs again, in the kernel that runs this: words differ between kernels, but there always are some. */
    @Test
    void thisKernelsVerifierIsUnderstoodAsWell() throws Exception {
        KernelSandbox.run(sandbox -> {
            ObjectSpec spec = TestObjects.spec("objects/broken");
            for (ProgramSpec program : spec.programs()) {
                VerifierException e =
                        catchThrowableOfType(VerifierException.class, () -> load(spec.withOnly(program.name())));
                assertThat(e).as(program.name()).isNotNull();
                assertThat(e.getMessage())
                        .startsWith("program " + program.name() + ": E")
                        .contains(" from the verifier: " + e.summary());
                assertThat(e.summary()).contains("(insn ").contains(" at `").doesNotContain("\n");
                assertThat(e.log()).contains("processed ");
            }
        });
    }

    private static void load(ObjectSpec spec) throws IOException {
        BpfObject.load(spec).close();
    }
}
