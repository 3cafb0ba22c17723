package dev.weir.lua.interpret;

import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Metamethod;
import dev.weir.lua.syntax.Expr;
import org.jspecify.annotations.Nullable;

/** Arithmetic, comparison, concatenation and length. */
final class OperatorNodes {
    private OperatorNodes() {}

    /** {@code left + right} and the like. */
    static final class Arithmetic extends ExprNode {
        private final Metamethod operator;
        private final ExprNode left;
        private final ExprNode right;
        private final int site;

        Arithmetic(Metamethod operator, ExprNode left, ExprNode right, int site) {
            this.operator = operator;
            this.left = left;
            this.right = right;
            this.site = site;
        }

        @Override
        @Nullable Object eval(Frame frame) {
            Object a = left.eval(frame);
            Object b = right.eval(frame);
            if (a instanceof Double first && b instanceof Double second) {
                double x = first;
                double y = second;
                return LuaNumber.box(
                        switch (operator) {
                            case ADD -> x + y;
                            case SUB -> x - y;
                            case MUL -> x * y;
                            case DIV -> x / y;
                            default -> LuaOperators.compute(operator, x, y);
                        });
            }
            frame.info.site = site;
            return LuaOperators.arithmetic(
                    frame.state,
                    operator,
                    a,
                    b,
                    frame.closure.prototype().site(site).operands());
        }
    }

    /** {@code -operand}. */
    static final class Negate extends ExprNode {
        private final ExprNode operand;
        private final int site;

        Negate(ExprNode operand, int site) {
            this.operand = operand;
            this.site = site;
        }

        @Override
        @Nullable Object eval(Frame frame) {
            Object value = operand.eval(frame);
            if (value instanceof Double number) {
                return LuaNumber.box(-number);
            }
            frame.info.site = site;
            return LuaOperators.arithmetic(
                    frame.state,
                    Metamethod.UNM,
                    value,
                    value,
                    frame.closure.prototype().site(site).operands());
        }
    }

    /** {@code #operand}. */
    static final class Length extends ExprNode {
        private final ExprNode operand;
        private final int site;

        Length(ExprNode operand, int site) {
            this.operand = operand;
            this.site = site;
        }

        @Override
        @Nullable Object eval(Frame frame) {
            Object value = operand.eval(frame);
            if (value instanceof LuaTable table) {
                return LuaNumber.box(table.length());
            }
            frame.info.site = site;
            return LuaOperators.length(
                    frame.state, value, frame.closure.prototype().site(site).operands());
        }
    }

    /** {@code left < right} and the like. */
    static final class Comparison extends ExprNode {
        private final Expr.Comparator comparator;
        private final ExprNode left;
        private final ExprNode right;
        private final int site;

        Comparison(Expr.Comparator comparator, ExprNode left, ExprNode right, int site) {
            this.comparator = comparator;
            this.left = left;
            this.right = right;
            this.site = site;
        }

        @Override
        Object eval(Frame frame) {
            return test(frame);
        }

        @Override
        boolean test(Frame frame) {
            Object a = left.eval(frame);
            Object b = right.eval(frame);
            if (a instanceof Double first && b instanceof Double second) {
                double x = first;
                double y = second;
                return switch (comparator) {
                    case EQUAL -> x == y;
                    case UNEQUAL -> x != y;
                    case LESS -> x < y;
                    case LESS_EQUAL -> x <= y;
                    case GREATER -> x > y;
                    case GREATER_EQUAL -> x >= y;
                };
            }
            frame.info.site = site;
            return switch (comparator) {
                case EQUAL -> LuaOperators.equals(frame.state, a, b);
                case UNEQUAL -> !LuaOperators.equals(frame.state, a, b);
                case LESS -> LuaOperators.lessThan(frame.state, a, b);
                case LESS_EQUAL -> LuaOperators.lessOrEqual(frame.state, a, b);
                case GREATER -> LuaOperators.lessThan(frame.state, b, a);
                case GREATER_EQUAL -> LuaOperators.lessOrEqual(frame.state, b, a);
            };
        }
    }

    /** {@code a .. b .. c}. */
    static final class Concat extends ExprNode {
        private final ExprNode[] operands;
        private final int firstSite;

        Concat(ExprNode[] operands, int firstSite) {
            this.operands = operands;
            this.firstSite = firstSite;
        }

        @Override
        @Nullable Object eval(Frame frame) {
            @Nullable Object[] values = new @Nullable Object[operands.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = operands[i].eval(frame);
            }
            return join(frame.closure, frame.info, values, firstSite);
        }

        static @Nullable Object join(
                LuaClosure closure, dev.weir.lua.CallInfo info, @Nullable Object[] values, int firstSite) {
            info.site = firstSite;
            LuaString joined = LuaOperators.joinTexts(closure.state(), values);
            if (joined != null) {
                return joined;
            }
            int last = values.length - 1;
            Object rest = values[last];
            for (int i = last - 1; i >= 0; i--) {
                info.site = firstSite + i;
                rest = LuaOperators.concat(
                        closure.state(),
                        values[i],
                        rest,
                        closure.prototype().site(firstSite + i).operands());
            }
            return rest;
        }
    }
}
