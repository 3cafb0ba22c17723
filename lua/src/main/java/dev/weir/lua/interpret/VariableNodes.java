package dev.weir.lua.interpret;

import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.OperandNames;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Locals, upvalues and globals: read and assigned. */
final class VariableNodes {
    private VariableNodes() {}

    /** A local that only this function uses. */
    static final class Local extends ExprNode {
        private final int slot;

        Local(int slot) {
            this.slot = slot;
        }

        @Override
        @Nullable Object eval(Frame frame) {
            return frame.slots[slot];
        }
    }

    /** A local that functions inside use too. */
    static final class CapturedLocal extends ExprNode {
        private final int slot;

        CapturedLocal(int slot) {
            this.slot = slot;
        }

        @Override
        @Nullable Object eval(Frame frame) {
            return cell(frame, slot).value;
        }
    }

    static UpvalueCell cell(Frame frame, int slot) {
        return (UpvalueCell) Objects.requireNonNull(frame.slots[slot]);
    }

    /** A local of a function around. */
    static final class Upvalue extends ExprNode {
        private final int index;

        Upvalue(int index) {
            this.index = index;
        }

        @Override
        @Nullable Object eval(Frame frame) {
            return frame.closure.upvalues()[index].value;
        }
    }

    /** A global. */
    static final class Global extends ExprNode {
        private final LuaString name;
        private final int site;

        Global(LuaString name, int site) {
            this.name = name;
            this.site = site;
        }

        @Override
        @Nullable Object eval(Frame frame) {
            LuaTable environment = frame.closure.environment();
            Object value = environment.get(name);
            if (value != null || environment.metatable() == null) {
                return value;
            }
            frame.info.site = site;
            return LuaOperators.index(frame.state, environment, name);
        }
    }

    /** {@code local = value}, also as a declaration with one value. */
    static final class SetLocal extends StatNode {
        private final int slot;
        private final ExprNode value;

        SetLocal(int line, int slot, ExprNode value) {
            super(line);
            this.slot = slot;
            this.value = value;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            frame.slots[slot] = value.eval(frame);
            return null;
        }
    }

    /** A declaration of a local that functions inside use: each time a new variable. */
    static final class DeclareCaptured extends StatNode {
        private final int slot;
        private final ExprNode value;

        DeclareCaptured(int line, int slot, ExprNode value) {
            super(line);
            this.slot = slot;
            this.value = value;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            frame.slots[slot] = new UpvalueCell(value.eval(frame));
            return null;
        }
    }

    /** {@code local function}: the variable is there before the function. */
    static final class DeclareFunction extends StatNode {
        private final int slot;
        private final ExprNode function;

        DeclareFunction(int line, int slot, ExprNode function) {
            super(line);
            this.slot = slot;
            this.function = function;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            UpvalueCell cell = new UpvalueCell(null);
            frame.slots[slot] = cell;
            cell.value = function.eval(frame);
            return null;
        }
    }

    /** {@code captured = value}. */
    static final class SetCaptured extends StatNode {
        private final int slot;
        private final ExprNode value;

        SetCaptured(int line, int slot, ExprNode value) {
            super(line);
            this.slot = slot;
            this.value = value;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            Object assigned = value.eval(frame);
            cell(frame, slot).value = assigned;
            return null;
        }
    }

    /** {@code upvalue = value}. */
    static final class SetUpvalue extends StatNode {
        private final int index;
        private final ExprNode value;

        SetUpvalue(int line, int index, ExprNode value) {
            super(line);
            this.index = index;
            this.value = value;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            Object assigned = value.eval(frame);
            frame.closure.upvalues()[index].value = assigned;
            return null;
        }
    }

    /** {@code global = value}. */
    static final class SetGlobal extends StatNode {
        private final LuaString name;
        private final ExprNode value;
        private final int site;

        SetGlobal(int line, LuaString name, ExprNode value, int site) {
            super(line);
            this.name = name;
            this.value = value;
            this.site = site;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            store(frame, name, value.eval(frame), site);
            return null;
        }

        static void store(Frame frame, LuaString name, @Nullable Object value, int site) {
            LuaTable environment = frame.closure.environment();
            if (environment.metatable() == null) {
                environment.put(name, value);
            } else {
                frame.info.site = site;
                LuaOperators.setIndex(frame.state, environment, name, value, OperandNames.NONE);
            }
        }
    }
}
