package dev.weir.ebpf.btf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.elf.ObjectSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Bytes and what their types make of them. */
class ValueReaderTest {
    @Test
    void structsBecomeNamedMembers() throws Exception {
        Btf btf = Objects.requireNonNull(TestObjects.spec("objects/features").btf());
        byte[] bytes = ByteBuffer.allocate(24)
                .order(ByteOrder.nativeOrder())
                .putLong(1L << 40)
                .putInt(-1)
                .putShort((short) 53)
                .put(new byte[] {'d', 'n', 's'})
                .array();
        assertThat(new ValueReader(btf).read(btf.idOf(BtfType.Struct.class, "entry"), bytes))
                .isEqualTo(Map.of("packets", 1L << 40, "last", 0xffffffffL, "port", 53L, "label", "dns"));
        assertThat(new ValueReader(btf).read(btf.idOf(BtfType.Struct.class, "entry"), new byte[] {1, 2}))
                .as("too short")
                .isEqualTo("0102");
    }

    @Test
    void sectionsBecomeVariables() throws Exception {
        ObjectSpec spec = TestObjects.spec("objects/features");
        Btf btf = Objects.requireNonNull(spec.btf());
        assertThat(new ValueReader(btf)
                        .read(
                                spec.map(".rodata").valueType(),
                                spec.map(".rodata").contents()))
                .isEqualTo(Map.of("verdict", 2L, "magic", 0x1122334455667788L, "text", "constant text"));
    }

    @Test
    void theKernelsOwnTypesAreRead() throws Exception {
        Btf kernel = Btf.parse(Files.readAllBytes(Path.of("/sys/kernel/btf/vmlinux")))
                .orThrow();
        assertThat(kernel.find(BtfType.Struct.class, "iphdr").orElseThrow().sizeBytes())
                .isEqualTo(20);
        assertThat(kernel.size()).isGreaterThan(10_000);
        // 0x45: version 4, header of 5 words, as two bit fields.
        byte[] header = new byte[20];
        header[0] = 0x45;
        assertThat(new ValueReader(kernel).read(kernel.idOf(BtfType.Struct.class, "iphdr"), header))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("version", 4L)
                .containsEntry("ihl", 5L);
    }
}
