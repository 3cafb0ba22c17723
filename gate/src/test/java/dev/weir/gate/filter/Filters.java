package dev.weir.gate.filter;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.FilterSpec.Table;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.testkit.KernelSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Filters for tests. */
final class Filters {
    static final IpAddress CLIENT4 = IpAddress.parse("192.0.2.1");
    static final IpAddress CLIENT6 = IpAddress.parse("2001:db8::1");
    static final long FOREVER = KernelFilter.FOREVER;

    private Filters() {}

    /** A description with the same room for everything, pinned in a directory, or nowhere if that is empty. */
    static FilterSpec spec(boolean external, int room, String directory, int anyType) {
        Map<Kind, Table> tables = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            String name = directory + "/" + kind.name().toLowerCase(Locale.ROOT);
            tables.put(kind, new Table(room, directory.isEmpty() ? "" : name));
        }
        return new FilterSpec(tables, external, false, anyType);
    }

    static FilterSpec external(int room, String directory) {
        return spec(true, room, directory, FilterSpec.ANY_TYPE);
    }

    /** What a table holds, a line per entry: the entry's octets in hex as bpftool prints them. */
    static List<String> dump(Path pin) throws Exception {
        return KernelSandbox.command("bpftool", "map", "dump", "pinned", pin.toString())
                .replaceAll("\\s+", " ")
                .replaceAll(" ?(key:|Found)", "\n$1")
                .lines()
                .filter(line -> line.startsWith("key:"))
                .map(String::strip)
                .toList();
    }

    /** Unpins everything below a directory. */
    static void unpin(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    static List<String> texts(KernelFilter filter) throws IOException {
        return filter.entries().stream()
                .map(entry -> entry.kind() + " " + entry.subject() + " " + entry.type() + " " + entry.action())
                .toList();
    }
}
