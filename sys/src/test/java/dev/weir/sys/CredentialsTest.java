package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Changes user in a process of its own: every thread of the JVM must follow, not only the one that asked. */
class CredentialsTest {
    private static final int NOBODY = 65534;

    @Test
    void everyThreadChangesUserAndGroup() throws Exception {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "needs root to leave root");
        String classPath = location(Credentials.class) + File.pathSeparator + location(CredentialsTest.class);
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xshare:auto",
                        "-cp",
                        classPath,
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

    /** Prints the different ids that its threads have, then what comes of asking for root again. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws Exception {
            // Load now what lies where the new user may not read.
            new SyscallException("load", Errno.EPERM);
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
