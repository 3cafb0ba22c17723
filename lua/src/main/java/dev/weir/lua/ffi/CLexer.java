package dev.weir.lua.ffi;

import java.util.ArrayList;
import java.util.List;

/** Cuts declarations into tokens. Comments and line ends mean nothing, but that errors name the line. */
final class CLexer {
    private static final String[] LONG_SYMBOLS = {"...", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "->"};

    private final String source;
    private int at;
    private int line = 1;

    private CLexer(String source) {
        this.source = source;
    }

    /** All tokens, the end as the last one. */
    static List<CToken> tokens(String source) {
        CLexer lexer = new CLexer(source);
        List<CToken> tokens = new ArrayList<>();
        CToken token;
        do {
            token = lexer.next();
            tokens.add(token);
        } while (token.kind() != CToken.Kind.END);
        return tokens;
    }

    private int peek(int ahead) {
        return at + ahead < source.length() ? source.charAt(at + ahead) : 0;
    }

    private CToken next() {
        skip();
        if (at >= source.length()) {
            return new CToken(CToken.Kind.END, "<eof>", 0, line);
        }
        int start = at;
        char first = source.charAt(at);
        if (isNameStart(first)) {
            while (isNameStart(peek(0)) || isDigit(peek(0))) {
                at++;
            }
            return new CToken(CToken.Kind.NAME, source.substring(start, at), 0, line);
        }
        if (isDigit(first)) {
            return number();
        }
        if (first == '"' || first == '\'') {
            return quoted(first);
        }
        for (String symbol : LONG_SYMBOLS) {
            if (source.startsWith(symbol, at)) {
                at += symbol.length();
                return new CToken(CToken.Kind.SYMBOL, symbol, 0, line);
            }
        }
        at++;
        return new CToken(CToken.Kind.SYMBOL, String.valueOf(first), 0, line);
    }

    private void skip() {
        while (at < source.length()) {
            char octet = source.charAt(at);
            if (octet == '\n') {
                line++;
                at++;
            } else if (octet == ' ' || octet >= '\t' && octet <= '\r') {
                at++;
            } else if (octet == '/' && peek(1) == '/') {
                while (at < source.length() && source.charAt(at) != '\n') {
                    at++;
                }
            } else if (octet == '/' && peek(1) == '*') {
                comment();
            } else {
                return;
            }
        }
    }

    private void comment() {
        at += 2;
        while (at < source.length() && !source.startsWith("*/", at)) {
            if (source.charAt(at++) == '\n') {
                line++;
            }
        }
        at = Math.min(source.length(), at + 2);
    }

    private CToken number() {
        int start = at;
        while (isNameStart(peek(0)) || isDigit(peek(0)) || peek(0) == '.') {
            at++;
        }
        String text = source.substring(start, at);
        int end = text.length();
        while (end > 0 && "uUlL".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        String digits = text.substring(0, end);
        try {
            long value;
            if (digits.startsWith("0x") || digits.startsWith("0X")) {
                value = Long.parseUnsignedLong(digits, 2, digits.length(), 16);
            } else if (digits.length() > 1 && digits.charAt(0) == '0') {
                value = Long.parseUnsignedLong(digits, 8);
            } else {
                value = Long.parseUnsignedLong(digits);
            }
            return new CToken(CToken.Kind.INTEGER, text, value, line);
        } catch (NumberFormatException malformed) {
            // No integer, and nothing else can be used: whoever reads it will say so.
            return new CToken(CToken.Kind.SYMBOL, text, 0, line);
        }
    }

    private CToken quoted(char quote) {
        StringBuilder text = new StringBuilder();
        at++;
        while (peek(0) != quote) {
            if (at >= source.length() || peek(0) == '\n') {
                throw new CFault("unfinished string near '" + quote + text + "'");
            }
            text.append(peek(0) == '\\' ? escape() : source.charAt(at++));
        }
        at++;
        if (quote == '"') {
            return new CToken(CToken.Kind.STRING, text.toString(), 0, line);
        }
        long value = text.isEmpty() ? 0 : (byte) text.charAt(0);
        return new CToken(CToken.Kind.INTEGER, text.toString(), value, line);
    }

    private char escape() {
        at++;
        int letter = peek(0);
        at++;
        return switch (letter) {
            case 'a' -> 7;
            case 'b' -> '\b';
            case 'e' -> 27;
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 11;
            case 'x' -> digits(16, 2);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                at--;
                yield digits(8, 3);
            }
            default -> (char) letter;
        };
    }

    private char digits(int radix, int most) {
        int value = 0;
        for (int i = 0; i < most && Character.digit(peek(0), radix) >= 0; i++) {
            value = value * radix + Character.digit(peek(0), radix);
            at++;
        }
        return (char) (value & 0xff);
    }

    private static boolean isNameStart(int octet) {
        return octet >= 'a' && octet <= 'z' || octet >= 'A' && octet <= 'Z' || octet == '_' || octet >= 0x80;
    }

    private static boolean isDigit(int octet) {
        return octet >= '0' && octet <= '9';
    }
}
