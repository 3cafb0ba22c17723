package dev.weir.lua.compile;

import dev.weir.lua.LuaOperators;
import dev.weir.lua.syntax.Expr;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;

/** Writes jumps that depend on a condition, without making a boolean of it first. */
final class ConditionCompiler {
    private final Emitter emitter;
    private final CodeBuilder code;
    private final ExpressionCompiler expressions;

    ConditionCompiler(Emitter emitter, ExpressionCompiler expressions) {
        this.emitter = emitter;
        this.code = emitter.code;
        this.expressions = expressions;
    }

    /** Jumps if a condition is as given. */
    void jump(Expr condition, Label target, boolean wanted) {
        switch (condition) {
            case Expr.Constant(Object value) -> {
                if (LuaOperators.isTrue(value) == wanted) {
                    code.goto_(target);
                }
            }
            case Expr.Not(Expr operand) -> jump(operand, target, !wanted);
            case Expr.And(Expr left, Expr right) -> both(left, right, target, wanted, true);
            case Expr.Or(Expr left, Expr right) -> both(left, right, target, wanted, false);
            case Expr.Comparison comparison -> compare(comparison, target, wanted);
            default -> {
                Place place = expressions.eval(condition);
                if (place.isNumber()) {
                    if (wanted) {
                        code.goto_(target);
                    }
                    return;
                }
                emitter.push(place);
                emitter.operate("isTrue", Emitter.BOOLEAN, Emitter.OBJECT);
                jumpIf(target, wanted);
            }
        }
    }

    private void jumpIf(Label target, boolean wanted) {
        if (wanted) {
            code.ifne(target);
        } else {
            code.ifeq(target);
        }
    }

    /** {@code and} is decided by a false one, {@code or} by a true one. */
    private void both(Expr left, Expr right, Label target, boolean wanted, boolean conjunction) {
        if (wanted != conjunction) {
            jump(left, target, wanted);
            jump(right, target, wanted);
        } else {
            Label decided = code.newLabel();
            jump(left, decided, !wanted);
            jump(right, target, wanted);
            code.labelBinding(decided);
        }
    }

    private void compare(Expr.Comparison comparison, Label target, boolean wanted) {
        Place left = expressions.eval(comparison.left());
        Place right = expressions.eval(comparison.right());
        Label other = code.newLabel();
        Label end = code.newLabel();
        boolean mayBeNumbers = !(left instanceof Place.Constant) && !(right instanceof Place.Constant);
        if (mayBeNumbers) {
            emitter.checkNumber(left, other);
            emitter.checkNumber(right, other);
            numbers(comparison.comparator(), left, right, target, wanted);
            if (left.isNumber() && right.isNumber()) {
                return;
            }
            code.goto_(end);
        }
        code.labelBinding(other);
        objects(comparison, left, right, target, wanted);
        code.labelBinding(end);
    }

    private void numbers(Expr.Comparator comparator, Place left, Place right, Label target, boolean wanted) {
        if (left instanceof Place.Whole(int first) && right instanceof Place.Whole(int second)) {
            code.lload(first);
            code.lload(second);
            code.lcmp();
        } else {
            emitter.pushReal(left);
            emitter.pushReal(right);
            boolean lessIsWanted = comparator == Expr.Comparator.LESS || comparator == Expr.Comparator.LESS_EQUAL;
            // what a NaN compares as must make the comparison false
            if (lessIsWanted) {
                code.dcmpg();
            } else {
                code.dcmpl();
            }
        }
        switch (comparator) {
            case EQUAL -> jumpIf(target, !wanted);
            case UNEQUAL -> jumpIf(target, wanted);
            case LESS -> {
                if (wanted) {
                    code.iflt(target);
                } else {
                    code.ifge(target);
                }
            }
            case LESS_EQUAL -> {
                if (wanted) {
                    code.ifle(target);
                } else {
                    code.ifgt(target);
                }
            }
            case GREATER -> {
                if (wanted) {
                    code.ifgt(target);
                } else {
                    code.ifle(target);
                }
            }
            case GREATER_EQUAL -> {
                if (wanted) {
                    code.ifge(target);
                } else {
                    code.iflt(target);
                }
            }
        }
    }

    private void objects(Expr.Comparison comparison, Place left, Place right, Label target, boolean wanted) {
        boolean swapped = comparison.comparator() == Expr.Comparator.GREATER
                || comparison.comparator() == Expr.Comparator.GREATER_EQUAL;
        emitter.push(swapped ? right : left);
        emitter.push(swapped ? left : right);
        String operation =
                switch (comparison.comparator()) {
                    case EQUAL, UNEQUAL -> "equal";
                    case LESS, GREATER -> "less";
                    case LESS_EQUAL, GREATER_EQUAL -> "lessOrEqual";
                };
        emitter.operate(operation, comparison.site(), Emitter.BOOLEAN, Emitter.OBJECT, Emitter.OBJECT);
        jumpIf(target, wanted != (comparison.comparator() == Expr.Comparator.UNEQUAL));
    }
}
