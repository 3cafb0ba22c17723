package dev.weir.lua.pattern;

/** The classes of octets that {@code %a}, {@code %d} and so on name: those of C's own locale, where octets from 128 are in none. */
public final class OctetClass {
    private static final int ALPHA = 1;
    private static final int CONTROL = 2;
    private static final int DIGIT = 4;
    private static final int LOWER = 8;
    private static final int PUNCTUATION = 16;
    private static final int SPACE = 32;
    private static final int UPPER = 64;
    private static final int HEXADECIMAL = 128;
    private static final int ZERO = 256;
    private static final int GRAPHIC = ALPHA | DIGIT | PUNCTUATION;

    private static final short[] CLASSES = classes();

    /** The class of each small letter; nothing for octets that name none. */
    private static final short[] MEMBERS = new short[256];

    static {
        for (int i = 'a'; i <= 'z'; i++) {
            MEMBERS[i] = (short) members(i);
        }
    }

    private OctetClass() {}

    /** Whether the octet (0 to 255) is in the class that a letter names; a letter that names none stands for itself. */
    public static boolean matches(int octet, int letter) {
        int members = MEMBERS[letter | 0x20];
        if (members == 0) {
            return octet == letter;
        }
        boolean wanted = (letter & 0x20) != 0;
        return (CLASSES[octet] & members) != 0 == wanted;
    }

    /**
     * Passes over octets as long as they are in the class that a letter names, or as long as they are not.
     *
     * @return the first one where that is otherwise; the end if there is none
     */
    static int skip(byte[] octets, int from, int letter, boolean matching) {
        int members = MEMBERS[letter | 0x20];
        int at = from;
        if (members == 0) {
            while (at < octets.length && (octets[at] & 0xff) == letter == matching) {
                at++;
            }
            return at;
        }
        boolean inside = (letter & 0x20) != 0 == matching;
        while (at < octets.length && (CLASSES[octets[at] & 0xff] & members) != 0 == inside) {
            at++;
        }
        return at;
    }

    /** Whether the octet (0 to 255) is white space. */
    public static boolean isSpace(int octet) {
        return (CLASSES[octet] & SPACE) != 0;
    }

    /** Whether the octet (0 to 255) is a control character. */
    public static boolean isControl(int octet) {
        return (CLASSES[octet] & CONTROL) != 0;
    }

    /** Whether the octet (0 to 255) is a decimal digit. */
    public static boolean isDigit(int octet) {
        return (CLASSES[octet] & DIGIT) != 0;
    }

    private static int members(int lowerCase) {
        return switch (lowerCase) {
            case 'a' -> ALPHA;
            case 'c' -> CONTROL;
            case 'd' -> DIGIT;
            case 'g' -> GRAPHIC;
            case 'l' -> LOWER;
            case 'p' -> PUNCTUATION;
            case 's' -> SPACE;
            case 'u' -> UPPER;
            case 'w' -> ALPHA | DIGIT;
            case 'x' -> HEXADECIMAL;
            case 'z' -> ZERO;
            default -> 0;
        };
    }

    private static short[] classes() {
        short[] classes = new short[256];
        for (int i = 0; i < 128; i++) {
            boolean lower = i >= 'a' && i <= 'z';
            boolean upper = i >= 'A' && i <= 'Z';
            boolean digit = i >= '0' && i <= '9';
            int members = (lower ? LOWER | ALPHA : 0) | (upper ? UPPER | ALPHA : 0) | (digit ? DIGIT : 0);
            if (i < ' ' || i == 127) {
                members |= CONTROL;
            } else if (i > ' ' && members == 0) {
                members |= PUNCTUATION;
            }
            if (i == ' ' || i >= '\t' && i <= '\r') {
                members |= SPACE;
            }
            int letter = i | 0x20;
            if (digit || (lower || upper) && letter <= 'f') {
                members |= HEXADECIMAL;
            }
            classes[i] = (short) members;
        }
        classes[0] |= ZERO;
        return classes;
    }
}
