package dev.weir.lua.syntax;

import dev.weir.lua.LuaError;
import dev.weir.lua.LuaString;
import dev.weir.lua.OperandNames;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Reads a chunk's statements; {@link ExpressionParser} reads what is in them.
 *
 * <p>Lines are those that LuaJIT notes: an operation has the line of the last token read before it is complete, a call
 * that of its opening parenthesis.
 */
public final class Parser {
    private static final LuaString SELF = LuaString.of("self");
    private static final LuaString FOR_INDEX = LuaString.of("(for index)");
    private static final LuaString FOR_LIMIT = LuaString.of("(for limit)");
    private static final LuaString FOR_STEP = LuaString.of("(for step)");
    private static final LuaString FOR_GENERATOR = LuaString.of("(for generator)");
    private static final LuaString FOR_STATE = LuaString.of("(for state)");
    private static final LuaString FOR_CONTROL = LuaString.of("(for control)");
    private static final int MAX_LEVELS = 200;

    private final Lexer lexer;
    private final LuaString chunk;
    private final ExpressionParser expressions;
    private FunctionScope scope;
    private int levels;

    private Parser(Lexer lexer, LuaString chunk) {
        this.lexer = lexer;
        this.chunk = chunk;
        scope = new FunctionScope(lexer, null, 0);
        expressions = new ExpressionParser(this, lexer);
    }

    /**
     * Reads a chunk.
     *
     * @param source its text
     * @param chunk its name as it was given
     * @param strings gives the one object for equal strings
     * @param wideIntegers makes the values of literals with {@code LL}
     * @throws LuaError with the message of a syntax error
     */
    public static FunctionSyntax parse(
            LuaString source, LuaString chunk, UnaryOperator<LuaString> strings, WideIntegers wideIntegers) {
        return new Parser(new Lexer(source, chunk, strings, wideIntegers), chunk).chunk();
    }

    private FunctionSyntax chunk() {
        scope.variadic = true;
        lexer.next();
        Stat.Block body = new Stat.Block(statements());
        check(Token.END_OF_FILE);
        scope.finish();
        return function(List.of(), body, lexer.line(), lexer.begin);
    }

    private FunctionSyntax function(List<LocalVariable> parameters, Stat.Block body, int lastLine, int end) {
        return new FunctionSyntax(
                chunk,
                scope.firstLine,
                lastLine,
                scope.begin,
                end,
                parameters,
                scope.variadic,
                body,
                scope.slots,
                List.copyOf(scope.upvalues),
                List.copyOf(scope.sites),
                List.copyOf(scope.locals),
                List.copyOf(scope.lines));
    }

    // ---- tokens

    /** The function that is being read. */
    FunctionScope scope() {
        return scope;
    }

    /** Goes one level deeper; there may be only so many. */
    void enterLevel() {
        if (++levels >= MAX_LEVELS) {
            throw lexer.error("chunk has too many syntax levels");
        }
    }

    /** Goes back one level. */
    void leaveLevel() {
        levels--;
    }

    LuaError expected(Token token) {
        return lexer.errorHere("'" + token.text() + "' expected");
    }

    /** Skips a token if it is there. */
    boolean accept(Token token) {
        if (lexer.token == token) {
            lexer.next();
            return true;
        }
        return false;
    }

    void require(Token token) {
        if (lexer.token != token) {
            throw expected(token);
        }
    }

    void check(Token token) {
        require(token);
        lexer.next();
    }

    /** Skips the token that closes another one. */
    void close(Token closing, Token opening, int line) {
        if (accept(closing)) {
            return;
        }
        if (line == lexer.line()) {
            throw expected(closing);
        }
        throw lexer.errorHere(
                "'" + closing.text() + "' expected (to close '" + opening.text() + "' at line " + line + ")");
    }

    LuaString name() {
        if (!(lexer.value instanceof LuaString name) || lexer.token != Token.NAME && lexer.token != Token.GOTO) {
            throw expected(Token.NAME);
        }
        lexer.next();
        return name;
    }

    // ---- statements

    private List<Stat> statements() {
        List<Stat> statements = new ArrayList<>();
        enterLevel();
        boolean last = false;
        while (!last && !lexer.token.endsBlock()) {
            last = statement(statements);
            accept(Token.SEMICOLON);
        }
        leaveLevel();
        return statements;
    }

    private Stat.Block block(boolean loop) {
        scope.openBlock(loop);
        Stat.Block block = new Stat.Block(statements());
        scope.closeBlock();
        return block;
    }

