package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changes user in a process of its own: every thread of the JVM must follow, not only the one that asked.
 *
 * <p>The process has its classes from one jar, which the JVM keeps open: where the classes lie the new user may not be allowed to read.
 */
class CredentialsTest {
    private static final int NOBODY = 65534;

    @Test
    void everyThreadChangesUserAndGroup(@TempDir Path directory) throws Exception {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "needs root to leave root");
        Path jar = jar(directory.resolve("child.jar"), location(Credentials.class), location(CredentialsTest.class));
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xshare:auto",
                        "-cp",
                        jar.toString(),
                        Child.class.getName())
                .redirectErrorStream(true)
                .start();
        List<String> lines = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(child.waitFor()).as("%s", lines).isZero();
        String ids = ("\t" + NOBODY).repeat(4);
        assertThat(lines)
                .containsExactly(
                        "CapEff:\t0000000000000000",
                        "Gid:" + ids,
                        "Groups:\t" + NOBODY + " ",
                        "Uid:" + ids,
                        "setresuid(0): EPERM: operation not permitted (needs root or CAP_SETUID)",
                        "setgroups([0]): EPERM: operation not permitted (needs root or CAP_SETGID)");
    }

    private static Path location(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Packs what is below directories of classes. */
    private static Path jar(Path file, Path... roots) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            for (Path root : roots) {
                try (Stream<Path> files = Files.walk(root)) {
                    for (Path one : files.filter(Files::isRegularFile).toList()) {
                        jar.putNextEntry(new JarEntry(root.relativize(one).toString()));
                        Files.copy(one, jar);
                    }
                }
            }
        }
        return file;
    }

    /** Prints the different ids that its threads have, then what comes of asking for root again. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws Exception {
            Credentials.setGroup(NOBODY);
            Credentials.setUser(NOBODY);
            TreeSet<String> different = new TreeSet<>();
            try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
                for (Path thread : threads.toList()) {
                    for (String line : Files.readAllLines(thread.resolve("status"))) {
                        if (line.matches("(Uid|Gid|Groups|CapEff):.*")) {
                            different.add(line);
                        }
                    }
                }
            }
            different.forEach(System.out::println);
            refused(() -> Credentials.setUser(0));
            refused(() -> Credentials.setGroup(0));
        }

        private static void refused(Step step) throws IOException {
            try {
                step.run();
                System.out.println("allowed");
            } catch (SyscallException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private interface Step {
        void run() throws IOException;
    }
}
