package dev.weir.lua.interpret;

import dev.weir.lua.LuaOperators;
import dev.weir.lua.Values;
import org.jspecify.annotations.Nullable;

/** An expression that can be evaluated. */
abstract class ExprNode {
    /** Its value; the first one, if it has several. */
    abstract @Nullable Object eval(Frame frame);

    /** All its values, as a call returns them. */
    @Nullable Object evalAll(Frame frame) {
        return eval(frame);
    }

    /** Whether it is true as a condition. */
    boolean test(Frame frame) {
        return LuaOperators.isTrue(eval(frame));
    }

    /** The values of expressions, of which the last one may have several. */
    static @Nullable Object[] evalList(ExprNode[] nodes, Frame frame) {
        int count = nodes.length;
        if (count == 0) {
            return new @Nullable Object[0];
        }
        @Nullable Object[] values = new @Nullable Object[count];
        for (int i = 0; i < count - 1; i++) {
            values[i] = nodes[i].eval(frame);
        }
        Object last = nodes[count - 1].evalAll(frame);
        if (!(last instanceof Values several)) {
            values[count - 1] = last;
            return values;
        }
        if (count == 1) {
            return several.items();
        }
        @Nullable Object[] all = new @Nullable Object[count - 1 + several.count()];
        System.arraycopy(values, 0, all, 0, count - 1);
        System.arraycopy(several.items(), 0, all, count - 1, several.count());
        return all;
    }

    /** A value that is known. */
    static final class Constant extends ExprNode {
        private final @Nullable Object value;

        Constant(@Nullable Object value) {
            this.value = value;
        }

        @Override
        @Nullable Object eval(Frame frame) {
            return value;
        }
    }

    /** {@code ...}. */
    static final class Varargs extends ExprNode {
        @Override
        @Nullable Object eval(Frame frame) {
            return frame.varargs.length == 0 ? null : frame.varargs[0];
        }

        @Override
        @Nullable Object evalAll(Frame frame) {
            return Values.of(frame.varargs);
        }
    }

    /** {@code function ... end}. */
    static final class Function extends ExprNode {
        private final Prototype prototype;
        private final int[] sources;

        /**
         * @param sources where each upvalue comes from: the slot of a local, or the complement of the number of an
         *     upvalue
         */
        Function(Prototype prototype, int[] sources) {
            this.prototype = prototype;
            this.sources = sources;
        }

        @Override
        @Nullable Object eval(Frame frame) {
            return closure(frame);
        }

        LuaClosure closure(Frame frame) {
            UpvalueCell[] cells = new UpvalueCell[sources.length];
            for (int i = 0; i < cells.length; i++) {
                int source = sources[i];
                cells[i] = source >= 0
                        ? (UpvalueCell) java.util.Objects.requireNonNull(frame.slots[source])
                        : frame.closure.upvalues()[~source];
            }
            return new LuaClosure(frame.state, prototype, cells, frame.closure.environment());
        }
    }

    /** The first value of something that may have several. */
    static final class Single extends ExprNode {
        private final ExprNode inner;

        Single(ExprNode inner) {
            this.inner = inner;
        }

        @Override
        @Nullable Object eval(Frame frame) {
            return inner.eval(frame);
        }
    }

    /** {@code left and right}. */
    static final class And extends ExprNode {
        private final ExprNode left;
        private final ExprNode right;

        And(ExprNode left, ExprNode right) {
            this.left = left;
            this.right = right;
        }

        @Override
        @Nullable Object eval(Frame frame) {
            Object value = left.eval(frame);
            return LuaOperators.isTrue(value) ? right.eval(frame) : value;
        }

        @Override
        boolean test(Frame frame) {
            return left.test(frame) && right.test(frame);
        }
    }

    /** {@code left or right}. */
    static final class Or extends ExprNode {
        private final ExprNode left;
        private final ExprNode right;

        Or(ExprNode left, ExprNode right) {
            this.left = left;
            this.right = right;
        }

        @Override
        @Nullable Object eval(Frame frame) {
            Object value = left.eval(frame);
            return LuaOperators.isTrue(value) ? value : right.eval(frame);
        }

        @Override
        boolean test(Frame frame) {
            return left.test(frame) || right.test(frame);
        }
    }

    /** {@code not operand}. */
    static final class Not extends ExprNode {
        private final ExprNode operand;

        Not(ExprNode operand) {
            this.operand = operand;
        }

        @Override
        Object eval(Frame frame) {
            return !operand.test(frame);
        }

        @Override
        boolean test(Frame frame) {
            return !operand.test(frame);
        }
    }
}