    /** Reads a statement; whether it must be the last one of its block. */
    private boolean statement(List<Stat> into) {
        int line = lexer.line();
        if (scope.lines.isEmpty() || scope.lines.get(scope.lines.size() - 1) != line) {
            scope.lines.add(line);
        }
        switch (lexer.token) {
            case IF -> into.add(ifStatement(line));
            case WHILE -> into.add(whileStatement(line));
            case DO -> {
                lexer.next();
                into.add(block(false));
                close(Token.END, Token.DO, line);
            }
            case FOR -> into.add(forStatement(line));
            case REPEAT -> into.add(repeatStatement(line));
            case FUNCTION -> into.add(functionStatement(line));
            case LOCAL -> {
                lexer.next();
                into.add(accept(Token.FUNCTION) ? localFunction(line) : localStatement(line));
            }
            case RETURN -> {
                into.add(returnStatement(line));
                return true;
            }
            case BREAK -> {
                lexer.next();
                scope.reference(null, line);
                into.add(new Stat.Break(line));
                return true;
            }
            case LABEL -> label(into);
            case GOTO -> into.add(lexer.peek() == Token.NAME ? gotoStatement(line) : expressionStatement(line));
            default -> into.add(expressionStatement(line));
        }
        return false;
    }

    private void label(List<Stat> into) {
        lexer.next();
        LuaString name = name();
        LabelTarget label = scope.label(name);
        check(Token.LABEL);
        into.add(new Stat.Label(label));
        while (lexer.token == Token.LABEL) {
            label(into);
        }
        if (lexer.token.endsBlock() && lexer.token != Token.UNTIL) {
            scope.labelIsLast(label);
        }
    }

    private Stat gotoStatement(int line) {
        lexer.next();
        return new Stat.Goto(scope.reference(name(), line), line);
    }

    private Stat ifStatement(int line) {
        List<Expr> conditions = new ArrayList<>();
        List<Stat.Block> bodies = new ArrayList<>();
        do {
            lexer.next();
            conditions.add(expressions.expression());
            check(Token.THEN);
            bodies.add(block(false));
        } while (lexer.token == Token.ELSEIF);
        if (accept(Token.ELSE)) {
            bodies.add(block(false));
        }
        close(Token.END, Token.IF, line);
        return new Stat.If(List.copyOf(conditions), List.copyOf(bodies), line);
    }

    private Stat whileStatement(int line) {
        lexer.next();
        Expr condition = expressions.expression();
        check(Token.DO);
        Stat.Block body = block(true);
        close(Token.END, Token.WHILE, line);
        return new Stat.While(condition, body, line);
    }

    private Stat repeatStatement(int line) {
        lexer.next();
        scope.openBlock(true);
        scope.openBlock(false);
        Stat.Block body = new Stat.Block(statements());
        close(Token.UNTIL, Token.REPEAT, line);
        Expr condition = expressions.expression();
        scope.closeBlock();
        scope.closeBlock();
        return new Stat.Repeat(body, condition, line);
    }

    private Stat forStatement(int line) {
        lexer.next();
        LuaString first = name();
        return switch (lexer.token) {
            case ASSIGN -> numericFor(first, line);
            case COMMA, IN -> genericFor(first, line);
            default -> throw lexer.errorHere("'=' or 'in' expected");
        };
    }

    private Stat numericFor(LuaString name, int line) {
        lexer.next();
        LocalVariable hidden = scope.declare(FOR_INDEX, 0);
        LocalVariable limitVariable = scope.declare(FOR_LIMIT, 1);
        LocalVariable stepVariable = scope.declare(FOR_STEP, 2);
        LocalVariable variable = scope.declare(name, 3);
        Expr start = expressions.expression();
        check(Token.COMMA);
        Expr limit = expressions.expression();
        Expr step = accept(Token.COMMA) ? expressions.expression() : null;
        check(Token.DO);
        int site = scope.site(lexer.lastLine, null, OperandNames.NONE);
        scope.openBlock(true);
        scope.activate(hidden);
        scope.activate(limitVariable);
        scope.activate(stepVariable);
        scope.openBlock(false);
        scope.activate(variable);
        Stat.Block body = new Stat.Block(statements());
        scope.closeBlock();
        scope.closeBlock();
        close(Token.END, Token.FOR, line);
        return new Stat.NumericFor(variable, hidden, start, limit, step, body, site, line);
    }

