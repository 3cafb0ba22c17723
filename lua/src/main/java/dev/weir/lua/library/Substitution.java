package dev.weir.lua.library;

import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.lua.pattern.PatternFault;
import dev.weir.lua.pattern.PatternMatcher;
import dev.weir.lua.text.OctetBuilder;
import org.jspecify.annotations.Nullable;

/** {@code string.gsub}: what each match is replaced by. */
final class Substitution {
    private final LuaState state;
    private final LuaString subject;
    private final PatternMatcher matcher;
    private final Object replacement;
    private final OctetBuilder out;

    private Substitution(LuaState state, LuaString subject, LuaString pattern, Object replacement) {
        this.state = state;
        this.subject = subject;
        this.replacement = replacement;
        this.matcher = new PatternMatcher(subject.octets(), pattern.octets(), state::spend);
        this.out = new OctetBuilder(subject.length(), state.limits().maxStringOctets());
    }

    static Object substitute(LuaState state, LuaArgs arguments) {
        LuaString subject = arguments.string(1);
        LuaString pattern = arguments.string(2);
        Object given = arguments.get(3);
        int most = arguments.optInteger(4, subject.length() + 1);
        Object replacement =
                switch (given) {
                    case LuaTable table -> table;
                    case LuaFunction function -> function;
                    case LuaString string -> string;
                    case Double number -> LuaNumber.toLuaString(number);
                    case null, default -> throw arguments.argumentError(3, "string/function/table expected");
                };
        try {
            return new Substitution(state, subject, pattern, replacement).run(pattern, most);
        } catch (PatternFault fault) {
            throw state.error(fault.getMessage());
        } catch (OctetBuilder.TooLong tooLong) {
            throw new LuaError("not enough memory");
        }
    }

    private Object run(LuaString pattern, int most) {
        boolean anchored = pattern.length() > 0 && pattern.octet(0) == '^';
        int length = subject.length();
        int at = 0;
        int count = 0;
        while (count < most) {
            int start = anchored ? at : matcher.search(at, 0);
            int end = anchored ? matcher.match(at, 1) : matcher.end();
            if (start < 0 || end < 0) {
                break;
            }
            out.append(subject.octets(), at, start - at);
            count++;
            replace(start, end);
            at = end;
            if (end == start) {
                if (at == length) {
                    break;
                }
                out.append(subject.octet(at++));
            }
            if (anchored) {
                break;
            }
        }
        if (count == 0) {
            return Values.of(subject, LuaNumber.box(0));
        }
        out.append(subject.octets(), at, length - at);
        return Values.of(LuaString.owning(out.toOctets()), LuaNumber.box(count));
    }

    private void replace(int start, int end) {
        Object value =
                switch (replacement) {
                    case LuaString template -> {
                        expand(template.octets(), start, end);
                        yield template;
                    }
                    case LuaTable table -> LuaOperators.index(state, table, capture(0, start, end));
                    case LuaFunction function -> Values.first(called(function, start, end));
                    default -> throw new IllegalStateException();
                };
        if (value == replacement && value instanceof LuaString) {
            return;
        }
        if (!LuaOperators.isTrue(value)) {
            out.append(subject.octets(), start, end - start);
            return;
        }
        LuaString text = LuaOperators.textOf(value);
        if (text == null) {
            throw state.error("invalid replacement value (a " + LuaOperators.typeName(value) + ")");
        }
        out.append(text.octets());
    }

    private @Nullable Object called(LuaFunction function, int start, int end) {
        Object captures = PatternFunctions.captures(subject, matcher, start, end);
        return captures instanceof Values several ? function.invoke(several.items()) : function.call(captures);
    }

    /** Appends the template, with the captures that {@code %0} to {@code %9} stand for. */
    private void expand(byte[] template, int start, int end) {
        int i = 0;
        while (i < template.length) {
            if (template[i] != '%') {
                out.append(template[i++]);
                continue;
            }
            // A template that ends with % gets a zero octet in its place.
            int octet = i + 1 < template.length ? template[i + 1] : 0;
            i += 2;
            if (octet < '0' || octet > '9') {
                out.append(octet);
            } else if (octet == '0') {
                out.append(subject.octets(), start, end - start);
            } else {
                LuaString text = LuaOperators.textOf(capture(octet - '1', start, end));
                out.append(text == null ? new byte[0] : text.octets());
            }
        }
    }

    /** A capture, or the whole match for the first where the pattern has none. */
    private Object capture(int index, int start, int end) {
        if (index < matcher.captures()) {
            return PatternFunctions.capture(subject, matcher, index);
        }
        if (index > 0) {
            throw new PatternFault("invalid capture index");
        }
        return subject.substring(start, end);
    }
}
