package dev.weir.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.elf.ObjectSpec;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.MapMemory;
import dev.weir.ebpf.map.MapMismatchException;
import dev.weir.ebpf.prog.TestRun;
import dev.weir.sys.Bpf;
import dev.weir.sys.ProgInfo;
import dev.weir.testkit.KernelSandbox;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole objects, from clang's file to programs that run: objects of clang 14 and clang 19. */
class BpfObjectTest {
    private static final byte[] PACKET = new byte[64];
    private static final int XDP_ABORTED = 0;
    private static final int XDP_DROP = 1;
    private static final int XDP_PASS = 2;
    private static final int XDP_TX = 3;

    @ParameterizedTest
    @ValueSource(strings = {"objects/features", "objects/features-clang19"})
    void everythingInAnObjectWorks(String name) throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = BpfObject.load(TestObjects.spec(name))) {
                assertThat(object.degraded()).isEmpty();
                assertThat(run(object, "main_program").returned()).isEqualTo(XDP_PASS);
                assertThat(run(object, "looping").returned())
                        .as("0+1+2+3+4 by a call-back")
                        .isEqualTo(10);
                assertThat(run(object, "jump").returned()).as("by a tail call").isEqualTo(XDP_TX);
                assertThat(run(object, "fifth_letter").returned()).isEqualTo('a');
                assertThat(run(object, "nested").returned()).isEqualTo(XDP_PASS);
                object.map("inner_b").typed(Codec.U32, Codec.U32).put(0, 42);
                assertThat(run(object, "nested").returned())
                        .as("sees the inner map")
                        .isEqualTo(XDP_DROP);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"objects/features", "objects/features-clang19"})
    void globalVariablesLiveInMappableMaps(String name) throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = BpfObject.load(TestObjects.spec(name));
                    MapMemory data = object.map(".data").mmap(true);
                    MapMemory bss = object.map(".bss").mmap(false)) {
                assertThat(data.memory().get(ValueLayout.JAVA_INT, 0)).isEqualTo(7);
                object.map("entries").typed(Codec.U32, Codec.bytes(24)).put(1, new byte[24]);
                run(object, "main_program");
                assertThat(data.memory().get(ValueLayout.JAVA_INT, 0)).isEqualTo(8);
                assertThat(bss.memory().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(7);
                data.memory().set(ValueLayout.JAVA_INT, 0, 100);
                run(object, "main_program");
                assertThat(bss.memory().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(107);
                assertThat(object.map("entries")
                                .typed(Codec.U32, Codec.bytes(24))
                                .lookup(1)
                                .orElseThrow())
                        .startsWith((byte) (14 + 200));
            }
        });
    }

    @Test
    void constantsAreRewrittenBeforeLoadingAndFrozen() throws Exception {
        KernelSandbox.run(sandbox -> {
            ObjectSpec spec = TestObjects.spec("objects/features").withVariables(Map.of("verdict", XDP_DROP));
            try (BpfObject object = BpfObject.load(spec)) {
                assertThat(run(object, "main_program").returned()).isEqualTo(XDP_DROP);
                assertThatThrownBy(() -> object.map(".rodata")
                                .typed(
                                        Codec.U32,
                                        Codec.bytes(object.map(".rodata").valueBytes()))
                                .put(0, new byte[object.map(".rodata").valueBytes()]))
                        .hasMessageStartingWith("bpf(BPF_MAP_UPDATE_ELEM): EPERM: the map is frozen");
            }
        });
        ObjectSpec spec = TestObjects.spec("objects/features");
        assertThatThrownBy(() -> spec.withVariables(Map.of("nothing", 1)))
                .hasMessage("the object has no global variable nothing");
        assertThatThrownBy(() -> spec.withVariables(Map.of("verdict", 1L << 32)))
                .hasMessage("4294967296 does not fit verdict of 4 bytes");
        assertThatThrownBy(() -> spec.withVariables(Map.of("text", 1)))
                .hasMessage("text is no integer: give its bytes instead");
    }

    @Test
    void packetsComeBackChangedAndFreshEachTime() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object =
                    BpfObject.load(TestObjects.spec("objects/features").withOnly("append"))) {
                for (int i = 0; i < 3; i++) {
                    TestRun result = run(object, "append");
                    assertThat(result.returned()).isEqualTo(XDP_TX);
                    assertThat(result.data()).hasSize(PACKET.length + 4).startsWith((byte) 0xee);
                }
                assertThat(object.program("append")
                                .testRun(PACKET, new byte[0], 1)
                                .returned())
                        .isNotEqualTo(XDP_ABORTED);
            }
        });
    }

    @Test
    void theKernelKnowsTypesFunctionsAndLines() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = BpfObject.load(TestObjects.spec("objects/features"))) {
                ProgInfo info = object.program("main_program").info();
                assertThat(info.name()).isEqualTo("main_program");
                assertThat(info.functionInfos())
                        .as("main, twice, add_to_zeroed")
                        .isEqualTo(3);
                assertThat(info.lineInfos()).isGreaterThan(5);
                assertThat(info.btfId()).isNotZero();
                assertThat(info.mapIds()).hasSize(4);
                assertThat(object.map("entries").btf().orElseThrow().size()).isGreaterThan(10);
                assertThat(object.map("entries").info().btfValueTypeId()).isNotZero();
            }
        });
    }

    @Test
    void mapsPinnedByNameAreOpenedAgainAndComparedFirst() throws Exception {
        KernelSandbox.run(sandbox -> {
            ObjectSpec spec = TestObjects.spec("examples/pinned");
            LoadOptions options = LoadOptions.DEFAULT.withPinDirectory(sandbox.bpffs());
            try (BpfObject first = BpfObject.load(Bpf.kernel(), spec, options)) {
                first.map("sources").typed(Codec.U32, Codec.U64).put(1, 5L);
            }
            try (BpfObject second = BpfObject.load(Bpf.kernel(), spec, options)) {
                assertThat(second.map("sources").typed(Codec.U32, Codec.U64).lookup(1))
                        .contains(5L);
            }
            ObjectSpec other = spec.withMap("sources", m -> m.withMaxEntries(7).withFlags(2));
            assertThatThrownBy(() -> BpfObject.load(Bpf.kernel(), other, options))
                    .isInstanceOfSatisfying(MapMismatchException.class, e -> assertThat(e.differences())
                            .containsExactly(
                                    "there is room for 1024 entries, wanted 7", "the flags are 0x0, wanted 0x2"));
            Files.delete(sandbox.bpffs().resolve("sources"));
        });
    }

    private static TestRun run(BpfObject object, String program) throws Exception {
        return object.program(program).testRun(PACKET);
    }
}