    private Stat genericFor(LuaString first, int line) {
        LocalVariable hidden = scope.declare(FOR_GENERATOR, 0);
        LocalVariable state = scope.declare(FOR_STATE, 1);
        LocalVariable control = scope.declare(FOR_CONTROL, 2);
        List<LocalVariable> variables = new ArrayList<>();
        variables.add(scope.declare(first, 3));
        while (accept(Token.COMMA)) {
            variables.add(scope.declare(name(), 3 + variables.size()));
        }
        check(Token.IN);
        int site = scope.site(lexer.line(), null, OperandNames.NONE);
        List<Expr> values = expressions.list();
        check(Token.DO);
        scope.openBlock(true);
        scope.activate(hidden);
        scope.activate(state);
        scope.activate(control);
        scope.openBlock(false);
        for (LocalVariable variable : variables) {
            scope.activate(variable);
        }
        Stat.Block body = new Stat.Block(statements());
        scope.closeBlock();
        scope.closeBlock();
        close(Token.END, Token.FOR, line);
        return new Stat.GenericFor(List.copyOf(variables), hidden, values, body, site, line);
    }

    private Stat functionStatement(int line) {
        lexer.next();
        Expr target = expressions.variable(name(), false);
        boolean method = false;
        while (lexer.token == Token.DOT || lexer.token == Token.COLON) {
            method = lexer.token == Token.COLON;
            lexer.next();
            target = expressions.field(target, new Expr.Constant(name()));
            if (method) {
                break;
            }
        }
        Expr.Function function = function(method, line);
        return new Stat.Assign(List.of(expressions.store(target, line)), List.of(function), line);
    }

    private Stat localFunction(int line) {
        LocalVariable variable = scope.declare(name(), 0);
        scope.activate(variable);
        return new Stat.LocalFunction(variable, function(false, line), line);
    }

    private Stat localStatement(int line) {
        List<LocalVariable> variables = new ArrayList<>();
        do {
            variables.add(scope.declare(name(), variables.size()));
        } while (accept(Token.COMMA));
        List<Expr> values = accept(Token.ASSIGN) ? expressions.list() : List.of();
        for (LocalVariable variable : variables) {
            scope.activate(variable);
        }
        return new Stat.Local(List.copyOf(variables), values, line);
    }

    private Stat returnStatement(int line) {
        lexer.next();
        List<Expr> values = lexer.token.endsBlock() || lexer.token == Token.SEMICOLON ? List.of() : expressions.list();
        return new Stat.Return(values, line);
    }

    private Stat expressionStatement(int line) {
        Expr first = expressions.suffixed();
        if (first instanceof Expr.Call || first instanceof Expr.MethodCall) {
            return new Stat.CallStatement(first, line);
        }
        List<Expr> targets = new ArrayList<>();
        targets.add(assignable(first));
        while (accept(Token.COMMA)) {
            targets.add(assignable(expressions.suffixed()));
            if (targets.size() > MAX_LEVELS) {
                throw scope.tooMany(MAX_LEVELS, "variable names");
            }
        }
        check(Token.ASSIGN);
        List<Expr> values = expressions.list();
        for (int i = 0; i < targets.size(); i++) {
            targets.set(i, expressions.store(targets.get(i), lexer.lastLine));
        }
        return new Stat.Assign(List.copyOf(targets), values, line);
    }

    private Expr assignable(Expr target) {
        if (target instanceof Expr.Local
                || target instanceof Expr.Upvalue
                || target instanceof Expr.Global
                || target instanceof Expr.Index) {
            return target;
        }
        throw lexer.errorHere("syntax error");
    }

    // ---- functions

    /** Reads a function from its parameters on. */
    Expr.Function function(boolean method, int line) {
        FunctionScope outer = scope;
        scope = new FunctionScope(lexer, outer, line);
        scope.begin = lexer.begin;
        check(Token.OPEN);
        List<LocalVariable> parameters = new ArrayList<>();
        if (method) {
            parameters.add(scope.declare(SELF, 0));
        }
        if (lexer.token != Token.CLOSE) {
            parameters(parameters);
        }
        check(Token.CLOSE);
        for (LocalVariable parameter : parameters) {
            scope.activate(parameter);
        }
        List<Stat> statements = statements();
        int lastLine = lexer.line();
        if (lexer.token != Token.END) {
            close(Token.END, Token.FUNCTION, line);
        }
        scope.finish();
        FunctionSyntax function = function(List.copyOf(parameters), new Stat.Block(statements), lastLine, lexer.end);
        scope = outer;
        lexer.next();
        return new Expr.Function(function);
    }

    private void parameters(List<LocalVariable> into) {
        do {
            if (lexer.token == Token.DOTS) {
                lexer.next();
                scope.variadic = true;
                return;
            }
            if (lexer.token != Token.NAME && lexer.token != Token.GOTO) {
                throw lexer.errorHere("<name> or '...' expected");
            }
            into.add(scope.declare(name(), into.size()));
        } while (accept(Token.COMMA));
    }
}
