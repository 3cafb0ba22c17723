package dev.weir.lua.syntax;

import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaString;
import dev.weir.lua.Metamethod;
import dev.weir.lua.OperandNames;
import dev.weir.lua.SiteName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads expressions. Operators on constant numbers are computed at once. */
final class ExpressionParser {
    private static final int UNARY_PRIORITY = 8;

    private final Parser parser;
    private final Lexer lexer;

    ExpressionParser(Parser parser, Lexer lexer) {
        this.parser = parser;
        this.lexer = lexer;
    }

    List<Expr> list() {
        List<Expr> list = new ArrayList<>();
        do {
            list.add(expression());
        } while (parser.accept(Token.COMMA));
        return List.copyOf(list);
    }

    Expr expression() {
        return binary(0);
    }

    // ---- operators

    /** Reads operators that bind tighter than a priority. */
    private Expr binary(int limit) {
        parser.enterLevel();
        Expr left = unary();
        while (leftPriority(lexer.token) > limit) {
            Token operator = lexer.token;
            lexer.next();
            left = combine(operator, left, binary(rightPriority(operator)));
        }
        parser.leaveLevel();
        return left;
    }

    private static int leftPriority(Token operator) {
        return switch (operator) {
            case OR -> 1;
            case AND -> 2;
            case LESS, GREATER, LESS_EQUAL, GREATER_EQUAL, EQUAL, UNEQUAL -> 3;
            case CONCAT -> 5;
            case PLUS, MINUS -> 6;
            case TIMES, DIVIDE, MODULO -> 7;
            case POWER -> 10;
            default -> 0;
        };
    }

    private static int rightPriority(Token operator) {
        return switch (operator) {
            case CONCAT -> 4;
            case POWER -> 9;
            default -> leftPriority(operator);
        };
    }

    private Expr unary() {
        Token operator = lexer.token;
        if (operator != Token.NOT && operator != Token.MINUS && operator != Token.LENGTH) {
            return simple();
        }
        lexer.next();
        Expr operand = binary(UNARY_PRIORITY);
        if (operator == Token.NOT) {
            return new Expr.Not(operand);
        }
        if (operator == Token.MINUS && operand instanceof Expr.Constant(Double number)) {
            return new Expr.Constant(LuaNumber.box(-number));
        }
        int site = parser.scope().site(lexer.lastLine, null, new OperandNames(nameOf(operand), null));
        return operator == Token.MINUS ? new Expr.Negate(operand, site) : new Expr.Length(operand, site);
    }

    private Expr combine(Token operator, Expr left, Expr right) {
        return switch (operator) {
            case OR -> new Expr.Or(left, right);
            case AND -> new Expr.And(left, right);
            case CONCAT -> concat(left, right);
            case PLUS -> arithmetic(Metamethod.ADD, left, right);
            case MINUS -> arithmetic(Metamethod.SUB, left, right);
            case TIMES -> arithmetic(Metamethod.MUL, left, right);
            case DIVIDE -> arithmetic(Metamethod.DIV, left, right);
            case MODULO -> arithmetic(Metamethod.MOD, left, right);
            case POWER -> arithmetic(Metamethod.POW, left, right);
            case EQUAL -> comparison(Expr.Comparator.EQUAL, left, right);
            case UNEQUAL -> comparison(Expr.Comparator.UNEQUAL, left, right);
            case LESS -> comparison(Expr.Comparator.LESS, left, right);
            case LESS_EQUAL -> comparison(Expr.Comparator.LESS_EQUAL, left, right);
            case GREATER -> comparison(Expr.Comparator.GREATER, left, right);
            default -> comparison(Expr.Comparator.GREATER_EQUAL, left, right);
        };
    }

    private Expr arithmetic(Metamethod operator, Expr left, Expr right) {
        if (left instanceof Expr.Constant(Double first) && right instanceof Expr.Constant(Double second)) {
            return new Expr.Constant(LuaNumber.box(LuaOperators.compute(operator, first, second)));
        }
        return new Expr.Arithmetic(operator, left, right, operatorSite(left, right));
    }

