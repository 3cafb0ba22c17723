package dev.weir.lua.ffi;

/**
 * A token of C.
 *
 * @param text the token itself; of a string or character what is inside the quotes
 * @param value of a number or character
 */
record CToken(Kind kind, String text, long value, int line) {
    /** What sort of token it is. */
    enum Kind {
        NAME,
        INTEGER,
        STRING,
        SYMBOL,
        END
    }

    boolean is(String symbolOrName) {
        return (kind == Kind.SYMBOL || kind == Kind.NAME) && text.equals(symbolOrName);
    }
}
