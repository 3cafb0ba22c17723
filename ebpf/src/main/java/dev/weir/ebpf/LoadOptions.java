package dev.weir.ebpf;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.prog.ProgramOptions;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to load an object.
 *
 * @param pinDirectory where maps that ask to be pinned by name are opened or pinned, null to pin none
 * @param maps to use in place of the object's own, by name; they stay the caller's
 * @param programs how to load its programs
 */
public record LoadOptions(@Nullable Path pinDirectory, Map<String, BpfMap> maps, ProgramOptions programs) {
    public static final LoadOptions DEFAULT = new LoadOptions(null, Map.of(), ProgramOptions.DEFAULT);

    public LoadOptions {
        maps = Map.copyOf(maps);
    }

    public LoadOptions withPinDirectory(Path directory) {
        return new LoadOptions(directory, maps, programs);
    }

    public LoadOptions withMap(String name, BpfMap map) {
        Map<String, BpfMap> more = new java.util.HashMap<>(maps);
        more.put(name, map);
        return new LoadOptions(pinDirectory, more, programs);
    }

    public LoadOptions withPrograms(ProgramOptions options) {
        return new LoadOptions(pinDirectory, maps, options);
    }
}
