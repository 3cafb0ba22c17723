package dev.weir.wire;

import java.util.Locale;

/** Mnemonics of record classes (RFC 1035 3.2.4, RFC 2136 1.3); others are written {@code CLASS123} (RFC 3597 5). */
public final class RecordClass {
    public static final int IN = 1;
    public static final int CHAOS = 3;
    public static final int HESIOD = 4;
    public static final int NONE = 254;
    public static final int ANY = 255;

    private RecordClass() {}

    /** The mnemonic of a class as dig prints it, or {@code CLASS} and its number. */
    public static String toString(int recordClass) {
        return switch (recordClass) {
            case IN -> "IN";
            case CHAOS -> "CH";
            case HESIOD -> "HS";
            case NONE -> "NONE";
            case ANY -> "ANY";
            default -> "CLASS" + recordClass;
        };
    }

    /** The number of a mnemonic ({@code CHAOS} and {@code HESIOD} too) or of {@code CLASS123}, case aside; {@code -1} when it is neither. */
    public static int parse(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "IN" -> IN;
            case "CH", "CHAOS" -> CHAOS;
            case "HS", "HESIOD" -> HESIOD;
            case "NONE" -> NONE;
            case "ANY" -> ANY;
            default -> Mnemonics.parseGeneric(text, "CLASS");
        };
    }
}
