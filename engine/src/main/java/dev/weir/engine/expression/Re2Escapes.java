package dev.weir.engine.expression;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a backslash can mean in RE2, inside and outside brackets alike. */
final class Re2Escapes {
    private static final OctetSet SPACE =
            NamedClasses.SPACE.and(OctetSet.of(0x0b).not());
    private static final int LAST_CHARACTER = 0x10ffff;

    private Re2Escapes() {}

    /** A class of characters; {@code null} if the backslash means something else, and then nothing was taken. */
    static @Nullable OctetSet classAfterBackslash(ParserInput in) {
        OctetSet set =
                switch (in.peek()) {
                    case 'd' -> OctetSet.DIGITS;
                    case 'D' -> OctetSet.DIGITS.not();
                    case 's' -> SPACE;
                    case 'S' -> SPACE.not();
                    case 'w' -> OctetSet.WORD;
                    case 'W' -> OctetSet.WORD.not();
                    default -> null;
                };
        if (set != null) {
            in.at++;
            return set;
        }
        boolean negated = in.take("P");
        if (!negated && !in.take("p")) {
            return null;
        }
        String name;
        if (in.take("{")) {
            name = in.takeUntil("}", "a class of Unicode without end");
        } else if (in.atEnd()) {
            throw in.broken("a class of Unicode without name");
        } else {
            name = Character.toString(in.takeCharacter());
        }
        if (name.startsWith("^")) {
            negated = !negated;
            name = name.substring(1);
        }
        OctetSet members = unicode(in, name);
        return negated ? members.not() : members;
    }

    /** Of a general category or a script, the characters in ASCII. */
    private static OctetSet unicode(ParserInput in, String name) {
        if (name.equals("Any")) {
            return OctetSet.ALL;
        }
        OctetSet set = OctetSet.NONE;
        boolean category = name.length() <= 2;
        Character.UnicodeScript script = null;
        if (!category) {
            try {
                script = Character.UnicodeScript.forName(name);
            } catch (IllegalArgumentException _) {
                throw in.broken("an unknown class of Unicode " + name);
            }
        } else if (!"C L M N P S Z Cc Cf Co Cs Ll Lm Lo Lt Lu Mc Me Mn Nd Nl No Pc Pd Pe Pf Pi Po Ps Sc Sk Sm So Zl Zp Zs "
                .contains(name + " ")) {
            throw in.broken("an unknown class of Unicode " + name);
        }
        for (int c = 0; c < 0x80; c++) {
            boolean in1 = category ? category(c).startsWith(name) : Character.UnicodeScript.of(c) == script;
            set = in1 ? set.or(OctetSet.of(c)) : set;
        }
        return set;
    }

    /** The general category of a character in ASCII. */
    private static String category(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> "Cc";
            case Character.LOWERCASE_LETTER -> "Ll";
            case Character.UPPERCASE_LETTER -> "Lu";
            case Character.DECIMAL_DIGIT_NUMBER -> "Nd";
            case Character.CONNECTOR_PUNCTUATION -> "Pc";
            case Character.DASH_PUNCTUATION -> "Pd";
            case Character.START_PUNCTUATION -> "Ps";
            case Character.END_PUNCTUATION -> "Pe";
            case Character.OTHER_PUNCTUATION -> "Po";
            case Character.CURRENCY_SYMBOL -> "Sc";
            case Character.MODIFIER_SYMBOL -> "Sk";
            case Character.MATH_SYMBOL -> "Sm";
            case Character.SPACE_SEPARATOR -> "Zs";
            default -> throw new IllegalArgumentException(String.format(Locale.ROOT, "no character of ASCII: %x", c));
        };
    }

    /** A single character. */
    static int characterAfterBackslash(ParserInput in) {
        if (in.atEnd()) {
            throw in.broken("a backslash at the end");
        }
        int c = in.takeCharacter();
        if (c >= '0' && c <= '7') {
            return octal(in, c);
        }
        return switch (c) {
            case '8', '9' -> throw backReference(in, c);
            case 'a' -> 0x07;
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0b;
            case 'x' -> hexadecimal(in);
            default -> {
                if (c >= 0x80 || Character.isLetterOrDigit(c)) {
                    throw in.broken("an unknown escape \\" + Character.toString(c));
                }
                yield c;
            }
        };
    }

    private static BadExpression backReference(ParserInput in, int digit) {
        return in.broken("back-references cannot be matched in linear time: \\" + (char) digit);
    }

    /** Up to three digits; a single one that is not zero would be a back-reference. */
    private static int octal(ParserInput in, int first) {
        if (first != '0' && !isOctal(in.peek())) {
            throw backReference(in, first);
        }
        int value = first - '0';
        for (int digits = 1; digits < 3 && isOctal(in.peek()); digits++) {
            value = value * 8 + in.takeCharacter() - '0';
        }
        return value;
    }

    private static boolean isOctal(char c) {
        return c >= '0' && c <= '7';
    }

    private static int hexadecimal(ParserInput in) {
        String digits;
        if (in.take("{")) {
            digits = in.takeUntil("}", "a character's number without end");
        } else {
            int end = Math.min(in.at + 2, in.source.length());
            digits = in.source.substring(in.at, end);
            in.at = end;
        }
        boolean number = !digits.isEmpty() && digits.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80);
        if (!number || digits.length() > 8 || Long.parseLong(digits, 16) > LAST_CHARACTER) {
            throw in.broken("\\x without a character's number");
        }
        return Integer.parseInt(digits, 16);
    }
}
