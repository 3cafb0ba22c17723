package dev.weir.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The program under test: Weir, or Debian's dnsdist as the oracle that shows what a test's expectation is worth.
 *
 * <p>Chosen by the system property {@code weir.subject}; {@code weir} when unset.
 */
public enum TestSubject {
    /** {@code weir} in the root of the repository. */
    WEIR,
    /** {@code /usr/bin/dnsdist}, version 1.7.3 in Debian 12. */
    DNSDIST;

    /** The one this run is about. */
    public static TestSubject current() {
        return valueOf(System.getProperty("weir.subject", "weir").toUpperCase(Locale.ROOT));
    }

    /** The command line that starts it with {@code arguments}. */
    public List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(executable().toString());
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private Path executable() {
        return this == DNSDIST ? Path.of("/usr/bin/dnsdist") : repositoryRoot().resolve("weir");
    }

    /** The directory that holds the repository, found upwards from the working directory. */
    public static Path repositoryRoot() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("mvnw")) && Files.exists(at.resolve("testkit"))) {
                return at;
            }
        }
        throw new IllegalStateException(
                "not inside the repository: " + Path.of("").toAbsolutePath());
    }
}
