package dev.weir.script;

import dev.weir.config.Configuration;
import dev.weir.engine.backend.Backend;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LineTracker;
import dev.weir.script.lang.Messages;
import dev.weir.script.object.BindType;
import dev.weir.script.object.CommandHistory;
import dev.weir.script.object.Context;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

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
        StringBuilder output = new StringBuilder();
        LineTracker tracker = new LineTracker();
        context.lock.lock();
        context.collect(output);
        context.track(tracker);
        try {
            LuaValue result = compile(line).invoke().arg1();
            history.add(line);
            return result.isnil() ? output.toString() : shown(result);
        } catch (LuaError e) {
            return output + "Error: " + Messages.text(Messages.explain(e, tracker));
        } catch (StackOverflowError e) {
            return output + "Error: stack overflow";
        } catch (OutOfMemoryError e) {
            return "Error: out of memory";
        } finally {
            context.track(null);
            context.collect(null);
            context.globals.STDOUT.flush();
            context.lock.unlock();
        }
    }

    private LuaValue compile(String line) {
        try {
            // In parentheses it is no tail call, whose frame would be gone when an error asks for the name of what was
            // called.
            return context.globals.load("return (" + line + "\n)", "=console");
        } catch (LuaError notAnExpression) {
            return context.globals.load(line, "=console");
        }
    }

    private static String shown(LuaValue value) {
        if (value.isstring()) {
            return value.tojstring() + "\n";
        }
        if (Args.objectOrNull(value, Backend.class) != null || Args.objectOrNull(value, BindType.Bind.class) != null) {
            return value.tojstring() + "\n";
        }
        String numbers = value instanceof LuaTable table ? numbers(table) : null;
        return numbers != null
                ? numbers + "\n"
                : "Command returned an object we can't print: a " + value.typename() + "\n";
    }

    /** A table of numbers as JSON; {@code null} if there is anything else in it. */
    private static @Nullable String numbers(LuaTable table) {
        StringBuilder json = new StringBuilder("{");
        for (Varargs entry = table.next(LuaValue.NIL); !entry.arg1().isnil(); entry = table.next(entry.arg1())) {
            LuaValue number = entry.arg(2);
            if (number.type() != LuaValue.TNUMBER) {
                return null;
            }
            json.append(json.length() > 1 ? ", " : "");
            json.append('"')
                    .append(entry.arg1().tojstring().replace("\"", "\\\""))
                    .append("\": ");
            json.append(number.tojstring());
        }
        return json.append('}').toString();
    }
}
