package dev.weir.lua.compile;

import dev.weir.lua.syntax.Expr;
import dev.weir.lua.syntax.LocalVariable;
import dev.weir.lua.syntax.Stat;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/**
 * Writes the code of loops.
 *
 * <p>A numeric loop that starts with a whole number and has a constant whole step counts in a long, which the JVM
 * optimises as it does its own loops; its limit is cut to ±2<sup>53</sup>, beyond which adding 1 to a double changes
 * nothing.
 */
final class LoopCompiler {
    private final StatementCompiler statements;
    private final Emitter emitter;
    private final CodeBuilder code;
    private final LocalSlots locals;
    private final ExpressionCompiler expressions;

    LoopCompiler(StatementCompiler statements) {
        this.statements = statements;
        emitter = statements.emitter;
        code = statements.code;
        locals = statements.locals;
        expressions = statements.expressions;
    }

    void whileLoop(Stat.While loop) {
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.labelBinding(top);
        int mark = emitter.mark();
        expressions.conditions().jump(loop.condition(), end, false);
        emitter.release(mark);
        statements.body(loop.body(), end);
        emitter.round();
        code.goto_(top);
        code.labelBinding(end);
    }

    void repeat(Stat.Repeat loop) {
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.labelBinding(top);
        int mark = emitter.mark();
        statements.openBody(loop.body(), end);
        expressions.conditions().jump(loop.condition(), end, true);
        emitter.release(mark);
        emitter.round();
        code.goto_(top);
        code.labelBinding(end);
    }

    // ---- numeric loops

    void numericFor(Stat.NumericFor loop) {
        Place start = expressions.eval(loop.start());
        Place limit = expressions.eval(loop.limit());
        Expr step = loop.step();
        Place width = step == null ? new Place.Known(1) : expressions.eval(step);
        if (isWhole(start) && width instanceof Place.Known(double value) && isWholeStep(value)) {
            int index = emitter.newWideSlot();
            pushWhole(start);
            code.lstore(index);
            countWhole(loop, index, bound(limit, loop, "limit"), (long) value);
            return;
        }
        int index = bound(start, loop, "initial");
        int last = bound(limit, loop, "limit");
        if (width instanceof Place.Known(double value)) {
            countReal(loop, index, last, value);
        } else {
            countReal(loop, index, last, bound(width, loop, "step"));
        }
    }

    static boolean isWholeStep(double value) {
        return value != 0 && value == (int) value;
    }

    private static boolean isWhole(Place place) {
        return place instanceof Place.Whole
                || place instanceof Place.Known(double value) && value == (int) value && (value != 0 || 1 / value > 0);
    }

    private void pushWhole(Place place) {
        switch (place) {
            case Place.Whole(int slot) -> code.lload(slot);
            case Place.Known(double value) -> code.loadConstant((long) value);
            default -> throw new IllegalStateException("not whole");
        }
    }

    /** A bound as a double in a slot of its own. */
    private int bound(Place place, Stat.NumericFor loop, String what) {
        if (place.isNumber()) {
            emitter.pushReal(place);
        } else {
            emitter.push(place);
            code.aload(emitter.closure);
            code.aload(emitter.info);
            code.loadConstant(loop.site());
            code.loadConstant(what);
            emitter.operate(
                    "bound",
                    Emitter.REAL,
                    Emitter.OBJECT,
                    Emitter.CLOSURE,
                    Emitter.INFO,
                    Emitter.INT,
                    java.lang.constant.ConstantDescs.CD_String);
        }
        int slot = emitter.newWideSlot();
        code.dstore(slot);
        return slot;
    }

    /** Counts in a long from what is in a slot up or down to a double in another. */
    void countWhole(Stat.NumericFor loop, int index, int limit, long step) {
        int last = emitter.newWideSlot();
        code.dload(limit);
        emitter.operate(step > 0 ? "upTo" : "downTo", Emitter.LONG, Emitter.REAL);
        code.lstore(last);
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.labelBinding(top);
        code.lload(index);
        code.lload(last);
        code.lcmp();
        if (step > 0) {
            code.ifgt(end);
        } else {
            code.iflt(end);
        }
        round(loop, new Place.Whole(index), end);
        code.lload(index);
        code.loadConstant(step);
        code.ladd();
        code.lstore(index);
        code.goto_(top);
        code.labelBinding(end);
    }

    private void countReal(Stat.NumericFor loop, int index, int limit, double step) {
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.labelBinding(top);
        code.dload(index);
        code.dload(limit);
        if (step >= 0) {
            code.dcmpg();
            code.ifgt(end);
        } else {
            code.dcmpl();
            code.iflt(end);
        }
        round(loop, new Place.Real(index), end);
        code.dload(index);
        code.loadConstant(step);
        code.dadd();
        code.dstore(index);
        code.goto_(top);
        code.labelBinding(end);
    }

    /** Counts by a step that only the run knows. */
    void countReal(Stat.NumericFor loop, int index, int limit, int step) {
        Label top = code.newLabel();
        Label down = code.newLabel();
        Label rounds = code.newLabel();
        Label end = code.newLabel();
        code.labelBinding(top);
        code.dload(step);
        code.dconst_0();
        code.dcmpl();
        code.iflt(down);
        code.dload(index);
        code.dload(limit);
        code.dcmpg();
        code.ifgt(end);
        code.goto_(rounds);
        code.labelBinding(down);
        code.dload(index);
        code.dload(limit);
        code.dcmpl();
        code.iflt(end);
        code.labelBinding(rounds);
        round(loop, new Place.Real(index), end);
        code.dload(index);
        code.dload(step);
        code.dadd();
        code.dstore(index);
        code.goto_(top);
        code.labelBinding(end);
    }

