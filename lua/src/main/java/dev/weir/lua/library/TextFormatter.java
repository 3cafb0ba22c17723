package dev.weir.lua.library;

import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.Metamethod;
import dev.weir.lua.Values;
import dev.weir.lua.ffi.CData;
import dev.weir.lua.pattern.OctetClass;
import dev.weir.lua.text.ConversionSpec;
import dev.weir.lua.text.IntegerText;
import dev.weir.lua.text.NumberText;
import dev.weir.lua.text.OctetBuilder;
import org.jspecify.annotations.Nullable;

/** {@code string.format}: C's conversions, and {@code %q} for strings that Lua reads back. */
final class TextFormatter {
    private final LuaState state;
    private final LuaArgs arguments;
    private final OctetBuilder out;
    private int argument = 1;

    private TextFormatter(LuaState state, LuaArgs arguments, int capacity) {
        this.state = state;
        this.arguments = arguments;
        this.out = new OctetBuilder(capacity, state.limits().maxStringOctets());
    }

    static LuaString format(LuaState state, LuaArgs arguments) {
        byte[] format = arguments.string(1).octets();
        TextFormatter formatter = new TextFormatter(state, arguments, format.length + 32);
        try {
            formatter.run(format);
        } catch (OctetBuilder.TooLong tooLong) {
            throw new LuaError("not enough memory");
        }
        return LuaString.owning(formatter.out.toOctets());
    }

    private void run(byte[] format) {
        int at = 0;
        while (at < format.length) {
            int percent = at;
            while (percent < format.length && format[percent] != '%') {
                percent++;
            }
            out.append(format, at, percent - at);
            at = percent + 1;
            if (at < format.length && format[at] == '%') {
                out.append('%');
                at++;
            } else if (percent < format.length) {
                at = conversion(format, at);
            }
        }
    }

    /** Writes one argument as the conversion that starts behind a {@code %} says; returns where it ends. */
    private int conversion(byte[] format, int start) {
        if (start < format.length && plain(format[start])) {
            return start + 1;
        }
        ConversionSpec.Parsed parsed = ConversionSpec.parse(format, start, format.length);
        ConversionSpec spec = parsed.spec();
        if (spec == null) {
            throw invalid(format, start, parsed.end());
        }
        switch (spec.letter()) {
            case 'd', 'i', 'u', 'o', 'x', 'X' -> {
                argument++;
                integer(spec);
            }
            case 'a', 'A', 'e', 'E', 'f', 'F', 'g', 'G' -> {
                requireArgument();
                NumberText.format(out, spec, arguments.number(argument));
            }
            case 'c' -> {
                requireArgument();
                byte[] octet = {(byte) arguments.integer(argument)};
                new ConversionSpec(spec.flags(), spec.width(), -1, 'c').text(out, octet, 0, 1);
            }
            case 's' -> {
                requireArgument();
                byte[] text = text(arguments.get(argument)).octets();
                spec.text(out, text, 0, text.length);
            }
            case 'q' -> {
                requireArgument();
                quote(text(arguments.get(argument)).octets());
            }
            case 'p' -> {
                requireArgument();
                out.append(pointer(arguments.get(argument)));
            }
            default -> throw invalid(format, start, parsed.end() - 1);
        }
        return parsed.end();
    }

    /** Writes {@code %d} of a whole number and {@code %s} of a string, the most usual conversions; false for all others. */
    private boolean plain(byte letter) {
        Object value = arguments.get(argument + 1);
        if (letter == 's' && value instanceof LuaString string) {
            out.append(string.octets());
        } else if (letter == 'd' && value instanceof Double number && isWhole(number)) {
            out.appendDecimal((long) number.doubleValue());
        } else {
            return false;
        }
        argument++;
        return true;
    }

    private static boolean isWhole(double number) {
        return Math.abs(number) < 0x1p53 && (long) number == number;
    }

    private void requireArgument() {
        argument++;
        arguments.any(argument);
    }

    private void integer(ConversionSpec spec) {
        Object value = arguments.any(argument);
        if (value instanceof CData data && data.isWideInteger()) {
            IntegerText.format(out, spec, data.toLong());
            return;
        }
        double number = arguments.number(argument);
        boolean signed = spec.letter() == 'd' || spec.letter() == 'i';
        IntegerText.format(out, spec, signed ? toSigned(number) : toUnsigned(number));
    }

    /** Cuts the fraction off; what does not fit becomes the least number, as x86-64 converts. */
    static long toSigned(double number) {
        return number >= -0x1p63 && number < 0x1p63 ? (long) number : Long.MIN_VALUE;
    }

    /** The same for numbers up to 2<sup>64</sup>, of which the upper half wraps around. */
    static long toUnsigned(double number) {
        return number >= 0x1p63 ? toSigned(number - 0x1p64) : toSigned(number);
    }

    /** What {@code tostring} says, except that whatever {@code __tostring} returns is shown plainly. */
    private LuaString text(@Nullable Object value) {
        Object handler = LuaOperators.metamethod(state, value, Metamethod.TOSTRING);
        if (handler == null || value instanceof LuaString) {
            return LuaOperators.basicText(value);
        }
        return LuaOperators.basicText(Values.first(LuaOperators.call(state, handler, value)));
    }

    private static String pointer(@Nullable Object value) {
        return switch (value) {
            case null -> "NULL";
            case Boolean truth -> "NULL";
            case Double number -> "NULL";
            default -> LuaOperators.address(value);
        };
    }

    /** A literal of Lua: control characters as escapes, of three digits where a digit follows. */
    private void quote(byte[] octets) {
        out.append('"');
        for (int i = 0; i < octets.length; i++) {
            int octet = octets[i] & 0xff;
            if (octet == '"' || octet == '\\' || octet == '\n') {
                out.append('\\').append(octet);
            } else if (OctetClass.isControl(octet)) {
                boolean digitFollows = i + 1 < octets.length && OctetClass.isDigit(octets[i + 1] & 0xff);
                out.append('\\');
                if (digitFollows) {
                    out.fill('0', octet < 10 ? 2 : octet < 100 ? 1 : 0);
                }
                out.appendDecimal(octet);
            } else {
                out.append(octet);
            }
        }
        out.append('"');
    }

    /** The message shows the conversion up to what does not belong into one, unless that cannot be shown. */
    private LuaError invalid(byte[] format, int start, int wrong) {
        int end = wrong < format.length && (format[wrong] & 0xff) >= ' ' ? wrong + 1 : wrong;
        OctetBuilder message = new OctetBuilder(32).append("invalid option '%");
        message.append(format, start, Math.min(end, format.length) - start).append("' to 'format'");
        return state.error(LuaString.owning(message.toOctets()));
    }
}
