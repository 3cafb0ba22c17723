package dev.weir.lua.ffi;

import java.util.List;

/** Where a parser is among its tokens, and the parameters for each {@code $} in them. */
final class CTokens {
    private static final int MAX_NESTING = 100;

    private final List<CToken> tokens;
    private final List<Object> parameters;
    private int at;
    private int nextParameter;
    private int nesting;

    CTokens(String source, List<Object> parameters) {
        this.tokens = CLexer.tokens(source);
        this.parameters = parameters;
    }

    /** The token here. */
    CToken token() {
        return tokens.get(at);
    }

    /** A token further on. */
    CToken peek(int ahead) {
        return tokens.get(Math.min(at + ahead, tokens.size() - 1));
    }

    boolean atEnd() {
        return token().kind() == CToken.Kind.END;
    }

    /** The token here, which is left behind. */
    CToken take() {
        CToken taken = token();
        if (!atEnd()) {
            at++;
        }
        return taken;
    }

    /** Goes back by one token. */
    void back() {
        at--;
    }

    /** Takes a token if it is this one. */
    boolean accept(String text) {
        if (token().is(text)) {
            at++;
            return true;
        }
        return false;
    }

    void expect(String text) {
        if (!accept(text)) {
            throw expected(text);
        }
    }

    CFault expected(String what) {
        return near("'" + what + "' expected");
    }

    CFault near(String message) {
        String line = token().line() > 1 ? " at line " + token().line() : "";
        return new CFault(message + " near '" + token().text() + "'" + line);
    }

    /** What the next {@code $} stands for. */
    Object parameter() {
        if (nextParameter >= parameters.size()) {
            throw new CFault("wrong number of type parameters");
        }
        return parameters.get(nextParameter++);
    }

    /** Faults where a parameter is left. */
    void requireAllParameters() {
        if (nextParameter != parameters.size()) {
            throw new CFault("wrong number of type parameters");
        }
    }

    /** Goes one level deeper into what encloses itself. */
    void nest() {
        if (++nesting > MAX_NESTING) {
            throw new CFault("C declaration is nested too deeply");
        }
    }

    /** Comes back from {@link #nest}. */
    void unnest() {
        nesting--;
    }
}
