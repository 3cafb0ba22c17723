package dev.weir.compat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The lines of a configuration that a console client needs. */
final class ConsoleConfig {
    private ConsoleConfig() {}

    static String of(Path config) {
        try {
            return Files.readAllLines(config).stream()
                    .filter(line -> line.startsWith("controlSocket") || line.startsWith("setKey"))
                    .collect(Collectors.joining("\n", "", "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
