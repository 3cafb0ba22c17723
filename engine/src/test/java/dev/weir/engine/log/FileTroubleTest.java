package dev.weir.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTroubleTest {
    @TempDir
    private Path directory;

    private static String words(ThrowingCallable call) {
        return FileTrouble.of(catchThrowableOfType(IOException.class, call));
    }

    @Test
    void theReasonAndNotTheName() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThat(words(() -> Files.readAllBytes(directory.resolve("none")))).isEqualTo("no such file or directory");
        assertThat(words(() -> new FileInputStream(directory.resolve("none").toFile()).close()))
                .isEqualTo("no such file or directory");
        assertThat(words(() -> Files.readAllBytes(directory))).isEqualTo("Is a directory");
        assertThat(words(() -> Files.readAllBytes(file.resolve("below")))).contains("Not a directory");
        assertThat(words(() -> Files.createFile(file))).isEqualTo("it exists already");
        assertThat(words(() -> Files.delete(directory))).isEqualTo("the directory is not empty");
        // Root is denied nothing.
        assertThat(FileTrouble.of(new AccessDeniedException("/etc/shadow")))
                .isEqualTo("permission denied to the user " + System.getProperty("user.name"));
    }
}
