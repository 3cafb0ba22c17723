package dev.weir.lua.library;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The methods of files. */
enum FileMethods implements LibraryFunction.Body {
    CLOSE,
    FLUSH,
    LINES,
    READ,
    SEEK,
    SETVBUF,
    WRITE,
    TO_STRING,
    COLLECT;

    /** The metatable of all files of a world, which holds the methods too. */
    static LuaTable metatable(LuaState state) {
        LuaTable metatable = new LuaTable();
        for (FileMethods method : values()) {
            String name =
                    switch (method) {
                        case TO_STRING -> "__tostring";
                        case COLLECT -> "__gc";
                        default -> method.name().toLowerCase(Locale.ROOT);
                    };
            state.register(metatable, name, method);
        }
        metatable.put(state.name("__index"), metatable);
        return metatable;
    }

    @Override
    public @Nullable Object call(LuaState state, LuaArgs arguments) {
        if (this == TO_STRING) {
            LuaFile file = arguments.userdata(1, LuaFile.class, "FILE*");
            return LuaString.of("file (" + (file.file().isClosed() ? "closed" : LuaOperators.address(file)) + ")");
        }
        if (this == COLLECT) {
            return Values.NONE;
        }
        BufferedFile file = openFile(state, arguments);
        return switch (this) {
            case CLOSE -> close(file);
            case FLUSH -> flush(file);
            case LINES -> state.function("lines_iter", new LineIterator(file, arguments.from(2), false));
            case READ -> ReadFormats.read(state, file, arguments, 2);
            case SEEK -> seek(file, arguments);
            case SETVBUF -> {
                file.buffering(BufferedFile.Buffering.values()[requiredOption(arguments, 2, "no", "full", "line")]);
                yield true;
            }
            case WRITE -> write(file, arguments, 2);
            case TO_STRING, COLLECT -> throw new IllegalStateException();
        };
    }

    /** A file, closed or not. */
    static BufferedFile file(LuaArgs arguments, int index) {
        return arguments.userdata(index, LuaFile.class, "FILE*").file();
    }

    private static BufferedFile openFile(LuaState state, LuaArgs arguments) {
        BufferedFile file = file(arguments, 1);
        if (file.isClosed()) {
            throw state.error("attempt to use a closed file");
        }
        return file;
    }

    private static int requiredOption(LuaArgs arguments, int index, String... words) {
        arguments.string(index);
        return arguments.option(index, words[0], words);
    }

    static @Nullable Object type(@Nullable Object value) {
        if (value instanceof LuaFile file) {
            return LuaString.of(file.file().isClosed() ? "closed file" : "file");
        }
        return null;
    }

    static @Nullable Object close(BufferedFile file) {
        try {
            file.close();
            return true;
        } catch (IOException exception) {
            return SystemFault.of(exception).result();
        }
    }

    static Object flush(BufferedFile file) {
        try {
            file.flush();
            return true;
        } catch (IOException exception) {
            return SystemFault.of(exception).result();
        }
    }

    private static Object seek(BufferedFile file, LuaArgs arguments) {
        int whence = arguments.option(2, "cur", "set", "cur", "end");
        double offset = arguments.optNumber(3, 0);
        try {
            return LuaNumber.box((double) file.seek(OctetStream.Whence.values()[whence], (long) offset));
        } catch (IOException exception) {
            return SystemFault.of(exception).result();
        }
    }

    static Object write(BufferedFile file, LuaArgs arguments, int first) {
        try {
            for (int i = first; i <= arguments.count(); i++) {
                file.write(arguments.string(i).octets());
            }
            return true;
        } catch (IOException exception) {
            return SystemFault.of(exception).result();
        }
    }
}
