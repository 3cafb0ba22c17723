package dev.weir.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the user that runs the tests may do. */
public final class Rights {
    private Rights() {}

    /** Skips the test for all but root; {@code .ci/run} takes a skipped test for a failure. */
    public static void assumeRoot() throws IOException {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "needs root");
    }
}
