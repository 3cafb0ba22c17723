package dev.weir.script;

import dev.weir.config.Configuration;
import dev.weir.engine.backend.Backend;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.ErrorPlace;
import dev.weir.script.lang.FromLua;
import dev.weir.script.object.BindType;
import dev.weir.script.object.CommandHistory;
import dev.weir.script.object.Context;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Evaluates console lines: as an expression if that is one, else as a statement. */
final class Console {
    private final Context context;
    private final CommandHistory history = new CommandHistory();

    Console(Context context) {
        this.context = context;
    }

    CommandHistory history() {
        return history;
    }

    /**
     * What the operator sees: what the line returns, or what it printed if it returns nothing; an error starts with {@code Error: }. {@link
     * Configuration} and model are changed as the line says.
     */
    String evaluate(String line) {
        StringBuilder answer = new StringBuilder();
        Supplier<String> work = afterwards(answer, line);
        return work == null ? answer.toString() : answer + work.get();
    }

    /** What is to be done when Lua is free again, such as reading the configuration anew, whose functions need a while. */
    private @Nullable Supplier<String> afterwards(StringBuilder answer, String line) {
        StringBuilder output = new StringBuilder();
        context.lock.lock();
        context.collect(output);
        context.follow(true);
        context.afterwards(null);
        try {
            Object result = Values.first(context.state.call(compile(line)));
            history.add(line);
            answer.append(result == null ? output.toString() : shown(result));
            return context.takeAfterwards();
        } catch (LuaError e) {
            answer.append(output)
                    .append("Error: ")
                    .append(ErrorPlace.of(String.valueOf(e.getMessage())).text());
        } catch (OutOfMemoryError e) {
            answer.setLength(0);
            answer.append("Error: out of memory");
        } finally {
            context.follow(false);
            context.collect(null);
            context.flushPrinted();
            context.lock.unlock();
        }
        return null;
    }

    private LuaFunction compile(String line) {
        try {
            // In parentheses it is no tail call, whose frame would be gone when an error asks for the name of what was
            // called.
            return context.state.load("return (" + line + "\n)", "=console");
        } catch (LuaError notAnExpression) {
            return context.state.load(line, "=console");
        }
    }

    private static String shown(@Nullable Object value) {
        if (FromLua.isText(value)) {
            return FromLua.text(value) + "\n";
        }
        if (Args.objectOrNull(value, Backend.class) != null || Args.objectOrNull(value, BindType.Bind.class) != null) {
            return FromLua.text(value) + "\n";
        }
        String numbers = value instanceof LuaTable table ? numbers(table) : null;
        return numbers != null
                ? numbers + "\n"
                : "Command returned an object we can't print: a " + FromLua.typeName(value) + "\n";
    }

    /** A table of numbers as JSON; {@code null} if there is anything else in it. */
    private static @Nullable String numbers(LuaTable table) {
        StringBuilder json = new StringBuilder("{");
        for (FromLua.Entry entry : FromLua.entries(table)) {
            Object number = entry.value();
            if (!(number instanceof Double)) {
                return null;
            }
            json.append(json.length() > 1 ? ", " : "");
            json.append('"').append(entry.name().replace("\"", "\\\"")).append("\": ");
            json.append(FromLua.text(number));
        }
        return json.append('}').toString();
    }
}
