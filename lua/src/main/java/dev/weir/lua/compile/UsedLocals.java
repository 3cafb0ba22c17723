package dev.weir.lua.compile;

import dev.weir.lua.LuaString;
import dev.weir.lua.syntax.Expr;
import dev.weir.lua.syntax.FunctionSyntax;
import dev.weir.lua.syntax.LocalVariable;
import dev.weir.lua.syntax.Stat;
import dev.weir.lua.syntax.UpvalueSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the locals that a loop uses and does not declare: those it shares with the function around. */
final class UsedLocals {
    private final Set<LocalVariable> declared = new LinkedHashSet<>();
    private final Set<LocalVariable> used = new LinkedHashSet<>();
    private final Set<LocalVariable> assigned = new LinkedHashSet<>();

    /** Looks at a loop; what it starts with has been evaluated before. */
    UsedLocals(Stat loop) {
        switch (loop) {
            case Stat.NumericFor one -> {
                declared.add(one.variable());
                statement(one.body());
            }
            case Stat.GenericFor one -> {
                declared.addAll(one.variables());
                statement(one.body());
            }
            default -> statement(loop);
        }
        used.removeAll(declared);
        assigned.removeAll(declared);
    }

    /** The function's locals that are used. */
    Set<LocalVariable> outer() {
        return used;
    }

    /** Those of them that are assigned to. */
    Set<LocalVariable> assigned() {
        return assigned;
    }

    private void statement(Stat statement) {
        switch (statement) {
            case Stat.Block(List<Stat> statements) -> statements.forEach(this::statement);
            case Stat.Local local -> {
                local.values().forEach(this::expression);
                declared.addAll(local.variables());
            }
            case Stat.LocalFunction local -> {
                declared.add(local.variable());
                expression(local.function());
            }
            case Stat.Assign assign -> {
                assign.targets().forEach(this::target);
                assign.values().forEach(this::expression);
            }
            case Stat.CallStatement call -> expression(call.call());
            case Stat.While loop -> {
                expression(loop.condition());
                statement(loop.body());
            }
            case Stat.Repeat loop -> {
                statement(loop.body());
                expression(loop.condition());
            }
            case Stat.NumericFor loop -> {
                expression(loop.start());
                expression(loop.limit());
                Expr step = loop.step();
                if (step != null) {
                    expression(step);
                }
                declared.add(loop.variable());
                statement(loop.body());
            }
            case Stat.GenericFor loop -> {
                loop.values().forEach(this::expression);
                declared.addAll(loop.variables());
                statement(loop.body());
            }
            case Stat.If branch -> {
                branch.conditions().forEach(this::expression);
                branch.bodies().forEach(this::statement);
            }
            case Stat.Return one -> one.values().forEach(this::expression);
            case Stat.Break one -> {}
            case Stat.Goto one -> {}
            case Stat.Label one -> {}
        }
    }

    private void target(Expr target) {
        if (target instanceof Expr.Local(LocalVariable variable)) {
            used.add(variable);
            assigned.add(variable);
        } else {
            expression(target);
        }
    }

    private void expression(Expr expression) {
        switch (expression) {
            case Expr.Local(LocalVariable variable) -> used.add(variable);
            case Expr.Function(FunctionSyntax function) -> {
                for (UpvalueSource source : function.upvalues()) {
                    LocalVariable local = source.local();
                    if (local != null) {
                        used.add(local);
                    }
                }
            }
            case Expr.Index index -> {
                expression(index.object());
                expression(index.key());
            }
            case Expr.Call call -> {
                expression(call.function());
                call.arguments().forEach(this::expression);
            }
            case Expr.MethodCall call -> {
                expression(call.object());
                call.arguments().forEach(this::expression);
            }
            case Expr.And(Expr left, Expr right) -> pair(left, right);
            case Expr.Or(Expr left, Expr right) -> pair(left, right);
            case Expr.Arithmetic binary -> pair(binary.left(), binary.right());
            case Expr.Comparison binary -> pair(binary.left(), binary.right());
            case Expr.Not(Expr operand) -> expression(operand);
            case Expr.Negate(Expr operand, int site) -> expression(operand);
            case Expr.Length(Expr operand, int site) -> expression(operand);
            case Expr.Single(Expr inner) -> expression(inner);
            case Expr.Concat(List<Expr> operands, int site) -> operands.forEach(this::expression);
            case Expr.Table table -> {
                for (Expr.Item item : table.items()) {
                    Expr key = item.key();
                    if (key != null) {
                        expression(key);
                    }
                    expression(item.value());
                }
            }
            case Expr.Constant constant -> {}
            case Expr.Varargs varargs -> {}
            case Expr.Upvalue(int index, LuaString name) -> {}
            case Expr.Global global -> {}
        }
    }

    private void pair(Expr left, Expr right) {
        expression(left);
        expression(right);
    }
}
