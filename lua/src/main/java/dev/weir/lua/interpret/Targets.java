package dev.weir.lua.interpret;

import dev.weir.lua.LuaString;
import dev.weir.lua.OperandNames;
import org.jspecify.annotations.Nullable;

/** What a list of variables can be made of. */
final class Targets {
    private Targets() {}

    /** A local. */
    static final class Local extends BlockNodes.Target {
        private final int slot;

        Local(int slot) {
            this.slot = slot;
        }

        @Override
        void assign(Frame frame, @Nullable Object[] prepared, int at, @Nullable Object value) {
            frame.slots[slot] = value;
        }
    }

    /** A new local that functions inside use. */
    static final class NewCaptured extends BlockNodes.Target {
        private final int slot;

        NewCaptured(int slot) {
            this.slot = slot;
        }

        @Override
        void assign(Frame frame, @Nullable Object[] prepared, int at, @Nullable Object value) {
            frame.slots[slot] = new UpvalueCell(value);
        }
    }

    /** A local that functions inside use. */
    static final class Captured extends BlockNodes.Target {
        private final int slot;

        Captured(int slot) {
            this.slot = slot;
        }

        @Override
        void assign(Frame frame, @Nullable Object[] prepared, int at, @Nullable Object value) {
            VariableNodes.cell(frame, slot).value = value;
        }
    }

    /** An upvalue. */
    static final class Upvalue extends BlockNodes.Target {
        private final int index;

        Upvalue(int index) {
            this.index = index;
        }

        @Override
        void assign(Frame frame, @Nullable Object[] prepared, int at, @Nullable Object value) {
            frame.closure.upvalues()[index].value = value;
        }
    }

    /** A global. */
    static final class Global extends BlockNodes.Target {
        private final LuaString name;
        private final int site;

        Global(LuaString name, int site) {
            this.name = name;
            this.site = site;
        }

        @Override
        void assign(Frame frame, @Nullable Object[] prepared, int at, @Nullable Object value) {
            VariableNodes.SetGlobal.store(frame, name, value, site);
        }
    }

    /** A field. */
    static final class Element extends BlockNodes.Target {
        private final ExprNode object;
        private final ExprNode key;
        private final int site;
        private final OperandNames names;

        Element(ExprNode object, ExprNode key, int site, OperandNames names) {
            this.object = object;
            this.key = key;
            this.site = site;
            this.names = names;
        }

        @Override
        void prepare(Frame frame, @Nullable Object[] prepared, int at) {
            prepared[at] = object.eval(frame);
            prepared[at + 1] = key.eval(frame);
        }

        @Override
        void assign(Frame frame, @Nullable Object[] prepared, int at, @Nullable Object value) {
            FieldNodes.SetElement.store(frame, prepared[at], prepared[at + 1], value, site, names);
        }
    }
}
