package dev.weir.lua.ffi;

/** Constant expressions of C: lengths of arrays, values of constants. Computed in 64 bits. */
final class CExpression {
    /** The binary operators from the weakest to the strongest. */
    private static final String[][] LEVELS = {
        {"||"},
        {"&&"},
        {"|"},
        {"^"},
        {"&"},
        {"==", "!="},
        {"<", ">", "<=", ">="},
        {"<<", ">>"},
        {"+", "-"},
        {"*", "/", "%"}
    };

    private final CParser parser;

    CExpression(CParser parser) {
        this.parser = parser;
    }

    /** Reads an expression and computes it. */
    long value() {
        parser.deeper();
        long condition = binary(0);
        long result = condition;
        if (parser.acceptSymbol("?")) {
            long then = value();
            parser.require(":");
            long otherwise = value();
            result = condition != 0 ? then : otherwise;
        }
        parser.shallower();
        return result;
    }

    private long binary(int level) {
        if (level == LEVELS.length) {
            return unary();
        }
        long left = binary(level + 1);
        while (true) {
            String operator = null;
            for (String candidate : LEVELS[level]) {
                if (parser.current().is(candidate)) {
                    operator = candidate;
                }
            }
            if (operator == null) {
                return left;
            }
            parser.advance();
            left = apply(operator, left, binary(level + 1));
        }
    }

    private static long apply(String operator, long left, long right) {
        return switch (operator) {
            case "||" -> truth(left != 0 || right != 0);
            case "&&" -> truth(left != 0 && right != 0);
            case "|" -> left | right;
            case "^" -> left ^ right;
            case "&" -> left & right;
            case "==" -> truth(left == right);
            case "!=" -> truth(left != right);
            case "<" -> truth(left < right);
            case ">" -> truth(left > right);
            case "<=" -> truth(left <= right);
            case ">=" -> truth(left >= right);
            case "<<" -> left << right;
            case ">>" -> left >> right;
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            default -> {
                if (right == 0) {
                    throw new CFault("invalid C type");
                }
                yield operator.equals("/") ? left / right : left % right;
            }
        };
    }

    private static long truth(boolean value) {
        return value ? 1 : 0;
    }

    private long unary() {
        parser.deeper();
        long value = operand();
        parser.shallower();
        return value;
    }

    private long operand() {
        if (parser.acceptSymbol("-")) {
            return -unary();
        }
        if (parser.acceptSymbol("+")) {
            return unary();
        }
        if (parser.acceptSymbol("~")) {
            return ~unary();
        }
        if (parser.acceptSymbol("!")) {
            return truth(unary() == 0);
        }
        if (parser.acceptSymbol("sizeof")) {
            return sizeOf();
        }
        if (parser.current().is("__alignof__") || parser.current().is("_Alignof")) {
            parser.advance();
            parser.require("(");
            CType type = parser.abstractType();
            parser.require(")");
            return type.align();
        }
        if (parser.acceptSymbol("(")) {
            return parenthesized();
        }
        return primary();
    }

    private long sizeOf() {
        parser.require("(");
        CType type = parser.abstractType();
        parser.require(")");
        if (type.size() == CType.UNKNOWN) {
            throw new CFault("size of C type is unknown or too large");
        }
        return type.size();
    }

    private long parenthesized() {
        if (!parser.atType()) {
            long value = value();
            parser.require(")");
            return value;
        }
        // As in LuaJIT a cast changes nothing.
        parser.abstractType();
        parser.require(")");
        return unary();
    }

    private long primary() {
        CToken token = parser.current();
        switch (token.kind()) {
            case INTEGER -> {
                return parser.advance().value();
            }
            case NAME -> {
                Integer constant = parser.constant(token.text());
                if (constant != null) {
                    parser.advance();
                    return constant;
                }
            }
            default -> {
                if (token.is("$") && parser.nextParameter() instanceof Number number) {
                    parser.advance();
                    return number.longValue();
                }
            }
        }
        throw parser.unexpected();
    }
}
