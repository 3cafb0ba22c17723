package dev.weir.lua.compile;

import dev.weir.lua.syntax.Expr;
import dev.weir.lua.syntax.FunctionSyntax;
import dev.weir.lua.syntax.LocalVariable;
import dev.weir.lua.syntax.Stat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out what each local of a function can hold.
 *
 * <p>All that is ever assigned to a local is collected first. A local is {@link Kind#NUMBER} if each of these values is
 * one for certain, which is a greatest fixed point: all locals are taken for numbers until one of their values is not.
 * It is {@link Kind#DUAL} if one of them is the result of arithmetic, which nearly always is a number, but may be
 * anything where a metamethod says so.
 */
final class LocalKinds {
    /** How a local is kept. */
    enum Kind {
        /** In a cell that functions inside share. */
        CELL,
        /** As a number of the JVM. */
        NUMBER,
        /** As a number of the JVM, or, where it is none, as an object. */
        DUAL,
        /** As an object. */
        OBJECT
    }

    /** Stands for a value that nothing is known of. */
    private static final Expr UNKNOWN = new Expr.Varargs();

    private final Map<LocalVariable, List<Expr>> assigned = new HashMap<>();
    private final Map<LocalVariable, Kind> kinds = new HashMap<>();

    LocalKinds(FunctionSyntax function) {
        for (LocalVariable parameter : function.parameters()) {
            assign(parameter, UNKNOWN);
        }
        collect(function.body());
        for (LocalVariable variable : assigned.keySet()) {
            kinds.put(variable, variable.captured() ? Kind.CELL : Kind.NUMBER);
        }
        while (narrow()) {
            // until nothing changes
        }
        for (Map.Entry<LocalVariable, Kind> entry : kinds.entrySet()) {
            if (entry.getValue() == Kind.OBJECT
                    && assigned(entry.getKey()).stream().anyMatch(LocalKinds::computed)) {
                entry.setValue(Kind.DUAL);
            }
        }
    }

    /** How a local is kept. */
    Kind of(LocalVariable variable) {
        return kinds.getOrDefault(variable, Kind.OBJECT);
    }

    private List<Expr> assigned(LocalVariable variable) {
        return assigned.getOrDefault(variable, List.of());
    }

    private void assign(LocalVariable variable, Expr value) {
        assigned.computeIfAbsent(variable, key -> new ArrayList<>()).add(value);
    }

    private boolean narrow() {
        boolean changed = false;
        for (Map.Entry<LocalVariable, Kind> entry : kinds.entrySet()) {
            if (entry.getValue() == Kind.NUMBER
                    && !assigned(entry.getKey()).stream().allMatch(this::isNumber)) {
                entry.setValue(Kind.OBJECT);
                changed = true;
            }
        }
        return changed;
    }

    /** Whether an expression's value is a number for certain, as far as is known by now. */
    boolean isNumber(Expr value) {
        return switch (value) {
            case Expr.Constant(Object constant) -> constant instanceof Double;
            case Expr.Local(LocalVariable variable) -> of(variable) == Kind.NUMBER;
            case Expr.Arithmetic binary -> isNumber(binary.left()) && isNumber(binary.right());
            case Expr.Negate(Expr operand, int site) -> isNumber(operand);
            case Expr.Single(Expr inner) -> isNumber(inner);
            default -> false;
        };
    }

    private static boolean computed(Expr value) {
        return switch (value) {
            case Expr.Arithmetic binary -> true;
            case Expr.Negate negate -> true;
            case Expr.Single(Expr inner) -> computed(inner);
            default -> false;
        };
    }

    // ---- what is assigned

    private void collect(Stat statement) {
        switch (statement) {
            case Stat.Block(List<Stat> statements) -> statements.forEach(this::collect);
            case Stat.Local local -> {
                for (int i = 0; i < local.variables().size(); i++) {
                    assign(local.variables().get(i), value(local.values(), i));
                }
            }
            case Stat.LocalFunction local -> assign(local.variable(), local.function());
            case Stat.Assign assign -> {
                for (int i = 0; i < assign.targets().size(); i++) {
                    if (assign.targets().get(i) instanceof Expr.Local(LocalVariable variable)) {
                        assign(variable, value(assign.values(), i));
                    }
                }
            }
            case Stat.While loop -> collect(loop.body());
            case Stat.Repeat loop -> collect(loop.body());
            case Stat.NumericFor loop -> {
                assign(loop.variable(), new Expr.Constant(0.0));
                collect(loop.body());
            }
            case Stat.GenericFor loop -> {
                loop.variables().forEach(variable -> assign(variable, UNKNOWN));
                collect(loop.body());
            }
            case Stat.If branch -> branch.bodies().forEach(this::collect);
            default -> {
                // assigns nothing
            }
        }
    }

    private static Expr value(List<Expr> values, int index) {
        boolean plain = index < values.size()
                && !(index == values.size() - 1 && values.get(index).isMultiple());
        return plain ? values.get(index) : UNKNOWN;
    }
}
