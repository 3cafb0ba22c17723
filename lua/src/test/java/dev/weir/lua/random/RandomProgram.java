package dev.weir.lua.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes small programs that end, print nothing and return values whose text is the same wherever they run: no addresses, no order of
 * traversal, no time. Many of them raise errors, and the messages name variables.
 */
final class RandomProgram {
    private static final int MAX_DEPTH = 4;

    private static final String[] NUMBERS = {
        "0", "1", "2", "3", "-1", "7", "10", "0.5", "-2.5", "1e15", "1e100", "255", "65536", "2^31", "2^53", "-0.0",
        "1/0", "0/0", "0x10", "3.75"
    };
    private static final String[] STRINGS = {
        "''",
        "'a'",
        "'hello world'",
        "'10'",
        "'0x1F'",
        "' 7 '",
        "'a,b;c'",
        "'%d+'",
        "'x=1, y=2'",
        "'\\0\\200'",
        "'ABC'",
        "'1e2'",
        "'nil'",
        "'line\\nline'"
    };
    private static final String[] PATTERNS = {
        "'%a+'",
        "'(%w)(%w*)'",
        "'%d'",
        "'.-'",
        "'^%s*(.-)%s*$'",
        "'[a-c]+'",
        "'[^,]*'",
        "'()%l'",
        "'%b()'",
        "'%f[%w]%w'",
        "'l+'",
        "'x*'",
        "'(a)(b?)'",
        "'.'",
        "'%'",
        "'[a'",
        "'(()'",
        "'%1'",
        "'$'",
        "''"
    };
    private static final String[] FORMATS = {
        "'%d'",
        "'%5.2f|'",
        "'%x'",
        "'%s'",
        "'%q'",
        "'%-8s|'",
        "'%05d'",
        "'%g'",
        "'%.3g'",
        "'%e'",
        "'%c'",
        "'%s %s'",
        "'%i%%'",
        "'%10.4s|'",
        "'%+d'",
        "'%a'",
        "'%y'",
        "'%#x'",
        "'%.0f'"
    };
    private static final String[] BINARY = {"+", "-", "*", "/", "%", "^", "..", "==", "~=", "<", "<=", ">", ">="};
    private static final String[] UNARY = {"-", "not ", "#"};

    private final Random random;
    private final List<String> variables = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private int names;

    RandomProgram(long seed) {
        random = new Random(seed);
    }

    /** A chunk that returns a few values. */
    String write() {
        int statements = 1 + random.nextInt(6);
        for (int i = 0; i < statements; i++) {
            statement(0);
        }
        text.append("return ").append(expression(0));
        for (int i = random.nextInt(3); i > 0; i--) {
            text.append(", ").append(expression(0));
        }
        return text.append('\n').toString();
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }

    private String fresh() {
        return "v" + ++names;
    }

    private String variable() {
        return variables.isEmpty() || oneIn(12)
                ? pick("unknown", "x")
                : variables.get(random.nextInt(variables.size()));
    }

    // ---- statements

    private void statement(int depth) {
        switch (random.nextInt(depth < 2 ? 11 : 4)) {
            case 0, 1, 2 -> local();
            case 3 ->
                text.append(variable()).append(" = ").append(expression(1)).append('\n');
            case 4 -> {
                text.append("if ").append(expression(1)).append(" then\n");
                block(depth);
                if (oneIn(2)) {
                    text.append("else\n");
                    block(depth);
                }
                text.append("end\n");
            }
            case 5 -> loop(depth);
            case 6 -> function(depth);
            case 7 -> {
                String name = fresh();
                text.append("local ")
                        .append(name)
                        .append(" = {(")
                        .append(expression(2))
                        .append(") or 0, (");
                text.append(expression(2))
                        .append(") or 0, n = ")
                        .append(expression(2))
                        .append("}\n");
                variables.add(name);
            }
            case 8 ->
                text.append(variable())
                        .append(pick(".n", "[1]", "[2]", "['k']"))
                        .append(" = ")
                        .append(expression(1))
                        .append('\n');
            case 9 -> {
                String name = fresh();
                text.append("local ")
                        .append(name)
                        .append(" = select(2, pcall(function() return ")
                        .append(expression(1))
                        .append(" end))\n");
                variables.add(name);
            }
            default -> {
                String counter = fresh();
                text.append("local ")
                        .append(counter)
                        .append(" = 0 while ")
                        .append(counter)
                        .append(" < 3 do ");
                text.append(counter).append(" = ").append(counter).append(" + 1\n");
                block(depth);
                text.append("end\n");
            }
        }
    }

    private void local() {
        String name = fresh();
        text.append("local ").append(name).append(" = ").append(expression(1)).append('\n');
        variables.add(name);
    }

    private void block(int depth) {
        int known = variables.size();
        for (int i = random.nextInt(3); i >= 0; i--) {
            statement(depth + 1);
        }
        variables.subList(known, variables.size()).clear();
    }

