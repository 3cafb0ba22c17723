package dev.weir.lua.library;

import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaString;
import dev.weir.lua.Values;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** What went wrong in the system, as C's errno and strerror(3) say it; the numbers are Linux's. */
enum SystemFault {
    NOT_PERMITTED(1, "Operation not permitted"),
    NO_SUCH_FILE(2, "No such file or directory"),
    NO_SUCH_DEVICE_OR_ADDRESS(6, "No such device or address"),
    INPUT_OUTPUT(5, "Input/output error"),
    BAD_DESCRIPTOR(9, "Bad file descriptor"),
    NO_MEMORY(12, "Cannot allocate memory"),
    DENIED(13, "Permission denied"),
    BUSY(16, "Device or resource busy"),
    EXISTS(17, "File exists"),
    CROSS_DEVICE(18, "Invalid cross-device link"),
    NO_DIRECTORY(20, "Not a directory"),
    IS_DIRECTORY(21, "Is a directory"),
    INVALID(22, "Invalid argument"),
    TOO_MANY_OPEN(24, "Too many open files"),
    TEXT_BUSY(26, "Text file busy"),
    TOO_LARGE(27, "File too large"),
    NO_SPACE(28, "No space left on device"),
    ILLEGAL_SEEK(29, "Illegal seek"),
    READ_ONLY(30, "Read-only file system"),
    BROKEN_PIPE(32, "Broken pipe"),
    NAME_TOO_LONG(36, "File name too long"),
    NOT_EMPTY(39, "Directory not empty"),
    LOOP(40, "Too many levels of symbolic links");

    private final int number;
    private final String text;

    SystemFault(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** Which fault an exception stands for: by its class, or by the system's own words inside its message. */
    static SystemFault of(Exception exception) {
        return switch (exception) {
            case NoSuchFileException none -> NO_SUCH_FILE;
            case FileNotFoundException none -> NO_SUCH_FILE;
            case AccessDeniedException denied -> DENIED;
            case DirectoryNotEmptyException full -> NOT_EMPTY;
            case FileAlreadyExistsException there -> EXISTS;
            case FileSystemException other -> named(other.getReason());
            case NonReadableChannelException write -> BAD_DESCRIPTOR;
            case NonWritableChannelException read -> BAD_DESCRIPTOR;
            default -> named(exception.getMessage());
        };
    }

    private static SystemFault named(@Nullable String message) {
        for (SystemFault fault : values()) {
            if (message != null && message.contains(fault.text)) {
                return fault;
            }
        }
        return INPUT_OUTPUT;
    }

    String text() {
        return text;
    }

    /** What a function that failed returns: nil, the message and the number. */
    Values result() {
        return Values.of(null, LuaString.of(text), LuaNumber.box(number));
    }

    /** The same with the file's name before the message. */
    Values result(LuaString file) {
        return Values.of(null, named(file), LuaNumber.box(number));
    }

    /** {@code FILE: MESSAGE}. */
    LuaString named(LuaString file) {
        return file.concat(LuaString.of(": " + text));
    }

    /** For streams, whose exceptions are declared. */
    static final class Raised extends IOException {
        private static final long serialVersionUID = 1;

        Raised(SystemFault fault) {
            super(fault.text);
        }
    }
}
