package dev.weir.lua.ffi;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The words before a declarator, in any order: {@code unsigned const long int} and the like. */
final class SpecifierWords {
    private static final Set<String> WORDS = Set.of(
            "void",
            "bool",
            "_Bool",
            "char",
            "short",
            "int",
            "long",
            "float",
            "double",
            "signed",
            "unsigned",
            "__signed__",
            "const",
            "__const",
            "__const__",
            "volatile",
            "__volatile__",
            "restrict",
            "__restrict",
            "__restrict__");
    private static final Set<String> STORAGE = Set.of(
            "extern", "static", "typedef", "inline", "__inline", "__inline__", "register", "auto", "__extension__");

    private @Nullable CType given;
    private @Nullable String basic;
    private int longs;
    private boolean isShort;
    private boolean isSigned;
    private boolean isUnsigned;
    private boolean isConst;
    private boolean isVolatile;
    private boolean typedef;
    private boolean stationary;

    /** Whether a word can stand in a type. */
    static boolean isWord(String word) {
        return WORDS.contains(word);
    }

    boolean hasType() {
        return given != null || basic != null || longs > 0 || isShort || isSigned || isUnsigned;
    }

    void type(CType type) {
        given = type;
    }

    boolean isTypedef() {
        return typedef;
    }

    boolean isStatic() {
        return stationary;
    }

    /** Notes a word if it belongs here. */
    boolean takes(String word) {
        if (takesQualifier(word)) {
            return true;
        }
        if (STORAGE.contains(word)) {
            typedef |= word.equals("typedef");
            stationary |= word.equals("static");
            return true;
        }
        if (!WORDS.contains(word) || given != null) {
            return false;
        }
        switch (word) {
            case "long" -> longs++;
            case "short" -> isShort = true;
            case "signed", "__signed__" -> isSigned = true;
            case "unsigned" -> isUnsigned = true;
            default -> {
                if (basic != null) {
                    return false;
                }
                basic = word;
            }
        }
        return true;
    }

    /** Notes a qualifier. */
    boolean takesQualifier(String word) {
        switch (word) {
            case "const", "__const", "__const__" -> isConst = true;
            case "volatile", "__volatile__" -> isVolatile = true;
            case "restrict", "__restrict", "__restrict__" -> {}
            default -> {
                return false;
            }
        }
        return true;
    }

    CType qualify(CType type) {
        return type.qualified(isConst, isVolatile);
    }

    /** The type that the words name; null if they name none. */
    @Nullable CType result() {
        if (!hasType()) {
            return null;
        }
        return qualify(given != null ? given : basicType());
    }

    private CType basicType() {
        String name = basic == null ? "int" : basic;
        return switch (name) {
            case "void" -> CType.VOID;
            case "bool", "_Bool" -> CType.BOOL;
            case "char" -> isUnsigned ? CType.UINT8 : CType.CHAR;
            case "float" -> CType.FLOAT;
            case "double" -> longs > 0 ? CType.LONG_DOUBLE : CType.DOUBLE;
            default -> {
                if (longs > 0) {
                    yield isUnsigned ? CType.UINT64 : CType.INT64;
                }
                if (isShort) {
                    yield isUnsigned ? CType.UINT16 : CType.INT16;
                }
                yield isUnsigned ? CType.UINT32 : CType.INT32;
            }
        };
    }
}
