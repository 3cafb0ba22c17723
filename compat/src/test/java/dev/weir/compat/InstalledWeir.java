package dev.weir.compat;

import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestSubject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** A copy of the program in a temporary directory, which wherever the clone lies is where a test wants it. */
final class InstalledWeir implements AutoCloseable {
    private static final List<String> PARTS =
            List.of("weir", ".mvn/find-jdk.sh", "app/src/main/aot/jvm.options", "app/target/weir");

    private final TempDirectory directory = TempDirectory.create("weir installed");

    private InstalledWeir() throws IOException {
        for (String part : PARTS) {
            copy(TestSubject.repositoryRoot().resolve(part), directory.path().resolve(part));
        }
    }

    /** For its owner alone, as all temporary directories are. */
    static InstalledWeir forOwner() throws IOException {
        return new InstalledWeir();
    }

    /** Where every user may read and run it. */
    static InstalledWeir forAll() throws IOException {
        InstalledWeir installed = new InstalledWeir();
        try (Stream<Path> tree = Files.walk(installed.path())) {
            for (Path file : tree.toList()) {
                boolean run = Files.isDirectory(file) || Files.isExecutable(file);
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(run ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
        return installed;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path file : tree.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    Path path() {
        return directory.path();
    }

    /** The program. */
    String weir() {
        return directory.path().resolve("weir").toString();
    }

    /** Writes a file beside it. */
    Path write(String name, String text) {
        return directory.write(name, text);
    }

    @Override
    public void close() {
        directory.close();
    }
}
