package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo as whoever starts it sees it: a process, its output, what it leaves. */
@Timeout(300)
class DemoTest {
    private static final Pattern FILE = Pattern.compile("Configuration, while this runs: (.*)");

    @TempDir
    private Path temporary;

    @Test
    void saysWhatToTryAndCleansUpAtTheEnd() throws Exception {
        Process process = start("a", "--listen", "127.0.0.1:5355");
        BufferedReader out = process.inputReader();
        List<String> seen = new ArrayList<>();
        Path file = file(out, seen);
        assertThat(seen)
                .containsSubsequence("checked", "listening")
                .contains("  dig @127.0.0.1 -p 5355 www.demo.example");
        assertThat(Files.readString(file)).contains("setLocal(\"127.0.0.1:5355\")", file.toString());
        assertThat(Files.readString(file)).doesNotContainPattern("%[A-Z]+%");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .as("the file holds the console's key")
                .isEqualTo("rwx------");
        process.toHandle().destroy(); // Process.destroy() would close its output too
        assertThat(out.lines().toList())
                .containsSubsequence("stopping", "stopped", "0 queries, 0 answered from the cache.");
        assertThat(process.waitFor()).isZero();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void sumsUpAndCleansUpAlsoWhenTheServiceHangs() throws Exception {
        Process process = start("hangs", "--listen", "127.0.0.1:5355");
        BufferedReader out = process.inputReader();
        file(out, new ArrayList<>());
        process.toHandle().destroy(); // Process.destroy() would close its output too
        assertThat(out.lines().toList())
                .containsSubsequence("stopping", "0 queries, 0 answered from the cache.")
                .doesNotContain("stopped");
        assertThat(process.waitFor()).isZero();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void endsByItselfAfterTheTimeAsked() throws Exception {
        Process process = start("a", "--for", "1");
        assertThat(process.inputReader().lines()).contains("listening", "stopping", "stopped");
        assertThat(process.waitFor()).isZero();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void addressInUseIsNamedWithARemedy() throws Exception {
        Process process = start("unbindable", "--listen", "[::1]:5355");
        assertThat(process.inputReader().lines().collect(Collectors.joining("\n")))
                .contains("cannot answer on [::1]:5355 (Address already in use)")
                .contains("./weir demo --listen [::1]:5356")
                .doesNotContain("dig @");
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(temporary).isEmptyDirectory();
    }

    private static Path file(BufferedReader out, List<String> seen) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            seen.add(line);
            Matcher file = FILE.matcher(line);
            if (file.matches()) {
                return Path.of(file.group(1));
            }
        }
        throw new AssertionError("the demo ended early: " + seen);
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                RunningDemo.class.getName()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
