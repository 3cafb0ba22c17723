package dev.weir.script.lang;

import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Lua;
import org.luaj.vm2.LuaClosure;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Prototype;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.DebugLib;

/**
 * Follows which line is being executed while a configuration loads, for messages. LuaJ calls a debug library before each instruction if
 * there is one; this one only notes the instruction, and is taken out again when the configuration is loaded. Coroutines, which LuaJ runs
 * on other threads, are not followed.
 */
public final class LineTracker extends DebugLib {
    private static final int DEEPEST = 200;

    private final @Nullable Prototype[] code = new Prototype[DEEPEST];
    private final int[] at = new int[DEEPEST];
    private final Thread thread = Thread.currentThread();
    private int depth = -1;
    private @Nullable Prototype lastCode;
    private int lastAt;
    private String failedSubject = "";

    @Override
    public void onCall(LuaFunction function) {
        enter(null);
    }

    @Override
    public void onCall(LuaClosure closure, Varargs arguments, LuaValue[] stack) {
        enter(closure.p);
    }

    private void enter(@Nullable Prototype prototype) {
        if (Thread.currentThread() == thread && ++depth < DEEPEST) {
            code[depth] = prototype;
            at[depth] = 0;
        }
    }

    @Override
    public void onInstruction(int pc, Varargs arguments, int top) {
        if (depth >= 0 && depth < DEEPEST && Thread.currentThread() == thread) {
            at[depth] = pc;
            lastCode = code[depth];
            lastAt = pc;
        }
    }

    @Override
    public void onReturn() {
        if (Thread.currentThread() == thread) {
            depth--;
        }
    }

    /** LuaJ asks for this where an error happens, and appends it to the message. */
    @Override
    public String traceback(int level) {
        failedSubject = subject();
        return "";
    }

    /** The {@link #subject} of the latest error. */
    public String failedSubject() {
        return failedSubject;
    }

    /** {@code file:line} of the innermost line of Lua that is being executed; empty if there is none. */
    public String position() {
        for (int i = Math.min(depth, DEEPEST - 1); i >= 0; i--) {
            Prototype prototype = code[i];
            if (prototype != null) {
                return position(prototype, at[i]);
            }
        }
        return "";
    }

    /** {@code file:line} of the line executed last, also when all has been left because of an error; empty if there was none. */
    public String lastPosition() {
        return lastCode == null ? "" : position(lastCode, lastAt);
    }

    private static String position(Prototype prototype, int pc) {
        int[] lines = prototype.lineinfo;
        return chunkName(prototype.source) + ":" + (lines != null && pc < lines.length ? lines[pc] : 0);
    }

    private static String chunkName(LuaString source) {
        String name = source.tojstring();
        return name.startsWith("@") || name.startsWith("=") ? name.substring(1) : name;
    }

    /**
     * What the instruction being executed calls or indexes: {@code global 'foo'}, {@code method 'bar'}. Lua 5.1 says so in its message, LuaJ
     * only says "nil".
     */
    private String subject() {
        if (depth < 0 || depth >= DEEPEST || code[depth] == null) {
            return "";
        }
        Prototype prototype = code[depth];
        int instruction = prototype.code[at[depth]];
        int opcode = Lua.GET_OPCODE(instruction);
        boolean index = opcode == Lua.OP_GETTABLE || opcode == Lua.OP_SELF;
        int register =
                switch (opcode) {
                    case Lua.OP_CALL, Lua.OP_TAILCALL, Lua.OP_SETTABLE -> Lua.GETARG_A(instruction);
                    default -> index ? Lua.GETARG_B(instruction) : -1;
                };
        if (register < 0) {
            return "";
        }
        NameWhat found = Names.of(prototype, at[depth], register);
        return found == null ? "" : found.what() + " '" + found.name() + "'";
    }

    record NameWhat(String name, String what) {}

    /** Finds what put a value into a register, by looking back over straight code. */
    private static final class Names {
        static @Nullable NameWhat of(Prototype prototype, int pc, int register) {
            LuaString local = prototype.getlocalname(register + 1, pc);
            if (local != null) {
                return new NameWhat(local.tojstring(), "local");
            }
            for (int i = pc - 1; i >= 0; i--) {
                int instruction = prototype.code[i];
                if (Lua.GETARG_A(instruction) != register) {
                    continue;
                }
                return switch (Lua.GET_OPCODE(instruction)) {
                    case Lua.OP_GETTABUP -> constant(prototype, instruction, "global");
                    case Lua.OP_GETTABLE -> constant(prototype, instruction, "field");
                    case Lua.OP_SELF -> constant(prototype, instruction, "method");
                    default -> null;
                };
            }
            return null;
        }

        private static @Nullable NameWhat constant(Prototype prototype, int instruction, String what) {
            int c = Lua.GETARG_C(instruction);
            if (!Lua.ISK(c)) {
                return null;
            }
            LuaValue name = prototype.k[Lua.INDEXK(c)];
            return name.isstring() ? new NameWhat(name.tojstring(), what) : null;
        }
    }
}