    private void loop(int depth) {
        String name = fresh();
        String from = pick("1", "0", "-1", "2.5", "3");
        String to = pick("3", "5", "0", "2.5");
        String step = pick("", "", ", 1", ", -1", ", 0.5", ", 2");
        text.append("for ")
                .append(name)
                .append(" = ")
                .append(from)
                .append(", ")
                .append(to)
                .append(step)
                .append(" do\n");
        int known = variables.size();
        variables.add(name);
        block(depth);
        variables.subList(known, variables.size()).clear();
        text.append(oneIn(4) ? "if " + name + " then break end\n" : "").append("end\n");
    }

    private void function(int depth) {
        String name = fresh();
        String parameter = fresh();
        text.append("local function ")
                .append(name)
                .append('(')
                .append(parameter)
                .append(oneIn(3) ? ", ..." : "")
                .append(")\n");
        int known = variables.size();
        variables.add(parameter);
        block(depth);
        text.append("return ").append(expression(1)).append("\nend\n");
        variables.subList(known, variables.size()).clear();
        String result = fresh();
        text.append("local ")
                .append(result)
                .append(" = ")
                .append(name)
                .append('(')
                .append(expression(2))
                .append(")\n");
        variables.add(result);
    }

    // ---- expressions

    private String expression(int depth) {
        if (depth >= MAX_DEPTH) {
            return atom();
        }
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> atom();
            // Which name a message gives to what a variable behind "and" or "or" was depends on registers: none stands
            // there.
            case 3 ->
                "(" + expression(depth + 1) + pick(" and ", " or ")
                        + pick(pick(NUMBERS), pick(STRINGS), call(depth + 1)) + ")";
            case 4, 5 -> "(" + expression(depth + 1) + " " + pick(BINARY) + " " + expression(depth + 1) + ")";
            case 6 -> "(" + pick(UNARY) + expression(depth + 1) + ")";
            case 7 -> variable() + pick("", ".n", "[1]", "[2]");
            default -> call(depth + 1);
        };
    }

    private String atom() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> pick(NUMBERS);
            case 3, 4 -> pick(STRINGS);
            case 5 -> pick("nil", "true", "false");
            default -> variable();
        };
    }

    private String call(int depth) {
        return switch (random.nextInt(22)) {
            case 0 -> "string.format(" + pick(FORMATS) + ", " + expression(depth) + ")";
            case 1 -> "string.find(" + expression(depth) + ", " + pick(PATTERNS) + ")";
            case 2 -> "string.match(" + expression(depth) + ", " + pick(PATTERNS) + ")";
            case 3 ->
                "string.gsub(" + expression(depth) + ", " + pick(PATTERNS) + ", "
                        + pick("'<%0>'", "'%1'", "string.upper", "{a = 'A'}", "''") + ")";
            case 4 -> "string.sub(" + expression(depth) + ", " + pick(NUMBERS) + pick("", ", 3", ", -2", ", 0") + ")";
            case 5 -> "string.rep(" + pick(STRINGS) + ", " + pick("0", "1", "3", "-1", "2.5") + pick("", ", ','") + ")";
            case 6 -> "string." + pick("upper", "lower", "reverse", "len", "byte") + "(" + expression(depth) + ")";
            case 7 -> "string.char(" + pick("65", "0", "255", "256", "97.5") + ", " + pick("66", "10") + ")";
            case 8 -> "tonumber(" + expression(depth) + pick("", "", ", 10", ", 16", ", 2", ", 36") + ")";
            case 9 -> "tostring(" + pick(pick(NUMBERS), pick(STRINGS), "nil", "true") + ")";
            case 10 -> "math." + pick("floor", "ceil", "abs", "sqrt") + "(" + expression(depth) + ")";
            case 11 -> "math." + pick("max", "min", "fmod") + "(" + expression(depth) + ", " + pick(NUMBERS) + ")";
            case 12 -> "select(" + pick("'#'", "1", "2", "-1", "0") + ", " + expression(depth) + ", " + atom() + ")";
            case 13 -> "type(" + expression(depth) + ")";
            case 14 -> "table.concat({" + atom() + ", " + atom() + "}, " + pick(STRINGS) + ")";
            case 15 -> "unpack({" + atom() + ", " + atom() + "})";
            case 16 ->
                "bit." + pick("band", "bor", "bxor", "lshift", "rshift", "arshift", "rol") + "(" + pick(NUMBERS) + ", "
                        + expression(depth) + ")";
            case 17 -> "bit." + pick("tobit", "bnot", "tohex", "bswap") + "(" + pick(NUMBERS) + ")";
            case 18 ->
                "pcall(" + pick("error", "string.rep", "math.floor", "tostring", "next", "rawlen") + ", " + atom()
                        + ")";
            case 19 ->
                "(function(...) return " + pick("...", "select('#', ...)", "(...)") + " end)(" + atom() + ", " + atom()
                        + ")";
            case 20 ->
                "(" + pick(variable(), pick(STRINGS)) + "):" + pick("upper()", "len()", "rep(2)", "nope()", "sub(2)");
            default -> "rawequal(" + atom() + ", " + atom() + ")";
        };
    }
}
