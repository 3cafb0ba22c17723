package dev.weir.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.elf.ObjectSpec;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.prog.ProgramOptions;
import dev.weir.ebpf.prog.VerifierLogLevel;
import dev.weir.sys.Bpf;
import dev.weir.testkit.KernelSandbox;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an object leaves to the running kernel: settings of its build, variables, addresses, types. */
class ExternsTest {
    private static long[] results(ObjectSpec spec, String program) throws Exception {
        try (BpfObject object = BpfObject.load(spec.withOnly(program))) {
            object.program(program).testRun(new byte[64]);
            BpfMap bss = object.map(".bss");
            ByteBuffer values = ByteBuffer.wrap(bss.typed(Codec.U32, Codec.bytes(bss.valueBytes()))
                            .lookup(0)
                            .orElseThrow())
                    .order(ByteOrder.LITTLE_ENDIAN);
            long[] results = new long[5];
            for (int i = 0; i < results.length; i++) {
                results[i] = values.getLong(i * 8);
            }
            return results;
        }
    }

    @Test
    void settingsAreTheRunningKernels() throws Exception {
        KernelSandbox.run(sandbox -> {
            long[] results = results(TestObjects.spec("objects/extern"), "settings");
            assertThat("CONFIG_HZ=" + results[0]).isEqualTo(setting("CONFIG_HZ"));
            assertThat(results[1]).isEqualTo(1);
            String hostname = "CONFIG_DEFAULT_HOSTNAME=\"" + (char) (results[2] >> 8) + (char) (results[2] & 0xff);
            assertThat(setting("CONFIG_DEFAULT_HOSTNAME")).startsWith(hostname);
            assertThat(System.getProperty("os.version"))
                    .startsWith((results[3] >> 16) + "." + (results[3] >> 8 & 0xff) + ".");
            assertThat(results[4]).as("optional, and not there").isZero();
        });
    }

    private static String setting(String name) throws Exception {
        String file = Files.exists(Path.of("/proc/config.gz"))
                ? "zcat /proc/config.gz"
                : "cat /boot/config-" + System.getProperty("os.version");
        return KernelSandbox.command("sh", "-c", file + " | grep ^" + name + "=")
                .strip();
    }

    @Test
    void settingsMayBeGivenInPlaceOfTheKernels() throws Exception {
        KernelSandbox.run(sandbox -> {
            ObjectSpec spec = TestObjects.spec("objects/extern")
                    .withVariables(Map.of("CONFIG_HZ", 77, "CONFIG_THAT_NEVER_WAS", 5L));
            long[] results = results(spec, "settings");
            assertThat(results[0]).isEqualTo(77);
            assertThat(results[4]).isEqualTo(5);
            assertThat(results[3]).isNotZero();
        });
    }

    @Test
    void addressesAreFoundByName() throws Exception {
        KernelSandbox.run(sandbox -> {
            long[] results = results(TestObjects.spec("objects/extern"), "symbols");
            String line = KernelSandbox.command("grep", " ksys_read$", "/proc/kallsyms")
                    .strip();
            assertThat(Long.toHexString(results[1])).isEqualTo(line.substring(0, 16));
            assertThat(results[2]).isZero();
            assertThat(results[3]).isZero();
        });
    }

    /** Kernels without CONFIG_KALLSYMS_ALL know the type, and say so, but not the address. */
    @Test
    void variablesPerCpuAreFoundByTheirType() throws Exception {
        KernelSandbox.run(sandbox -> {
            ObjectSpec spec = TestObjects.spec("objects/extern");
            if (KernelSandbox.command("sh", "-c", "grep -c ' runqueues$' /proc/kallsyms || true")
                    .strip()
                    .equals("0")) {
                assertThatThrownBy(() -> results(spec, "run_queue"))
                        .hasMessageContaining("failed to find the address for kernel symbol 'runqueues'");
            } else {
                assertThat(results(spec, "run_queue")[0])
                        .as("the run queue of CPU 0 says so")
                        .isEqualTo(100);
            }
        });
    }

    @Test
    void fieldsOfTheRunningKernelAreFound() throws Exception {
        KernelSandbox.run(sandbox -> {
            long[] results = results(TestObjects.spec("objects/extern"), "types");
            assertThat(results[0]).isEqualTo(results[1]).isNotZero();
        });
    }

    @Test
    void whatIsNobodysIsSaid() throws Exception {
        assertThatThrownBy(() ->
                        TestObjects.spec("objects/extern").program("types").withSymbol("nothing", 1))
                .hasMessage("program types leaves no symbol nothing open");
        KernelSandbox.run(sandbox -> {
            ObjectSpec spec = TestObjects.spec("objects/open");
            assertThatThrownBy(() -> BpfObject.load(spec))
                    .hasMessage(
                            "program asks refers to THE_ANSWER, which is outside the object; withSymbol gives it a value");
            try (BpfObject object = BpfObject.load(spec.withProgram("asks", p -> p.withSymbol("THE_ANSWER", 42)))) {
                assertThat(object.program("asks").testRun(new byte[64]).returned())
                        .isEqualTo(42);
            }
        });
    }

    @Test
    void theVerifiersLogIsKeptOnRequest() throws Exception {
        KernelSandbox.run(sandbox -> {
            ObjectSpec spec = TestObjects.spec("examples/count");
            try (BpfObject object = BpfObject.load(spec)) {
                assertThat(object.program("count").verifierLog()).isEmpty();
            }
            for (VerifierLogLevel level : VerifierLogLevel.values()) {
                LoadOptions options = LoadOptions.DEFAULT.withPrograms(ProgramOptions.DEFAULT.withLog(level));
                try (BpfObject object = BpfObject.load(Bpf.kernel(), spec, options)) {
                    String log = object.program("count").verifierLog().orElse("");
                    switch (level) {
                        case NONE -> assertThat(log).isEmpty();
                        case STATISTICS ->
                            assertThat(log).contains("processed ").doesNotContain("R1=ctx");
                        case TRACE -> assertThat(log).contains("processed ", "R1=ctx", "protocol");
                    }
                }
            }
        });
    }
}
