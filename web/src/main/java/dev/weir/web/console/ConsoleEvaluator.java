package dev.weir.web.console;

/** What the console does with a line: implemented by the room that knows Lua. */
@FunctionalInterface
public interface ConsoleEvaluator {
    /**
     * Evaluates one line, an expression or a statement.
     *
     * <p>Called from a thread of the connection; several connections may call at the same time.
     *
     * @return what the operator sees, printed as it is: a value ends with a newline, an error starts with {@code Error: }
     */
    String evaluate(String line);
}
