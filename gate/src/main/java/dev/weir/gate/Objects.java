package dev.weir.gate;

import dev.weir.ebpf.elf.ObjectSpec;
import java.io.IOException;
import java.io.InputStream;

/** The compiled programs that come with Weir. */
final class Objects {
    private Objects() {}

    static ObjectSpec read(String name) throws IOException {
        try (InputStream in = Objects.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is missing from the installation");
            }
            return ObjectSpec.parse(in.readAllBytes()).orThrow();
        }
    }
}
