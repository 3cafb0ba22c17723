package dev.weir.script;

import dev.weir.script.yaml.YamlFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files of a configuration: one in YAML if its name ends in {@code .yml} or {@code .yaml}, else one in Lua; two that differ only in
 * {@code .lua} and {@code .yml} belong together, whichever was named.
 *
 * @param named the one that was asked for
 * @param lua may be missing if there is one in YAML
 */
public record ConfigurationFiles(
        Path named, @Nullable Path lua, @Nullable YamlFile yaml) {

    /** Looks for the files and begins to read the one in YAML. */
    public static ConfigurationFiles of(Path file) {
        String name = file.toString();
        boolean isYaml = name.endsWith(".yml") || name.endsWith(".yaml");
        Path lua = isYaml ? sibling(name, "\\.ya?ml$", ".lua") : file;
        Path yaml = isYaml ? file : sibling(name, "\\.lua$", ".yml");
        return new ConfigurationFiles(file, lua, yaml == null ? null : YamlFile.reading(yaml));
    }

    /** The file beside, if it is there. */
    private static @Nullable Path sibling(String name, String ending, String other) {
        String changed = name.replaceFirst(ending, other);
        return !changed.equals(name) && Files.exists(Path.of(changed)) ? Path.of(changed) : null;
    }
}
