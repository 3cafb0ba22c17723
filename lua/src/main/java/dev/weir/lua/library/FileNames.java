package dev.weir.lua.library;

import dev.weir.lua.LuaString;
import java.io.File;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Names of files as the system has them. */
final class FileNames {
    /** Reads as empty. */
    static final File NOTHING = new File("/dev/null");

    private static final Charset NATIVE = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private FileNames() {}

    /** The octets up to the first zero as the JVM turns them back into the same octets for the system. */
    static String toJava(LuaString name) {
        byte[] octets = name.octets();
        int end = 0;
        while (end < octets.length && octets[end] != 0) {
            end++;
        }
        return new String(octets, 0, end, NATIVE);
    }

    /** The file of a name; null where no file can have it. */
    static @Nullable Path path(LuaString name) {
        try {
            String text = toJava(name);
            return text.isEmpty() ? null : Path.of(text);
        } catch (InvalidPathException impossible) {
            return null;
        }
    }

    /** A name as the messages show it: up to the first zero. */
    static LuaString shown(LuaString name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.octet(i) == 0) {
                return name.substring(0, i);
            }
        }
        return name;
    }
}
