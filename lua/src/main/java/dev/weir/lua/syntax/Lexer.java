package dev.weir.lua.syntax;

import dev.weir.lua.ChunkNames;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaString;
import dev.weir.lua.text.NumberReader;
import dev.weir.lua.text.OctetBuilder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts source text into tokens, one ahead of the parser and a second one when it asks.
 *
 * <p>Octets from 0x80 on are letters. A chunk may begin with a byte order mark and with a line that starts with
 * {@code #}; both are skipped.
 */
final class Lexer {
    private static final Map<LuaString, Token> WORDS = words();
    private static final int NONE = -1;

    private final byte[] source;
    private final LuaString chunk;
    private final UnaryOperator<LuaString> strings;
    private final WideIntegers wideIntegers;

    private int at;
    private int line = 1;
    private int start;
    private final OctetBuilder buffer = new OctetBuilder(64);

    /** The token under treatment. */
    Token token = Token.END_OF_FILE;
    /** The value of a name, a string or a number. */
    @Nullable Object value;
    /** What messages show of the token. */
    private String shown = "";
    /** The line on which the token before this one ended. */
    int lastLine = 1;
    /** The octet at which the token under treatment begins. */
    int begin;
    /** The octet behind it. */
    int end;

    private boolean peeked;
    private Token nextToken = Token.END_OF_FILE;
    private @Nullable Object nextValue;
    private String nextShown = "";
    private int nextBegin;
    private int nextEnd;
    private int lineBeforePeek;

    /**
     * A lexer at the beginning of a chunk.
     *
     * @param strings gives the one object for equal strings
     * @param wideIntegers makes the values of literals with {@code LL}
     */
    Lexer(LuaString source, LuaString chunk, UnaryOperator<LuaString> strings, WideIntegers wideIntegers) {
        this.source = source.octets();
        this.chunk = chunk;
        this.strings = strings;
        this.wideIntegers = wideIntegers;
        skipPreamble();
    }

    private static Map<LuaString, Token> words() {
        Map<LuaString, Token> words = new HashMap<>();
        for (Token token : Token.values()) {
            if (token.compareTo(Token.WHILE) <= 0) {
                words.put(LuaString.of(token.text()), token);
            }
        }
        return words;
    }

    private void skipPreamble() {
        if (source.length >= 3 && source[0] == (byte) 0xef && source[1] == (byte) 0xbb && source[2] == (byte) 0xbf) {
            at = 3;
        }
        if (peek(0) == '#') {
            while (at < source.length && !isNewline(peek(0))) {
                at++;
            }
        }
    }

    /** The line the lexer has reached. */
    int line() {
        return line;
    }

    /** Goes on to the next token. */
    void next() {
        if (peeked) {
            peeked = false;
            lastLine = lineBeforePeek;
            token = nextToken;
            value = nextValue;
            shown = nextShown;
            begin = nextBegin;
            end = nextEnd;
            return;
        }
        lastLine = line;
        token = scan();
        begin = start;
        end = at;
    }

    /** The kind of the token after this one. */
    Token peek() {
        if (!peeked) {
            Token here = token;
            Object hereValue = value;
            String hereShown = shown;
            lineBeforePeek = line;
            nextToken = scan();
            nextValue = value;
            nextShown = shown;
            nextBegin = start;
            nextEnd = at;
            token = here;
            value = hereValue;
            shown = hereShown;
            peeked = true;
        }
        return nextToken;
    }

    // ---- errors

    /** A syntax error near the token under treatment. */
    LuaError errorHere(String message) {
        String near = token == Token.NAME || token == Token.STRING || token == Token.NUMBER || token == Token.STRAY
                ? shown
                : token.text();
        return error(message, near);
    }

    /** A syntax error on the line the lexer has reached, without a token. */
    LuaError error(String message) {
        return error(line, message);
    }

    /** A syntax error on some line. */
    LuaError error(int errorLine, String message) {
        return new LuaError(latin1(ChunkNames.shorten(chunk) + ":" + errorLine + ": " + message));
    }

    private LuaError error(String message, String near) {
        return near.isEmpty() ? error(message) : error(message + " near '" + near + "'");
    }

    /** Texts of messages hold one character for each octet of the source. */
    private static LuaString latin1(String text) {
        return LuaString.owning(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private LuaError errorInToken(String message) {
        return error(message, new String(buffer.toOctets(), StandardCharsets.ISO_8859_1));
    }

    private LuaError unfinished(String message) {
        return error(message, Token.END_OF_FILE.text());
    }

    // ---- tokens

    private int peek(int ahead) {
        int place = at + ahead;
        return place < source.length ? source[place] & 0xff : NONE;
    }

    private static boolean isNewline(int octet) {
        return octet == '\n' || octet == '\r';
    }

    private static boolean isDigit(int octet) {
        return octet >= '0' && octet <= '9';
    }

    private static boolean isLetter(int octet) {
        int lower = octet | 0x20;
        return lower >= 'a' && lower <= 'z' || octet == '_' || octet >= 0x80;
    }

    private void newline() {
        int first = peek(0);
        at++;
        int second = peek(0);
        if (isNewline(second) && second != first) {
            at++;
        }
        line++;
    }

    private Token scan() {
        value = null;
        while (true) {
            start = at;
            int octet = peek(0);
            if (octet == NONE) {
                return Token.END_OF_FILE;
            }
            if (isLetter(octet)) {
                return name();
            }
            if (isDigit(octet)) {
                return number();
            }
            if (isNewline(octet)) {
                newline();
            } else if (octet == ' ' || octet == '\t' || octet == 0x0b || octet == '\f') {
                at++;
            } else if (octet == '-' && peek(1) == '-') {
                comment();
            } else {
                return symbol(octet);
            }
        }
    }

    private Token name() {
        do {
            at++;
        } while (isLetter(peek(0)) || isDigit(peek(0)));
        LuaString text = strings.apply(LuaString.of(source, start, at - start));
        Token word = WORDS.get(text);
        value = text;
        if (word != null && word != Token.GOTO) {
            return word;
        }
        shown = text.toLatin1();
        return word == null ? Token.NAME : word;
    }

    private Token number() {
        int exponent = peek(0) == '0' && (peek(1) | 0x20) == 'x' ? 'p' : 'e';
        int last = 0;
        while (isLetter(peek(0))
                || isDigit(peek(0))
                || peek(0) == '.'
                || (peek(0) == '-' || peek(0) == '+') && (last | 0x20) == exponent) {
            last = peek(0);
            at++;
        }
        shown = new String(source, start, at - start, StandardCharsets.ISO_8859_1);
        value = numberValue();
        if (value == null) {
            throw error("malformed number", shown);
        }
        return Token.NUMBER;
    }

    private @Nullable Object numberValue() {
        int length = shown.length();
        if ((shown.charAt(length - 1) | 0x20) == 'l' && length > 2 && (shown.charAt(length - 2) | 0x20) == 'l') {
            boolean unsigned = (shown.charAt(length - 3) | 0x20) == 'u';
            Long bits = NumberReader.parseInteger(source, start, at - (unsigned ? 3 : 2));
            return bits == null ? null : wideIntegers.of(bits, unsigned);
        }
        if ((shown.charAt(length - 1) | 0x20) == 'i' && length > 1) {
            Double imaginary = NumberReader.parse(source, start, at - 1);
            return imaginary == null ? null : wideIntegers.imaginary(imaginary);
        }
        Double number = NumberReader.parse(source, start, at);
        return number == null ? null : LuaNumber.box(number);
    }

    private Token symbol(int octet) {
        int following = peek(1);
        return switch (octet) {
            case '+' -> take(1, Token.PLUS);
            case '-' -> take(1, Token.MINUS);
            case '*' -> take(1, Token.TIMES);
            case '/' -> take(1, Token.DIVIDE);
            case '%' -> take(1, Token.MODULO);
            case '^' -> take(1, Token.POWER);
            case '#' -> take(1, Token.LENGTH);
            case '(' -> take(1, Token.OPEN);
            case ')' -> take(1, Token.CLOSE);
            case '{' -> take(1, Token.OPEN_BRACE);
            case '}' -> take(1, Token.CLOSE_BRACE);
            case ']' -> take(1, Token.CLOSE_BRACKET);
            case ';' -> take(1, Token.SEMICOLON);
            case ',' -> take(1, Token.COMMA);
            case '=' -> following == '=' ? take(2, Token.EQUAL) : take(1, Token.ASSIGN);
            case '<' -> following == '=' ? take(2, Token.LESS_EQUAL) : take(1, Token.LESS);
            case '>' -> following == '=' ? take(2, Token.GREATER_EQUAL) : take(1, Token.GREATER);
            case '~' -> following == '=' ? take(2, Token.UNEQUAL) : stray(octet);
            case ':' -> following == ':' ? take(2, Token.LABEL) : take(1, Token.COLON);
            case '.' -> dots(following);
            case '"', '\'' -> quoted(octet);
            case '[' -> bracket(following);
            default -> stray(octet);
        };
    }

    private Token take(int octets, Token kind) {
        at += octets;
        return kind;
    }

    private Token stray(int octet) {
        at++;
        shown = octet == 0 ? "" : octet < ' ' || octet == 0x7f ? "char(" + octet + ")" : String.valueOf((char) octet);
        return Token.STRAY;
    }

    private Token dots(int following) {
        if (isDigit(following)) {
            return number();
        }
        if (following != '.') {
            return take(1, Token.DOT);
        }
        return peek(2) == '.' ? take(3, Token.DOTS) : take(2, Token.CONCAT);
    }

    // ---- comments and long strings

    private void comment() {
        at += 2;
        if (peek(0) == '[') {
            int level = longLevel();
            if (level >= 0) {
                longText(level, "unfinished long comment");
                return;
            }
        }
        while (at < source.length && !isNewline(peek(0))) {
            at++;
        }
    }

    /** How many equals signs an opening long bracket here has; -1 where there is none. */
    private int longLevel() {
        int level = 0;
        while (peek(1 + level) == '=') {
            level++;
        }
        return peek(1 + level) == '[' ? level : -1;
    }

    private Token bracket(int following) {
        int level = longLevel();
        if (level < 0) {
            if (following != '=') {
                return take(1, Token.OPEN_BRACKET);
            }
            int length = 1;
            while (peek(length) == '=') {
                length++;
            }
            throw error("invalid long string delimiter", "[" + "=".repeat(length - 1));
        }
        LuaString text = longText(level, "unfinished long string");
        value = strings.apply(text);
        String equals = "=".repeat(level);
        shown = "[" + equals + "[" + text.toLatin1() + "]" + equals + "]";
        return Token.STRING;
    }

    private LuaString longText(int level, String unfinished) {
        at += level + 2;
        buffer.truncate(0);
        if (isNewline(peek(0))) {
            newline();
        }
        while (true) {
            int octet = peek(0);
            if (octet == NONE) {
                throw unfinished(unfinished);
            }
            if (octet == ']' && closes(level)) {
                at += level + 2;
                return LuaString.owning(buffer.toOctets());
            }
            if (isNewline(octet)) {
                newline();
                buffer.append((byte) '\n');
            } else {
                buffer.append((byte) octet);
                at++;
            }
        }
    }

    private boolean closes(int level) {
        for (int i = 1; i <= level; i++) {
            if (peek(i) != '=') {
                return false;
            }
        }
        return peek(level + 1) == ']';
    }

    // ---- quoted strings

    private Token quoted(int quote) {
        buffer.truncate(0);
        buffer.append((byte) quote);
        at++;
        for (int octet = peek(0); octet != quote; octet = peek(0)) {
            if (octet == NONE) {
                throw unfinished("unfinished string");
            }
            if (isNewline(octet)) {
                throw errorInToken("unfinished string");
            }
            if (octet == '\\') {
                escape();
            } else {
                buffer.append((byte) octet);
                at++;
            }
        }
        at++;
        buffer.append((byte) quote);
        byte[] octets = buffer.toOctets();
        shown = new String(octets, StandardCharsets.ISO_8859_1);
        value = strings.apply(LuaString.of(octets, 1, octets.length - 2));
        return Token.STRING;
    }

    private void escape() {
        int letter = peek(1);
        at += 2;
        switch (letter) {
            case 'a' -> buffer.append((byte) 7);
            case 'b' -> buffer.append((byte) '\b');
            case 'f' -> buffer.append((byte) '\f');
            case 'n' -> buffer.append((byte) '\n');
            case 'r' -> buffer.append((byte) '\r');
            case 't' -> buffer.append((byte) '\t');
            case 'v' -> buffer.append((byte) 0x0b);
            case 'x' -> {
                buffer.append((byte) (hexDigit(0) << 4 | hexDigit(1)));
                at += 2;
            }
            case 'u' -> codePoint();
            case 'z' -> skipSpace();
            case '\\', '"', '\'' -> buffer.append((byte) letter);
            case '\n', '\r' -> {
                at--;
                newline();
                buffer.append((byte) '\n');
            }
            case NONE -> at--;
            default -> decimalEscape(letter);
        }
    }

    private LuaError badEscape() {
        return errorInToken("invalid escape sequence");
    }

    private int hexDigit(int ahead) {
        int digit = Character.digit(peek(ahead), 16);
        if (digit < 0 || peek(ahead) >= 0x80) {
            throw badEscape();
        }
        return digit;
    }

    private void decimalEscape(int first) {
        if (!isDigit(first)) {
            throw badEscape();
        }
        int octet = first - '0';
        for (int i = 0; i < 2 && isDigit(peek(0)); i++) {
            octet = octet * 10 + peek(0) - '0';
            at++;
        }
        if (octet > 255) {
            throw badEscape();
        }
        buffer.append((byte) octet);
    }

    private void codePoint() {
        if (peek(0) != '{') {
            throw badEscape();
        }
        at++;
        int point = 0;
        do {
            point = point << 4 | hexDigit(0);
            at++;
            if (point > Character.MAX_CODE_POINT) {
                throw badEscape();
            }
        } while (peek(0) != '}');
        at++;
        if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
            throw badEscape();
        }
        if (point < 0x80) {
            buffer.append((byte) point);
            return;
        }
        int followers = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
        buffer.append((byte) (0xf00 >> followers + 1 | point >> 6 * followers));
        for (int i = followers - 1; i >= 0; i--) {
            buffer.append((byte) (0x80 | point >> 6 * i & 0x3f));
        }
    }

    private void skipSpace() {
        while (true) {
            int octet = peek(0);
            if (isNewline(octet)) {
                newline();
            } else if (octet == ' ' || octet >= '\t' && octet <= '\r') {
                at++;
            } else {
                return;
            }
        }
    }
}