    /** One round: the variable is a new one each time, so that the body may assign to it. */
    private void round(Stat.NumericFor loop, Place index, Label end) {
        int mark = emitter.mark();
        LocalVariable variable = loop.variable();
        if (variable.captured() || variable.assignments() > 0) {
            locals.reserve(variable);
            locals.declare(variable, index);
        } else {
            locals.bind(variable, index);
        }
        statements.body(loop.body(), end);
        emitter.release(mark);
        emitter.round();
    }

    // ---- generic loops

    void genericFor(Stat.GenericFor loop) {
        Place list = expressions.list(List.of(), loop.values());
        int[] control = new int[3];
        for (int i = 0; i < 3; i++) {
            emitter.push(list);
            code.checkcast(Emitter.OBJECTS);
            code.loadConstant(i);
            emitter.operate("item", Emitter.OBJECT, Emitter.OBJECTS, Emitter.INT);
            control[i] = emitter.newSlot();
            code.astore(control[i]);
        }
        iterate(loop, control);
    }

    /** Goes on with function, state and control variable in three slots. */
    void iterate(Stat.GenericFor loop, int[] control) {
        int table = emitter.newSlot();
        int position = emitter.newSlot();
        int function = emitter.newSlot();
        int result = emitter.newSlot();
        Label prepared = code.newLabel();
        Label calls = code.newLabel();
        prepare(loop, control, table, position, function, calls, prepared);
        Label top = code.newLabel();
        Label call = code.newLabel();
        Label rounds = code.newLabel();
        Label end = code.newLabel();
        int mark = emitter.mark();
        loop.variables().forEach(locals::reserve);
        code.labelBinding(prepared);
        code.labelBinding(top);
        code.aload(table);
        code.ifnull(call);
        walk(loop, table, position, end);
        code.goto_(rounds);
        code.labelBinding(call);
        called(loop, control, function, result, end);
        code.labelBinding(rounds);
        statements.body(loop.body(), end);
        emitter.round();
        code.goto_(top);
        code.labelBinding(end);
        emitter.release(mark);
    }

    private void prepare(
            Stat.GenericFor loop, int[] control, int table, int position, int function, Label calls, Label prepared) {
        for (int slot : control) {
            code.aload(slot);
        }
        code.aload(emitter.closure);
        emitter.operate("traversed", Emitter.TABLE, Emitter.OBJECT, Emitter.OBJECT, Emitter.OBJECT, Emitter.CLOSURE);
        code.astore(table);
        code.aconst_null();
        code.astore(function);
        code.iconst_0();
        code.istore(position);
        code.aload(table);
        code.ifnull(calls);
        code.aload(table);
        code.aload(control[2]);
        code.invokevirtual(Emitter.TABLE, "positionOf", MethodTypeDesc.of(Emitter.INT, Emitter.OBJECT));
        code.istore(position);
        code.goto_(prepared);
        code.labelBinding(calls);
        code.aload(control[0]);
        emitter.operate("callee", loop.site(), Emitter.FUNCTION, Emitter.OBJECT);
        code.astore(function);
    }

    private void walk(Stat.GenericFor loop, int table, int position, Label end) {
        code.aload(table);
        code.iload(position);
        code.invokevirtual(Emitter.TABLE, "nextPosition", MethodTypeDesc.of(Emitter.INT, Emitter.INT));
        code.istore(position);
        code.iload(position);
        code.ifeq(end);
        int mark = emitter.mark();
        for (int i = 0; i < loop.variables().size(); i++) {
            if (i > 1) {
                locals.declare(loop.variables().get(i), new Place.Constant(null));
                continue;
            }
            code.aload(table);
            code.iload(position);
            code.invokevirtual(
                    Emitter.TABLE, i == 0 ? "keyAt" : "valueAt", MethodTypeDesc.of(Emitter.OBJECT, Emitter.INT));
            Place value = emitter.storeObject();
            locals.declare(loop.variables().get(i), value);
        }
        emitter.release(mark);
    }

    private void called(Stat.GenericFor loop, int[] control, int function, int result, Label end) {
        emitter.site(loop.site());
        code.aload(function);
        code.aload(control[1]);
        code.aload(control[2]);
        code.invokevirtual(Emitter.FUNCTION, "call", MethodTypeDesc.of(Emitter.OBJECT, Emitter.OBJECT, Emitter.OBJECT));
        code.astore(result);
        code.aload(result);
        emitter.operate("first", Emitter.OBJECT, Emitter.OBJECT);
        code.astore(control[2]);
        code.aload(control[2]);
        code.ifnull(end);
        int mark = emitter.mark();
        for (int i = 0; i < loop.variables().size(); i++) {
            if (i == 0) {
                locals.declare(loop.variables().get(0), new Place.Plain(control[2]));
                continue;
            }
            code.aload(result);
            code.loadConstant(i);
            emitter.operate("result", Emitter.OBJECT, Emitter.OBJECT, Emitter.INT);
            Place value = emitter.storeObject();
            locals.declare(loop.variables().get(i), value);
        }
        emitter.release(mark);
    }
}
