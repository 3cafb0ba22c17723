package dev.weir.lua.library;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.Values;
import dev.weir.lua.pattern.OctetSearch;
import dev.weir.lua.pattern.PatternFault;
import dev.weir.lua.pattern.PatternMatcher;
import org.jspecify.annotations.Nullable;

/** {@code string.find}, {@code match} and {@code gmatch}. */
final class PatternFunctions {
    private PatternFunctions() {}

    static @Nullable Object find(LuaState state, LuaArgs arguments) {
        LuaString subject = arguments.string(1);
        LuaString pattern = arguments.string(2);
        int start = start(subject, arguments.optInteger(3, 1));
        if (!arguments.truth(4) && PatternMatcher.isPattern(pattern.octets())) {
            return search(state, subject, pattern, start, true);
        }
        int at = OctetSearch.indexOf(subject.octets(), pattern.octets(), start, state::spend);
        return at < 0 ? null : Values.of(LuaNumber.box(at + 1), LuaNumber.box(at + pattern.length()));
    }

    static @Nullable Object match(LuaState state, LuaArgs arguments) {
        LuaString subject = arguments.string(1);
        LuaString pattern = arguments.string(2);
        return search(state, subject, pattern, start(subject, arguments.optInteger(3, 1)), false);
    }

    /** The first match from an octet on: its captures, and before them its place if that is wanted. */
    private static @Nullable Object search(
            LuaState state, LuaString subject, LuaString pattern, int start, boolean withPlace) {
        boolean anchored = pattern.length() > 0 && pattern.octet(0) == '^';
        PatternMatcher matcher = new PatternMatcher(subject.octets(), pattern.octets(), state::spend);
        try {
            int at = start;
            int end;
            if (anchored) {
                end = matcher.match(at, 1);
            } else {
                at = matcher.search(start, 0);
                end = at < 0 ? -1 : matcher.end();
            }
            if (end < 0) {
                return null;
            }
            return withPlace ? place(subject, matcher, at, end) : captures(subject, matcher, at, end);
        } catch (PatternFault fault) {
            throw state.error(fault.getMessage());
        }
    }

    private static @Nullable Object place(LuaString subject, PatternMatcher matcher, int start, int end) {
        int count = matcher.captures();
        if (count == 0) {
            return Values.of(LuaNumber.box(start + 1), LuaNumber.box(end));
        }
        @Nullable Object[] results = new @Nullable Object[count + 2];
        results[0] = LuaNumber.box(start + 1);
        results[1] = LuaNumber.box(end);
        for (int i = 0; i < count; i++) {
            results[i + 2] = capture(subject, matcher, i);
        }
        return Values.of(results);
    }

    /** All captures of a match, in the form in which a call returns them; the whole match if there are none. */
    static @Nullable Object captures(LuaString subject, PatternMatcher matcher, int start, int end) {
        int count = matcher.captures();
        if (count == 0) {
            return subject.substring(start, end);
        }
        if (count == 1) {
            return capture(subject, matcher, 0);
        }
        @Nullable Object[] results = new @Nullable Object[count];
        for (int i = 0; i < count; i++) {
            results[i] = capture(subject, matcher, i);
        }
        return Values.of(results);
    }

    /** One capture: octets, or the place of an empty one. */
    static Object capture(LuaString subject, PatternMatcher matcher, int index) {
        int start = matcher.captureStart(index);
        int length = matcher.captureLength(index);
        return length == PatternMatcher.POSITION ? LuaNumber.box(start + 1) : subject.substring(start, start + length);
    }

    private static int start(LuaString subject, int first) {
        int length = subject.length();
        int start = first < 0 ? first + length : first - 1;
        return Math.clamp(start, 0, length);
    }

    static LibraryFunction everyMatch(LuaState state, LuaArgs arguments) {
        return state.function("gmatch_aux", new EveryMatch(state, arguments.string(1), arguments.string(2)));
    }

    /** The iterator of {@code gmatch}: each call goes on behind the last match. */
    private static final class EveryMatch implements LibraryFunction.Body {
        private final LuaString subject;
        private final PatternMatcher matcher;
        private int next;

        EveryMatch(LuaState state, LuaString subject, LuaString pattern) {
            this.subject = subject;
            this.matcher = new PatternMatcher(subject.octets(), pattern.octets(), state::spend);
        }

        @Override
        public @Nullable Object call(LuaState state, LuaArgs arguments) {
            try {
                int at = next > subject.length() ? -1 : matcher.search(next, 0);
                if (at >= 0) {
                    int end = matcher.end();
                    next = end == at ? end + 1 : end;
                    return captures(subject, matcher, at, end);
                }
            } catch (PatternFault fault) {
                throw state.error(fault.getMessage());
            }
            next = subject.length() + 1;
            return Values.NONE;
        }
    }
}
