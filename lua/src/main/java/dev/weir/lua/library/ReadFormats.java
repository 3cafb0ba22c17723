package dev.weir.lua.library;

import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.Values;
import dev.weir.lua.pattern.OctetClass;
import dev.weir.lua.text.NumberReader;
import dev.weir.lua.text.OctetBuilder;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@code file:read}: one value for each format, up to the first that finds nothing. */
final class ReadFormats {
    /** No number is longer. */
    private static final int MAX_NUMBER_OCTETS = 200;

    private final LuaState state;
    private final BufferedFile file;

    private ReadFormats(LuaState state, BufferedFile file) {
        this.state = state;
        this.file = file;
    }

    /** Reads as the arguments from one on say: a line if there are none. */
    static @Nullable Object read(LuaState state, BufferedFile file, LuaArgs arguments, int first) {
        int count = Math.max(1, arguments.count() - first + 1);
        @Nullable Object[] results = new @Nullable Object[count];
        ReadFormats reader = new ReadFormats(state, file);
        try {
            for (int i = 0; i < count; i++) {
                results[i] = arguments.has(first) ? reader.one(arguments, first + i) : reader.line(false);
                if (results[i] == null) {
                    return Values.of(Arrays.copyOf(results, i + 1));
                }
            }
            return Values.of(results);
        } catch (IOException exception) {
            return SystemFault.of(exception).result();
        } catch (OctetBuilder.TooLong tooLong) {
            throw new LuaError("not enough memory");
        }
    }

    private @Nullable Object one(LuaArgs arguments, int index) throws IOException {
        Object format = arguments.get(index);
        if (format instanceof Double) {
            return octets(arguments.integer(index));
        }
        if (!(format instanceof LuaString string)) {
            throw arguments.argumentError(index, "invalid option");
        }
        int at = string.length() > 0 && string.octet(0) == '*' ? 1 : 0;
        return switch (at < string.length() ? string.octet(at) : 0) {
            case 'n' -> number();
            case 'l' -> line(false);
            case 'L' -> line(true);
            case 'a' -> {
                OctetBuilder out = builder();
                file.read(out, Long.MAX_VALUE);
                yield LuaString.owning(out.toOctets());
            }
            default -> throw arguments.argumentError(index, "invalid format");
        };
    }

    private OctetBuilder builder() {
        return new OctetBuilder(80, state.limits().maxStringOctets());
    }

    private @Nullable Object line(boolean withEnd) throws IOException {
        OctetBuilder out = builder();
        return file.readLine(out, withEnd) ? LuaString.owning(out.toOctets()) : null;
    }

    private @Nullable Object octets(int count) throws IOException {
        if (count < 0) {
            throw new LuaError("not enough memory");
        }
        if (count == 0) {
            return file.peek() < 0 ? null : LuaString.EMPTY;
        }
        OctetBuilder out = builder();
        file.read(out, count);
        return out.length() == 0 ? null : LuaString.owning(out.toOctets());
    }

    /** As scanf's {@code %lf}: takes what can begin a number, and fails if that is none. */
    private @Nullable Object number() throws IOException {
        while (file.peek() >= 0 && OctetClass.isSpace(file.peek())) {
            file.read();
        }
        OctetBuilder text = new OctetBuilder(32);
        accept(text, "+-", 1);
        if (word(text, "nan") || word(text, "infinity")) {
            return NumberReader.parse(text.toOctets());
        }
        boolean zero = accept(text, "0", 1) > 0;
        boolean hexadecimal = zero && accept(text, "xX", 1) > 0;
        String digits = hexadecimal ? "0123456789abcdefABCDEF" : "0123456789";
        accept(text, digits, MAX_NUMBER_OCTETS);
        if (accept(text, ".", 1) > 0) {
            accept(text, digits, MAX_NUMBER_OCTETS);
        }
        boolean something =
                text.length() > 0 && OctetClass.matches(text.at(text.length() - 1) & 0xff, 'x') || text.length() > 1;
        int end = text.length();
        if (something && accept(text, hexadecimal ? "pP" : "eE", 1) > 0) {
            accept(text, "+-", 1);
            if (accept(text, "0123456789", MAX_NUMBER_OCTETS) == 0) {
                text.truncate(end);
            }
        }
        return NumberReader.parse(text.toOctets());
    }

    private int accept(OctetBuilder text, String octets, int most) throws IOException {
        int count = 0;
        while (count < most && text.length() < MAX_NUMBER_OCTETS) {
            int octet = file.peek();
            if (octet < 0 || octets.indexOf(octet) < 0) {
                break;
            }
            text.append(file.read());
            count++;
        }
        return count;
    }

    /** Takes as much of a word as is there; whether it begins at all. */
    private boolean word(OctetBuilder text, String word) throws IOException {
        int taken = 0;
        while (taken < word.length() && (file.peek() | 0x20) == word.charAt(taken)) {
            text.append(file.read());
            taken++;
        }
        return taken > 0;
    }
}