    private Expr comparison(Expr.Comparator comparator, Expr left, Expr right) {
        return new Expr.Comparison(comparator, left, right, operatorSite(left, right));
    }

    /** One place for each pair of neighbours, so that the guilty operand can be named. */
    private Expr concat(Expr left, Expr right) {
        List<Expr> operands = new ArrayList<>();
        operands.add(left);
        if (right instanceof Expr.Concat(List<Expr> rest, int ignored)) {
            operands.addAll(rest);
        } else {
            operands.add(right);
        }
        int first = parser.scope().sites.size();
        for (int i = 0; i < operands.size() - 1; i++) {
            SiteName next = i == operands.size() - 2 ? nameOf(operands.get(i + 1)) : null;
            parser.scope().site(lexer.lastLine, null, new OperandNames(nameOf(operands.get(i)), next));
        }
        return new Expr.Concat(List.copyOf(operands), first);
    }

    private int operatorSite(Expr left, Expr right) {
        return parser.scope().site(lexer.lastLine, null, new OperandNames(nameOf(left), nameOf(right)));
    }

    /** What messages call the value of an expression. */
    static @Nullable SiteName nameOf(Expr expression) {
        if (expression instanceof Expr.Local(LocalVariable variable)) {
            return new SiteName("local", variable.name());
        }
        if (expression instanceof Expr.Upvalue upvalue) {
            return new SiteName("upvalue", upvalue.name());
        }
        if (expression instanceof Expr.Global global) {
            return new SiteName("global", global.name());
        }
        if (expression instanceof Expr.Index index
                && index.key() instanceof Expr.Constant constant
                && constant.value() instanceof LuaString name) {
            return new SiteName("field", name);
        }
        return expression instanceof Expr.Single(Expr inner) && !inner.isMultiple() ? nameOf(inner) : null;
    }

    // ---- operands

    private Expr simple() {
        Expr value =
                switch (lexer.token) {
                    case NUMBER, STRING -> new Expr.Constant(lexer.value);
                    case NIL -> new Expr.Constant(null);
                    case TRUE -> new Expr.Constant(true);
                    case FALSE -> new Expr.Constant(false);
                    case DOTS -> varargs();
                    default -> null;
                };
        if (value != null) {
            lexer.next();
            return value;
        }
        return switch (lexer.token) {
            case OPEN_BRACE -> table();
            case FUNCTION -> {
                int line = lexer.line();
                lexer.next();
                yield parser.function(false, line);
            }
            default -> suffixed();
        };
    }

    private Expr varargs() {
        if (!parser.scope().variadic) {
            throw lexer.errorHere("cannot use '...' outside a vararg function");
        }
        return new Expr.Varargs();
    }

    /** Reads a variable, a call, or something in parentheses. */
    Expr suffixed() {
        Expr left = primary();
        while (true) {
            switch (lexer.token) {
                case DOT -> {
                    lexer.next();
                    left = field(left, new Expr.Constant(parser.name()));
                }
                case OPEN_BRACKET -> {
                    lexer.next();
                    Expr key = expression();
                    parser.check(Token.CLOSE_BRACKET);
                    left = field(left, key);
                }
                case COLON -> left = methodCall(left);
                case OPEN, STRING, OPEN_BRACE -> left = call(left);
                default -> {
                    return left;
                }
            }
        }
    }

    private Expr primary() {
        return switch (lexer.token) {
            case OPEN -> {
                int line = lexer.line();
                lexer.next();
                Expr inner = expression();
                parser.close(Token.CLOSE, Token.OPEN, line);
                yield new Expr.Single(inner);
            }
            case NAME, GOTO -> variable(parser.name(), false);
            default -> throw lexer.errorHere("unexpected symbol");
        };
    }

