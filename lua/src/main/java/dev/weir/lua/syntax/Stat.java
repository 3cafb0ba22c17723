package dev.weir.lua.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement. A {@code site} is an index into {@link FunctionSyntax#sites}; a {@code line} is where it begins. */
public sealed interface Stat {
    /** Statements with a scope of their own. */
    record Block(List<Stat> statements) implements Stat {}

    /** {@code local a, b = x, y}. */
    record Local(List<LocalVariable> variables, List<Expr> values, int line) implements Stat {}

    /** {@code local function f() end}: the function sees itself. */
    record LocalFunction(LocalVariable variable, Expr.Function function, int line) implements Stat {}

    /** {@code a, b.c = x, y}. */
    record Assign(List<Expr> targets, List<Expr> values, int line) implements Stat {}

    /** A call whose results nobody wants. */
    record CallStatement(Expr call, int line) implements Stat {}

    /** {@code while condition do body end}. */
    record While(Expr condition, Block body, int line) implements Stat {}

    /** {@code repeat body until condition}: the condition sees the body's locals. */
    record Repeat(Block body, Expr condition, int line) implements Stat {}

    /** {@code for variable = start, limit, step do body end}. */
    record NumericFor(
            LocalVariable variable,
            LocalVariable hidden,
            Expr start,
            Expr limit,
            @Nullable Expr step,
            Block body,
            int site,
            int line)
            implements Stat {}

    /** {@code for variables in values do body end}: three hidden locals hold function, state and control. */
    record GenericFor(
            List<LocalVariable> variables, LocalVariable hidden, List<Expr> values, Block body, int site, int line)
            implements Stat {}

    /**
     * {@code if ... elseif ... else ... end}.
     *
     * @param conditions one for each of the first bodies
     * @param bodies as many, and one more if there is an {@code else}
     */
    record If(List<Expr> conditions, List<Block> bodies, int line) implements Stat {}

    /** {@code return values}. */
    record Return(List<Expr> values, int line) implements Stat {}

    /** {@code break}. */
    record Break(int line) implements Stat {}

    /** {@code goto name}. */
    record Goto(GotoReference reference, int line) implements Stat {}

    /** {@code ::name::}. */
    record Label(LabelTarget target) implements Stat {}
}
