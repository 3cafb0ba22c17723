package dev.weir.ebpf.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.MapType;
import dev.weir.ebpf.parse.Parsed;
import dev.weir.ebpf.prog.ProgramSpec;
import dev.weir.ebpf.prog.ProgramType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an object file says, read without the kernel. */
class ObjectSpecTest {
    @ParameterizedTest
    @ValueSource(strings = {"objects/features", "objects/features-clang19"})
    void mapsAndProgramsAreAsTheSourceSays(String name) throws Exception {
        ObjectSpec spec = TestObjects.spec(name);
        assertThat(spec.license()).isEqualTo("GPL");
        assertThat(spec.maps())
                .extracting(MapSpec::name)
                .contains("entries", "networks", "outer", "jumps", "sockets", ".rodata", ".data", ".bss");
        MapSpec entries = spec.map("entries");
        assertThat(entries.type()).isEqualTo(MapType.HASH);
        assertThat(new int[] {entries.keySize(), entries.valueSize(), entries.maxEntries(), entries.flags()})
                .containsExactly(4, 24, 64, MapSpec.NO_PREALLOC);
        assertThat(spec.map("outer").references()).isEqualTo(Map.of(0, "inner_a", 2, "inner_b"));
        MapSpec inner = spec.map("outer").inner();
        assertThat(inner).isNotNull();
        assertThat(inner.maxEntries()).isEqualTo(1);
        assertThat(spec.map("jumps").references()).isEqualTo(Map.of(1, "tail_target"));
        assertThat(spec.map(".rodata").frozen()).isTrue();
        ProgramSpec main = spec.program("main_program");
        assertThat(main.type()).isEqualTo(ProgramType.XDP);
        assertThat(main.section()).isEqualTo("xdp");
        assertThat(main.maps())
                .extracting(ProgramSpec.MapReference::map)
                .contains("entries", ".data", ".bss", ".rodata");
        assertThat(spec.program("keep_four").type()).isEqualTo(ProgramType.SOCKET_FILTER);
        assertThat(TestObjects.spec("examples/pinned").map("sources").pinByName())
                .isTrue();
    }

    @Test
    void whatIsNotSupportedIsSaid() throws Exception {
        assertThat(ObjectSpec.parse(new byte[100]))
                .isInstanceOfSatisfying(
                        Parsed.Bad.class, bad -> assertThat(bad.fault()).hasToString("malformed: not an ELF file"));
    }
}
