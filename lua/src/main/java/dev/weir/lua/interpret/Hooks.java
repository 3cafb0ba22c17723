package dev.weir.lua.interpret;

import dev.weir.lua.LuaHook;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaState;

/** Tells a hook of {@code debug.sethook} what happens. While a hook runs, no other one does. */
final class Hooks {
    private Hooks() {}

    static void call(Frame frame) {
        LuaHook hook = frame.state.hook();
        if (hook != null && hook.onCall()) {
            frame.state.tell("call", null);
        }
    }

    static void ret(Frame frame) {
        LuaHook hook = frame.state.hook();
        if (hook != null && hook.onReturn()) {
            frame.state.tell("return", null);
        }
    }

    static void line(Frame frame, StatNode statement) {
        LuaState state = frame.state;
        if (--state.fuel < 0) {
            state.refuel();
        }
        LuaHook hook = state.hook();
        if (hook != null && hook.onLine() && statement.line != 0 && statement.line != frame.hookedLine) {
            frame.hookedLine = statement.line;
            frame.info.site = frame.closure.prototype().siteOfLine(statement.line);
            state.tell("line", LuaNumber.box(statement.line));
        }
    }
}
