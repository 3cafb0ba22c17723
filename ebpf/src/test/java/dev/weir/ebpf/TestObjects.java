package dev.weir.ebpf;

import dev.weir.ebpf.elf.ObjectSpec;
import java.io.IOException;
import java.io.InputStream;

/** The committed object files. */
public final class TestObjects {
    private TestObjects() {}

    public static byte[] bytes(String name) throws IOException {
        try (InputStream in = TestObjects.class.getResourceAsStream("/dev/weir/ebpf/" + name + ".bpf.o")) {
            return java.util.Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    public static ObjectSpec spec(String name) throws IOException {
        return ObjectSpec.parse(bytes(name)).orThrow();
    }
}
