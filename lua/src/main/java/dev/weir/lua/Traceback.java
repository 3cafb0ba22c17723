package dev.weir.lua;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells which calls are open, in LuaJIT's words. */
final class Traceback {
    /** Of more calls than these only the first and the last are told. */
    private static final int FIRST = 12;

    private static final int LAST = 10;

    private Traceback() {}

    /**
     * The calls from one on.
     *
     * @param calls all open calls, the innermost one first
     */
    static String text(List<TracedCall> calls, int from) {
        StringBuilder text = new StringBuilder("stack traceback:");
        for (int i = from; i < calls.size(); i++) {
            if (i == FIRST && calls.size() > FIRST + LAST + 1) {
                text.append("\n\t...");
                i = calls.size() - LAST;
            }
            text.append("\n\t");
            describe(calls, i, text);
        }
        return text.toString();
    }

    private static void describe(List<TracedCall> calls, int at, StringBuilder text) {
        TracedCall call = calls.get(at);
        SiteName name = calledAs(calls, at);
        if (!(call.function() instanceof ScriptFunction script)) {
            text.append("[C]: ");
            if (name != null) {
                text.append("in function '").append(name.name()).append('\'');
            } else {
                text.append("at ").append(LuaOperators.address(call.function()));
            }
            return;
        }
        String source = script.shortSource();
        text.append(source).append(':').append(script.line(call.site())).append(": in ");
        if (script.firstLine() == 0) {
            text.append("main chunk");
        } else if (name != null) {
            text.append("function '").append(name.name()).append('\'');
        } else {
            text.append("function <")
                    .append(source)
                    .append(':')
                    .append(script.firstLine())
                    .append('>');
        }
    }

    private static @Nullable SiteName calledAs(List<TracedCall> calls, int at) {
        return at + 1 < calls.size() && calls.get(at + 1).function() instanceof ScriptFunction caller
                ? caller.calledName(calls.get(at + 1).site())
                : null;
    }
}
