package dev.weir.script.lang;

import java.util.Locale;
import org.luaj.vm2.Buffer;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** {@code string.format} as the Lua 5.1 manual has it; LuaJ ignores width and precision of floating-point numbers. */
final class TextFormat {
    private TextFormat() {}

    static LuaValue format(Varargs args) {
        LuaString pattern = args.checkstring(1);
        Buffer out = new Buffer(pattern.m_length + 32);
        int argument = 1;
        int i = 0;
        while (i < pattern.m_length) {
            int c = pattern.luaByte(i++);
            if (c != '%') {
                out.append((byte) c);
            } else if (i < pattern.m_length && pattern.luaByte(i) == '%') {
                out.append((byte) '%');
                i++;
            } else {
                int start = i;
                while (i < pattern.m_length && "-+ #0123456789.".indexOf(pattern.luaByte(i)) >= 0) {
                    i++;
                }
                if (i == pattern.m_length) {
                    throw new LuaError("invalid option to 'format'");
                }
                String flags = pattern.substring(start, i).tojstring();
                char conversion = (char) pattern.luaByte(i++);
                convert(out, flags, conversion, args, ++argument);
            }
        }
        return out.tostring();
    }

    private static void convert(Buffer out, String flags, char conversion, Varargs args, int index) {
        switch (conversion) {
            case 'c' -> out.append((byte) args.checkint(index));
            case 'd', 'i' -> out.append(pad(flags, 'd', (long) args.checkdouble(index)));
            case 'u' -> out.append(pad(flags, 'd', (long) args.checkdouble(index)));
            case 'o', 'x', 'X' -> out.append(pad(flags, conversion, (long) args.checkdouble(index)));
            case 'e', 'E', 'f', 'a', 'A' -> out.append(pad(flags, conversion, args.checkdouble(index)));
            case 'F' -> out.append(pad(flags, 'f', args.checkdouble(index)));
            case 'g', 'G' -> out.append(general(flags, conversion, args.checkdouble(index)));
            case 'q' -> quote(out, args.checkstring(index));
            case 's' -> string(out, flags, text(args.arg(index)));
            default -> throw new LuaError("invalid option '%" + conversion + "' to 'format'");
        }
    }

    private static LuaString text(LuaValue value) {
        LuaValue byMetatable = value.metatag(LuaValue.TOSTRING);
        if (!byMetatable.isnil()) {
            return byMetatable.call(value).strvalue();
        }
        return value.isstring() ? value.strvalue() : LuaString.valueOf(value.tojstring());
    }

    private static void string(Buffer out, String flags, LuaString text) {
        if (flags.isEmpty()) {
            out.append(text);
            return;
        }
        int dot = flags.indexOf('.');
        int precision = dot < 0 ? text.m_length : flags.length() == dot + 1 ? 0 : number(flags.substring(dot + 1));
        LuaString shown = text.substring(0, Math.min(precision, text.m_length));
        String width = (dot < 0 ? flags : flags.substring(0, dot)).replace("-", "");
        int blanks = (width.isEmpty() ? 0 : number(width)) - shown.m_length;
        String padding = " ".repeat(Math.max(0, blanks));
        boolean left = flags.startsWith("-");
        out.append(left ? "" : padding);
        out.append(shown);
        out.append(left ? padding : "");
    }

    private static int number(String digits) {
        try {
            return Integer.parseInt(digits.strip());
        } catch (NumberFormatException e) {
            throw new LuaError("invalid format (repeated flags)");
        }
    }

    /** A minimal number of digits, which C has for integers and Java has not, becomes zeros in front. */
    private static String pad(String flags, char conversion, long value) {
        int dot = flags.indexOf('.');
        if (dot < 0) {
            return format(flags, conversion, value);
        }
        String digits = format("", conversion, Math.abs(value));
        int least = dot + 1 == flags.length() ? 0 : number(flags.substring(dot + 1));
        String all = (value < 0 ? "-" : "") + "0".repeat(Math.max(0, least - digits.length())) + digits;
        String width = flags.substring(0, dot).replaceAll("[0+ #]*([1-9]?)", "$1");
        return width.isEmpty() || width.equals("-") ? all : String.format(Locale.ROOT, "%" + width + "s", all);
    }

    private static String pad(String flags, char conversion, double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        return format(flags, conversion, value);
    }

    private static String format(String flags, char conversion, Object value) {
        try {
            return String.format(Locale.ROOT, "%" + flags + conversion, value);
        } catch (java.util.IllegalFormatException e) {
            throw new LuaError("invalid format '%" + flags + conversion + "'");
        }
    }

    /** C's %g: the shorter of %e and %f, without zeros at the end. Java's keeps them. */
    private static String general(String flags, char conversion, double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return pad(flags, 'f', value);
        }
        int dot = flags.indexOf('.');
        int precision = dot < 0 ? 6 : Math.max(1, dot + 1 == flags.length() ? 0 : number(flags.substring(dot + 1)));
        String exponential = String.format(Locale.ROOT, "%." + (precision - 1) + "e", value);
        int exponent =
                number(exponential.substring(exponential.indexOf('e') + 1).replace("+", ""));
        String text = exponent < -4 || exponent >= precision
                ? trim(exponential.substring(0, exponential.indexOf('e')))
                        + exponential.substring(exponential.indexOf('e'))
                : trim(String.format(Locale.ROOT, "%." + (precision - 1 - exponent) + "f", value));
        String width = (dot < 0 ? flags : flags.substring(0, dot)).replaceAll("[+ #]", "");
        String sized = width.isEmpty() || width.equals("-")
                ? text
                : String.format(Locale.ROOT, "%" + width.replaceFirst("^0", "") + "s", text);
        return conversion == 'G' ? sized.toUpperCase(Locale.ROOT) : sized;
    }

    private static String trim(String digits) {
        return digits.indexOf('.') < 0 ? digits : digits.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    private static void quote(Buffer out, LuaString text) {
        out.append((byte) '"');
        for (int i = 0; i < text.m_length; i++) {
            int c = text.luaByte(i);
            switch (c) {
                case '"', '\\', '\n' -> out.append((byte) '\\').append((byte) c);
                case '\r' -> out.append("\\r");
                case 0 -> out.append("\\000");
                default -> out.append((byte) c);
            }
        }
        out.append((byte) '"');
    }
}
