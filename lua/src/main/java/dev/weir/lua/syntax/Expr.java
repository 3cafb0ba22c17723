package dev.weir.lua.syntax;

import dev.weir.lua.LuaString;
import dev.weir.lua.Metamethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression. A {@code site} is an index into {@link FunctionSyntax#sites}. */
public sealed interface Expr {
    /** Whether it may have several values: a call or {@code ...}. */
    default boolean isMultiple() {
        return false;
    }

    /** nil, a boolean, a number, a string, or an integer of 64 bits. */
    record Constant(@Nullable Object value) implements Expr {}

    /** {@code ...}. */
    record Varargs() implements Expr {
        @Override
        public boolean isMultiple() {
            return true;
        }
    }

    /** {@code function ... end}. */
    record Function(FunctionSyntax function) implements Expr {}

    /** A local of this function. */
    record Local(LocalVariable variable) implements Expr {}

    /** A local of a function around. */
    record Upvalue(int index, LuaString name) implements Expr {}

    /** A global. */
    record Global(LuaString name, int site) implements Expr {}

    /** {@code object[key]} or {@code object.key}. */
    record Index(Expr object, Expr key, int site) implements Expr {}

    /** {@code function(arguments)}. */
    record Call(Expr function, List<Expr> arguments, int site) implements Expr {
        @Override
        public boolean isMultiple() {
            return true;
        }
    }

    /** {@code object:name(arguments)}. */
    record MethodCall(Expr object, LuaString name, List<Expr> arguments, int site) implements Expr {
        @Override
        public boolean isMultiple() {
            return true;
        }
    }

    /** {@code left and right}. */
    record And(Expr left, Expr right) implements Expr {}

    /** {@code left or right}. */
    record Or(Expr left, Expr right) implements Expr {}

    /** {@code not operand}. */
    record Not(Expr operand) implements Expr {}

    /** {@code -operand}. */
    record Negate(Expr operand, int site) implements Expr {}

    /** {@code #operand}. */
    record Length(Expr operand, int site) implements Expr {}

    /** {@code left + right} and the like. */
    record Arithmetic(Metamethod operator, Expr left, Expr right, int site) implements Expr {}

    /** {@code left < right} and the like. */
    record Comparison(Comparator comparator, Expr left, Expr right, int site) implements Expr {}

    /** {@code a .. b .. c}, which associates to the right. */
    record Concat(List<Expr> operands, int site) implements Expr {}

    /** An expression in parentheses that has exactly one value where it could have several. */
    record Single(Expr inner) implements Expr {}

    /** {@code {a, b, key = value}}: items in the order of the text. */
    record Table(List<Item> items, int arraySize, int hashSize, int site) implements Expr {}

    /**
     * One item of a table.
     *
     * @param key the key, or null for the next one of 1, 2, 3
     * @param value the value
     */
    record Item(@Nullable Expr key, Expr value) {}

    /** The operators that compare. */
    enum Comparator {
        /** {@code ==}. */
        EQUAL,
        /** {@code ~=}. */
        UNEQUAL,
        /** {@code <}. */
        LESS,
        /** {@code <=}. */
        LESS_EQUAL,
        /** {@code >}. */
        GREATER,
        /** {@code >=}. */
        GREATER_EQUAL
    }
}
