package dev.weir.ebpf.elf;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.parse.Parsed;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes give a spec or a fault. In the normal build Jazzer runs the seeds only; to look for new trouble for five minutes:
 * {@code JAZZER_FUZZ=1 ./mvnw -pl ebpf -am test -Dtest=ObjectFuzzer#object -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class ObjectFuzzer {
    static Stream<byte[]> objects() throws IOException {
        return Stream.of(
                TestObjects.bytes("objects/features"),
                TestObjects.bytes("objects/features-clang19"),
                TestObjects.bytes("examples/count"));
    }

    @MethodSource("objects")
    @FuzzTest(maxDuration = "5m")
    void object(byte[] bytes) {
        ObjectSpec.parse(bytes);
    }

    static Stream<byte[]> types() throws IOException {
        return Stream.of(java.util.Objects.requireNonNull(
                        TestObjects.spec("objects/features").btf())
                .raw());
    }

    @MethodSource("types")
    @FuzzTest(maxDuration = "5m")
    void types(byte[] bytes) {
        if (Btf.parse(bytes) instanceof Parsed.Ok<Btf> ok) {
            for (int id = 0; id < ok.value().size(); id++) {
                ok.value().sizeOf(id);
                ok.value().resolve(id);
            }
        }
    }
}
