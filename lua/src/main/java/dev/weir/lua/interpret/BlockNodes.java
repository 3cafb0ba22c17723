package dev.weir.lua.interpret;

import dev.weir.lua.Values;
import dev.weir.lua.syntax.LabelTarget;
import org.jspecify.annotations.Nullable;

/** Statements that hold others, leave them, or return. */
final class BlockNodes {
    private BlockNodes() {}

    /** Statements one after the other. */
    static class Block extends StatNode {
        final StatNode[] statements;

        Block(StatNode[] statements) {
            super(0);
            this.statements = statements;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            for (StatNode statement : statements) {
                if (frame.state.hook() != null) {
                    Hooks.line(frame, statement);
                }
                Object end = statement.exec(frame);
                if (end != null) {
                    return end;
                }
            }
            return null;
        }
    }

    /** A block with labels that a {@code goto} goes to. */
    static final class LabelledBlock extends Block {
        private final LabelTarget[] labels;
        private final int[] places;

        /** @param places how many statements come before each label */
        LabelledBlock(StatNode[] statements, LabelTarget[] labels, int[] places) {
            super(statements);
            this.labels = labels;
            this.places = places;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            int at = 0;
            while (at < statements.length) {
                StatNode statement = statements[at++];
                if (frame.state.hook() != null) {
                    Hooks.line(frame, statement);
                }
                Object end = statement.exec(frame);
                if (end != null) {
                    int place = end instanceof LabelTarget label ? placeOf(label) : -1;
                    if (place < 0) {
                        return end;
                    }
                    if (place < at) {
                        LoopNodes.round(frame);
                    }
                    at = place;
                }
            }
            return null;
        }

        private int placeOf(LabelTarget label) {
            for (int i = 0; i < labels.length; i++) {
                if (labels[i] == label) {
                    return places[i];
                }
            }
            return -1;
        }
    }

    /** {@code if ... elseif ... else ... end}. */
    static final class If extends StatNode {
        private final ExprNode[] conditions;
        private final StatNode[] bodies;

        If(int line, ExprNode[] conditions, StatNode[] bodies) {
            super(line);
            this.conditions = conditions;
            this.bodies = bodies;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            for (int i = 0; i < conditions.length; i++) {
                if (conditions[i].test(frame)) {
                    return bodies[i].exec(frame);
                }
            }
            return bodies.length > conditions.length ? bodies[conditions.length].exec(frame) : null;
        }
    }

    /** {@code break}, or a {@code goto}. */
    static final class Leave extends StatNode {
        private final Object where;

        Leave(int line, Object where) {
            super(line);
            this.where = where;
        }

        @Override
        Object exec(Frame frame) {
            return where;
        }
    }

    /** A call whose results nobody wants. */
    static final class CallStatement extends StatNode {
        private final ExprNode call;

        CallStatement(int line, ExprNode call) {
            super(line);
            this.call = call;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            call.evalAll(frame);
            return null;
        }
    }

    /** {@code return} of nothing or of one value. */
    static final class ReturnOne extends StatNode {
        private final @Nullable ExprNode value;

        ReturnOne(int line, @Nullable ExprNode value) {
            super(line);
            this.value = value;
        }

        @Override
        Object exec(Frame frame) {
            frame.result = value == null ? Values.NONE : value.eval(frame);
            return RETURN;
        }
    }

    /** {@code return} of several values. */
    static final class ReturnList extends StatNode {
        private final ExprNode[] values;

        ReturnList(int line, ExprNode[] values) {
            super(line);
            this.values = values;
        }

        @Override
        Object exec(Frame frame) {
            frame.result = values.length == 1 ? values[0].evalAll(frame) : Values.of(ExprNode.evalList(values, frame));
            return RETURN;
        }
    }

    /** {@code return f(x)}. */
    static final class ReturnCall extends StatNode {
        private final CallNodes.AnyCall call;

        ReturnCall(int line, CallNodes.AnyCall call) {
            super(line);
            this.call = call;
        }

        @Override
        Object exec(Frame frame) {
            frame.result = call.tailCall(frame);
            return RETURN;
        }
    }

    /** A declaration, or an assignment, of several variables. */
    static final class AssignList extends StatNode {
        private final Target[] targets;
        private final ExprNode[] values;

        AssignList(int line, Target[] targets, ExprNode[] values) {
            super(line);
            this.targets = targets;
            this.values = values;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            @Nullable Object[] prepared = new @Nullable Object[2 * targets.length];
            for (int i = 0; i < targets.length; i++) {
                targets[i].prepare(frame, prepared, 2 * i);
            }
            @Nullable Object[] all = ExprNode.evalList(values, frame);
            for (int i = targets.length - 1; i >= 0; i--) {
                targets[i].assign(frame, prepared, 2 * i, i < all.length ? all[i] : null);
            }
            return null;
        }
    }

    /** Something that can be assigned to, in two steps: what it is made of is evaluated before the values. */
    abstract static class Target {
        /** Evaluates the parts of a field. */
        void prepare(Frame frame, @Nullable Object[] prepared, int at) {}

        abstract void assign(Frame frame, @Nullable Object[] prepared, int at, @Nullable Object value);
    }
}
