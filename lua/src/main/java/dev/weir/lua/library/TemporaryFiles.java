package dev.weir.lua.library;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/** New files of their own in {@code /tmp}: {@code lua_} and six letters, for nobody else to read. */
final class TemporaryFiles {
    private static final Path DIRECTORY = Path.of("/tmp");
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LENGTH = 6;
    private static final int TRIES = 100;

    private TemporaryFiles() {}

    /** Makes an empty one. */
    static Path create() throws IOException {
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < TRIES; i++) {
            StringBuilder name = new StringBuilder("lua_");
            for (int letter = 0; letter < LENGTH; letter++) {
                name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            try {
                return Files.createFile(
                        DIRECTORY.resolve(name.toString()),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } catch (FileAlreadyExistsException taken) {
                // Another name, then.
            }
        }
        throw new IOException("no name is free");
    }
}
