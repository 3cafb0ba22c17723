package dev.weir.engine.log;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What went wrong with a file, in words: the messages of {@link java.nio.file}'s exceptions are mostly the file's name alone. Any thread. */
public final class FileTrouble {
    private FileTrouble() {}

    /** The reason without the name of the file, which the caller's message has. */
    public static String of(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied to the user " + System.getProperty("user.name");
            case NoSuchFileException none -> "no such file or directory";
            case FileNotFoundException none -> "no such file or directory";
            case FileAlreadyExistsException there -> "it exists already";
            case DirectoryNotEmptyException full -> "the directory is not empty";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
