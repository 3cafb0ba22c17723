package dev.weir.lua.interpret;

import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.lua.syntax.Stat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The four loops. */
final class LoopNodes {
    private LoopNodes() {}

    /** Counts a round. */
    static void round(Frame frame) {
        LuaState state = frame.state;
        if (--state.fuel < 0) {
            state.refuel();
        }
    }

    /** What loops have in common: after many rounds they become code of the JVM. */
    abstract static class Loop extends StatNode {
        private final Prototype prototype;
        private final Stat text;
        private int rounds;
        private @Nullable CompiledLoop code;

        Loop(int line, Prototype prototype, Stat text) {
            super(line);
            this.prototype = prototype;
            this.text = text;
        }

        /** Counts a round; whether the rest is to run as {@link #code}. */
        final boolean turnsHot(Frame frame) {
            round(frame);
            if (code == null && prototype.isHot(++rounds)) {
                code = prototype.compiled(text);
            }
            return code != null && frame.state.hook() == null;
        }

        /** Runs the rest of the rounds as code. */
        final @Nullable Object rest(Frame frame, double index, double limit, double step) {
            CompiledLoop compiled = Objects.requireNonNull(code);
            return compiled.run(frame.closure, frame, index, limit, step);
        }

        final @Nullable Object rest(Frame frame) {
            return rest(frame, 0, 0, 0);
        }
    }

    /** {@code while condition do body end}. */
    static final class While extends Loop {
        private final ExprNode condition;
        private final StatNode body;

        While(Prototype prototype, Stat.While text, ExprNode condition, StatNode body) {
            super(text.line(), prototype, text);
            this.condition = condition;
            this.body = body;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            while (condition.test(frame)) {
                Object end = body.exec(frame);
                if (end != null) {
                    return end == BREAK ? null : end;
                }
                if (turnsHot(frame)) {
                    return rest(frame);
                }
            }
            return null;
        }
    }

    /** {@code repeat body until condition}. */
    static final class Repeat extends Loop {
        private final StatNode body;
        private final ExprNode condition;

        Repeat(Prototype prototype, Stat.Repeat text, StatNode body, ExprNode condition) {
            super(text.line(), prototype, text);
            this.body = body;
            this.condition = condition;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            while (true) {
                Object end = body.exec(frame);
                if (end != null) {
                    return end == BREAK ? null : end;
                }
                if (condition.test(frame)) {
                    return null;
                }
                if (turnsHot(frame)) {
                    return rest(frame);
                }
            }
        }
    }

    /** {@code for variable = start, limit, step do body end}. */
    static final class NumericFor extends Loop {
        private final int slot;
        private final boolean captured;
        private final ExprNode start;
        private final ExprNode limit;
        private final @Nullable ExprNode step;
        private final StatNode body;
        private final int site;

        NumericFor(
                Prototype prototype,
                Stat.NumericFor text,
                ExprNode start,
                ExprNode limit,
                @Nullable ExprNode step,
                StatNode body) {
            super(text.line(), prototype, text);
            this.slot = text.variable().slot();
            this.captured = text.variable().captured();
            this.site = text.site();
            this.start = start;
            this.limit = limit;
            this.step = step;
            this.body = body;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            Object first = start.eval(frame);
            Object last = limit.eval(frame);
            Object by = step == null ? null : step.eval(frame);
            double index = number(frame, first, "initial");
            double bound = number(frame, last, "limit");
            double width = step == null ? 1 : number(frame, by, "step");
            return loop(frame, index, bound, width);
        }

        private double number(Frame frame, @Nullable Object value, String what) {
            if (value instanceof Double number) {
                return number;
            }
            frame.info.site = site;
            return LoopControl.number(frame.state, value, what);
        }

        private @Nullable Object loop(Frame frame, double first, double bound, double width) {
            @Nullable Object[] slots = frame.slots;
            slots[slot - 3] = LuaNumber.box(first);
            slots[slot - 2] = LuaNumber.box(bound);
            slots[slot - 1] = LuaNumber.box(width);
            for (double index = first; width >= 0 ? index <= bound : index >= bound; index += width) {
                Double boxed = LuaNumber.box(index);
                slots[slot - 3] = boxed;
                slots[slot] = captured ? new UpvalueCell(boxed) : boxed;
                Object end = body.exec(frame);
                if (end != null) {
                    return end == BREAK ? null : end;
                }
                if (turnsHot(frame)) {
                    return rest(frame, index + width, bound, width);
                }
            }
            return null;
        }
    }

    /** {@code for variables in values do body end}. */
    static final class GenericFor extends Loop {
        /** The slot of the first variable; the three before are function, state and control. */
        private final int firstSlot;

        private final boolean[] captured;
        private final ExprNode[] values;
        private final StatNode body;
        private final int site;

        GenericFor(Prototype prototype, Stat.GenericFor text, ExprNode[] values, StatNode body) {
            super(text.line(), prototype, text);
            firstSlot = text.variables().get(0).slot();
            captured = new boolean[text.variables().size()];
            for (int i = 0; i < captured.length; i++) {
                captured[i] = text.variables().get(i).captured();
            }
            site = text.site();
            this.values = values;
            this.body = body;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            @Nullable Object[] control = ExprNode.evalList(values, frame);
            @Nullable Object[] slots = frame.slots;
            for (int i = 0; i < 3; i++) {
                slots[firstSlot - 3 + i] = i < control.length ? control[i] : null;
            }
            frame.info.site = site;
            Object called = slots[firstSlot - 3];
            if (called == frame.state.nextFunction()
                    && slots[firstSlot - 2] instanceof LuaTable table
                    && slots[firstSlot - 1] == null
                    && table.hasPositions()) {
                return traverse(frame, table);
            }
            return iterate(frame, LuaOperators.callable(frame.state, called));
        }

        private @Nullable Object traverse(Frame frame, LuaTable table) {
            int position = 0;
            while ((position = table.nextPosition(position)) != 0) {
                Object key = table.keyAt(position);
                assign(frame, 0, key);
                frame.slots[firstSlot - 1] = key;
                if (captured.length > 1) {
                    assign(frame, 1, table.valueAt(position));
                    for (int i = 2; i < captured.length; i++) {
                        assign(frame, i, null);
                    }
                }
                Object end = body.exec(frame);
                if (end != null) {
                    return end == BREAK ? null : end;
                }
                if (turnsHot(frame)) {
                    return rest(frame);
                }
            }
            return null;
        }

        private @Nullable Object iterate(Frame frame, LuaFunction function) {
            @Nullable Object[] slots = frame.slots;
            while (true) {
                frame.info.site = site;
                Object result = function.call(slots[firstSlot - 2], slots[firstSlot - 1]);
                Object first = Values.first(result);
                if (first == null) {
                    return null;
                }
                slots[firstSlot - 1] = first;
                assign(frame, 0, first);
                for (int i = 1; i < captured.length; i++) {
                    assign(frame, i, result instanceof Values several ? several.get(i) : null);
                }
                Object end = body.exec(frame);
                if (end != null) {
                    return end == BREAK ? null : end;
                }
                if (turnsHot(frame)) {
                    return rest(frame);
                }
            }
        }

        private void assign(Frame frame, int variable, @Nullable Object value) {
            frame.slots[firstSlot + variable] = captured[variable] ? new UpvalueCell(value) : value;
        }
    }
}
