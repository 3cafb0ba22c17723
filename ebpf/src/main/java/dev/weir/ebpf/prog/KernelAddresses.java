package dev.weir.ebpf.prog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Addresses of the kernel's symbols. Without CAP_SYSLOG the kernel may show zeros, which count as not found.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_kallsyms.5.html">proc_kallsyms(5)</a>
 */
final class KernelAddresses {
    private static final Path FILE = Path.of("/proc/kallsyms");

    private KernelAddresses() {}

    /** Returns the addresses of those of the named symbols that are shown. */
    static Map<String, Long> of(Set<String> names) throws IOException {
        Map<String, Long> found = new HashMap<>();
        if (names.isEmpty()) {
            return found;
        }
        try (Stream<String> lines = Files.lines(FILE)) {
            lines.forEach(line -> {
                // As in "ffffffff81000000 T _text", with the module's name after a tab.
                String[] parts = line.split("\\s+", 4);
                if (parts.length >= 3 && names.contains(parts[2])) {
                    long address = Long.parseUnsignedLong(parts[0], 16);
                    if (address != 0) {
                        found.putIfAbsent(parts[2], address);
                    }
                }
            });
        }
        return found;
    }
}
