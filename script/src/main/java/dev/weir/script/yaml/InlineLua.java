package dev.weir.script.yaml;

import dev.weir.config.yaml.Value;
import dev.weir.config.yaml.YamlException;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaString;
import dev.weir.lua.Values;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.SourceFiles;
import dev.weir.script.object.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Functions that a configuration in YAML names, writes down, or has in a file. Code and file are a chunk that returns the function. */
final class InlineLua {
    private final Context context;

    InlineLua(Context context) {
        this.context = context;
    }

    /** @param how {@code :name}, {@code :code} or {@code :file} */
    LuaFunction function(Value value, String how) {
        String text = value.text();
        return switch (how) {
            case ":name" -> named(value, text);
            // Empty lines in front make the numbers of its lines those of the file.
            case ":code" ->
                returned(
                        value,
                        LuaString.of("\n".repeat(Math.max(0, value.textLine() - 1)) + text),
                        value.place().file());
            default -> returned(value, LuaString.of(file(value, text)), text);
        };
    }

    /** The code itself, for those who compile it in worlds of their own. */
    LuaString text(Value value, String how) {
        return switch (how) {
            case ":code" -> LuaString.of(value.text());
            case ":file" -> LuaString.of(file(value, value.text()));
            default ->
                throw new YamlException(
                        value.place(), "functions of a thread know no names: the code itself is wanted");
        };
    }

    private LuaFunction named(Value value, String name) {
        if (context.state.globals().get(name) instanceof LuaFunction function) {
            return function;
        }
        throw new YamlException(value.place(), "there is no Lua function '" + name + "'");
    }

    private static byte[] file(Value value, String path) {
        try {
            return SourceFiles.withoutMark(Files.readAllBytes(Path.of(path)));
        } catch (IOException | RuntimeException e) {
            throw new YamlException(value.place(), "can't read '" + path + "'");
        }
    }

    private LuaFunction returned(Value value, LuaString code, String file) {
        @Nullable Object made;
        try {
            made = Values.first(context.state.call(context.state.load(code, LuaString.of("@" + file))));
        } catch (LuaError e) {
            throw new YamlException(value.place(), String.valueOf(e.getMessage()));
        }
        if (made instanceof LuaFunction function) {
            return function;
        }
        throw new YamlException(value.place(), "the Lua code must return a function, not " + FromLua.typeName(made));
    }
}
