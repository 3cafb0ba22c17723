package dev.weir.ebpf.map;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A pinned map that is not what its spec describes. */
public final class MapMismatchException extends IOException {
    private final transient List<String> differences;

    MapMismatchException(Path path, List<String> differences) {
        super("the map pinned at " + path + " is another one: " + String.join("; ", differences));
        this.differences = List.copyOf(differences);
    }

    /** Returns every difference, one sentence each. */
    public List<String> differences() {
        return differences;
    }
}
