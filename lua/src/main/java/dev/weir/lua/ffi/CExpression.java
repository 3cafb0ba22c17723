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

    private final CTypeParser types;
    private final CTokens tokens;

    CExpression(CTypeParser types) {
        this.types = types;
        this.tokens = types.tokens();
    }

    /** Reads an expression and computes it. */
    long value() {
        tokens.nest();
        long condition = binary(0);
        long result = condition;
        if (tokens.accept("?")) {
            long then = value();
            tokens.expect(":");
            long otherwise = value();
            result = condition != 0 ? then : otherwise;
        }
        tokens.unnest();
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
                if (tokens.token().is(candidate)) {
                    operator = candidate;
                }
            }
            if (operator == null) {
                return left;
            }
            tokens.take();
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
        tokens.nest();
        long value = operand();
        tokens.unnest();
        return value;
    }

    private long operand() {
        if (tokens.accept("-")) {
            return -unary();
        }
        if (tokens.accept("+")) {
            return unary();
        }
        if (tokens.accept("~")) {
            return ~unary();
        }
        if (tokens.accept("!")) {
            return truth(unary() == 0);
        }
        if (tokens.accept("sizeof")) {
            return sizeOf();
        }
        if (tokens.token().is("__alignof__") || tokens.token().is("_Alignof")) {
            tokens.take();
            tokens.expect("(");
            CType type = types.abstractType();
            tokens.expect(")");
            return type.align();
        }
        if (tokens.accept("(")) {
            return parenthesized();
        }
        return primary();
    }

    private long sizeOf() {
        tokens.expect("(");
        CType type = types.abstractType();
        tokens.expect(")");
        if (type.size() == CType.UNKNOWN) {
            throw new CFault("size of C type is unknown or too large");
        }
        return type.size();
    }

    private long parenthesized() {
        if (!types.atType()) {
            long value = value();
            tokens.expect(")");
            return value;
        }
        // As in LuaJIT a cast changes nothing.
        types.abstractType();
        tokens.expect(")");
        return unary();
    }

    private long primary() {
        CToken token = tokens.token();
        switch (token.kind()) {
            case INTEGER -> {
                return tokens.take().value();
            }
            case NAME -> {
                Integer constant = types.declarations().constant(token.text());
                if (constant != null) {
                    tokens.take();
                    return constant;
                }
            }
            default -> {
                if (token.is("$") && tokens.parameter() instanceof Number number) {
                    tokens.take();
                    return number.longValue();
                }
            }
        }
        throw tokens.near("unexpected symbol");
    }
}
