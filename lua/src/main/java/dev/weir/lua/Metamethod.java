package dev.weir.lua;

/** The events that a metatable can answer. */
public enum Metamethod {
    /** {@code a + b}. */
    ADD,
    /** {@code a - b}. */
    SUB,
    /** {@code a * b}. */
    MUL,
    /** {@code a / b}. */
    DIV,
    /** {@code a % b}. */
    MOD,
    /** {@code a ^ b}. */
    POW,
    /** {@code -a}. */
    UNM,
    /** {@code a .. b}. */
    CONCAT,
    /** {@code #a}, for all but strings and tables. */
    LEN,
    /** {@code a == b} of two tables or two userdata. */
    EQ,
    /** {@code a < b}. */
    LT,
    /** {@code a <= b}. */
    LE,
    /** {@code a.b}, read. */
    INDEX,
    /** {@code a.b}, written. */
    NEWINDEX,
    /** {@code a(...)}. */
    CALL,
    /** {@code tostring(a)}. */
    TOSTRING,
    /** What {@code getmetatable} shows instead, and the sign that it may not be changed. */
    METATABLE,
    /** {@code k} for weak keys, {@code v} for weak values. */
    MODE,
    /** What is to happen at the end of an object's life. */
    GC;

    @SuppressWarnings("ImmutableEnumChecker") // a string of Lua never changes; only its hash is computed late
    private final LuaString key = LuaString.of("__" + lowerCase());

    private String lowerCase() {
        StringBuilder lower = new StringBuilder();
        for (int i = 0; i < name().length(); i++) {
            lower.append((char) (name().charAt(i) | 0x20));
        }
        return lower.toString();
    }

    /** Its name in a metatable, with the two underscores. */
    public LuaString key() {
        return key;
    }

    int bit() {
        return 1 << ordinal();
    }
}
