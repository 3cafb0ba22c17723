package dev.weir.lua.syntax;

/** The kinds of token, each with the text by which error messages call it. */
enum Token {
    AND("and"),
    BREAK("break"),
    DO("do"),
    ELSE("else"),
    ELSEIF("elseif"),
    END("end"),
    FALSE("false"),
    FOR("for"),
    FUNCTION("function"),
    GOTO("goto"),
    IF("if"),
    IN("in"),
    LOCAL("local"),
    NIL("nil"),
    NOT("not"),
    OR("or"),
    REPEAT("repeat"),
    RETURN("return"),
    THEN("then"),
    TRUE("true"),
    UNTIL("until"),
    WHILE("while"),
    PLUS("+"),
    MINUS("-"),
    TIMES("*"),
    DIVIDE("/"),
    MODULO("%"),
    POWER("^"),
    LENGTH("#"),
    EQUAL("=="),
    UNEQUAL("~="),
    LESS_EQUAL("<="),
    GREATER_EQUAL(">="),
    LESS("<"),
    GREATER(">"),
    ASSIGN("="),
    OPEN("("),
    CLOSE(")"),
    OPEN_BRACE("{"),
    CLOSE_BRACE("}"),
    OPEN_BRACKET("["),
    CLOSE_BRACKET("]"),
    SEMICOLON(";"),
    COLON(":"),
    LABEL("::"),
    COMMA(","),
    DOT("."),
    CONCAT(".."),
    DOTS("..."),
    NUMBER("<number>"),
    NAME("<name>"),
    STRING("<string>"),
    END_OF_FILE("<eof>"),
    /** An octet that begins no token. */
    STRAY("");

    private final String text;

    Token(String text) {
        this.text = text;
    }

    /** How messages call it. */
    String text() {
        return text;
    }

    /** Whether it ends a block. */
    boolean endsBlock() {
        return switch (this) {
            case ELSE, ELSEIF, END, UNTIL, END_OF_FILE -> true;
            default -> false;
        };
    }
}