    /** What a name means here. */
    Expr variable(LuaString name, boolean assigned) {
        FunctionScope scope = parser.scope();
        LocalVariable local = scope.local(name);
        if (local != null) {
            if (assigned) {
                local.assigned();
            }
            return new Expr.Local(local);
        }
        int upvalue = scope.upvalue(name, assigned);
        if (upvalue >= 0) {
            return new Expr.Upvalue(upvalue, name);
        }
        return new Expr.Global(name, scope.site(lexer.lastLine, null, OperandNames.NONE));
    }

    /** A field of an object, read. */
    Expr field(Expr object, Expr key) {
        int site = parser.scope().site(lexer.lastLine, null, new OperandNames(nameOf(object), null));
        return new Expr.Index(object, key, site);
    }

    /** The same variable as the target of an assignment that ends on a line. */
    Expr store(Expr target, int line) {
        if (target instanceof Expr.Local(LocalVariable variable)) {
            variable.assigned();
        } else if (target instanceof Expr.Upvalue upvalue) {
            parser.scope().upvalue(upvalue.name(), true);
        } else if (target instanceof Expr.Global global) {
            return new Expr.Global(global.name(), parser.scope().site(line, null, OperandNames.NONE));
        } else if (target instanceof Expr.Index index) {
            OperandNames names = new OperandNames(nameOf(index.object()), null);
            return new Expr.Index(index.object(), index.key(), parser.scope().site(line, null, names));
        }
        return target;
    }

    // ---- calls

    private Expr call(Expr function) {
        int line = lexer.line();
        List<Expr> arguments = arguments(line);
        int site = parser.scope().site(line, nameOf(function), OperandNames.NONE);
        return new Expr.Call(function, arguments, site);
    }

    private Expr methodCall(Expr object) {
        lexer.next();
        LuaString name = parser.name();
        int line = lexer.line();
        List<Expr> arguments = arguments(line);
        OperandNames names = new OperandNames(nameOf(object), null);
        int site = parser.scope().site(line, new SiteName("method", name), names);
        return new Expr.MethodCall(object, name, arguments, site);
    }

    private List<Expr> arguments(int line) {
        return switch (lexer.token) {
            case OPEN -> {
                if (line != lexer.lastLine) {
                    throw lexer.errorHere("ambiguous syntax (function call x new statement)");
                }
                lexer.next();
                if (parser.accept(Token.CLOSE)) {
                    yield List.of();
                }
                List<Expr> arguments = list();
                parser.close(Token.CLOSE, Token.OPEN, line);
                yield arguments;
            }
            case OPEN_BRACE -> List.of(table());
            case STRING -> {
                Expr text = new Expr.Constant(lexer.value);
                lexer.next();
                yield List.of(text);
            }
            default -> throw lexer.errorHere("function arguments expected");
        };
    }

    // ---- tables

    private Expr table() {
        int line = lexer.line();
        lexer.next();
        List<Expr.Item> items = new ArrayList<>();
        int arraySize = 0;
        while (lexer.token != Token.CLOSE_BRACE) {
            Expr.Item item = item();
            arraySize += item.key() == null ? 1 : 0;
            items.add(item);
            if (!parser.accept(Token.COMMA) && !parser.accept(Token.SEMICOLON)) {
                break;
            }
        }
        parser.close(Token.CLOSE_BRACE, Token.OPEN_BRACE, line);
        int site = parser.scope().site(lexer.lastLine, null, OperandNames.NONE);
        return new Expr.Table(List.copyOf(items), arraySize, items.size() - arraySize, site);
    }

    private Expr.Item item() {
        Expr key = null;
        if (lexer.token == Token.OPEN_BRACKET) {
            lexer.next();
            key = expression();
            parser.check(Token.CLOSE_BRACKET);
            parser.check(Token.ASSIGN);
        } else if ((lexer.token == Token.NAME || lexer.token == Token.GOTO) && lexer.peek() == Token.ASSIGN) {
            key = new Expr.Constant(parser.name());
            parser.check(Token.ASSIGN);
        }
        return new Expr.Item(key, expression());
    }
}
