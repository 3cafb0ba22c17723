package dev.weir.app;

import dev.weir.engine.explain.ImaginedQuery;
import dev.weir.web.console.ConsoleClient;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code weir explain}: asks a running Weir, over its console, what would become of a query and why. */
final class ExplainTool {
    private static final String HELP = """
            Usage: weir explain [OPTION]... NAME [TYPE]
            Asks a running Weir, over its console, what would become of a query: which blocks, rules, pool, cache entry
            and server it would meet. Nothing is counted, stored or sent; Lua functions of rules and policies are called.
            The exit status is 0 whatever becomes of the query, and 1 if nothing could be told.

            """;

    private static final String MORE = """
              --json                  print it for programs
              --console ADDRESS       the console's address; without it that of the configuration
              -C FILE                 the configuration of the running instance
              -k, --setkey KEY        its console's key
              -h, --help              print this text
            """;

    private static final int MEANING_COLUMN = 26;

    /** Switches: without a value they mean true. */
    private static final Set<String> SWITCHES = Set.of("cd", "do", "edns", "all");

    private final Client console;
    private final PrintStream out;
    private final PrintStream err;
    private boolean failed;

    ExplainTool(Client console, PrintStream out, PrintStream err) {
        this.console = console;
        this.out = out;
        this.err = err;
    }

    /** Returns the exit status. */
    int run(List<String> arguments) throws UsageException {
        Map<String, String> query = new LinkedHashMap<>();
        List<String> words = new ArrayList<>();
        List<String> others = new ArrayList<>();
        boolean json = false;
        Deque<String> left = new ArrayDeque<>(arguments);
        while (!left.isEmpty()) {
            String argument = left.poll();
            int equals = argument.indexOf('=');
            String key =
                    argument.startsWith("--") ? argument.substring(2, equals < 0 ? argument.length() : equals) : "";
            switch (key.isEmpty() ? argument : key) {
                case "-h", "help" -> {
                    out.print(help());
                    return 0;
                }
                case "json" -> json = true;
                case "no-rd" -> query.put("rd", "false");
                case "console" -> others.add(value(argument, equals, left));
                case "-C", "-k", "config", "setkey" -> {
                    others.add(argument);
                    if (equals < 0) {
                        others.add(value(argument, equals, left));
                    }
                }
                default -> {
                    if (ImaginedQuery.OPTIONS.containsKey(key)) {
                        query.put(key, SWITCHES.contains(key) && equals < 0 ? "true" : value(argument, equals, left));
                    } else if (argument.startsWith("-") && argument.length() > 1) {
                        throw new UsageException("explain has no option " + argument + ": see weir explain --help");
                    } else {
                        words.add(argument);
                    }
                }
            }
        }
        return ask(line(words, query, json), others);
    }

    private static String value(String argument, int equals, Deque<String> left) throws UsageException {
        String value = equals < 0 ? left.poll() : argument.substring(equals + 1);
        if (value == null) {
            throw new UsageException(argument + " needs a value: see weir explain --help");
        }
        return value;
    }

    /** What is typed at the console. What the query can't be, is said here, before anybody is asked. */
    private static String line(List<String> words, Map<String, String> query, boolean json) throws UsageException {
        if (words.isEmpty() || words.size() > 2) {
            throw new UsageException(
                    words.isEmpty()
                            ? "explain needs a name: see weir explain --help"
                            : "explain takes a name and a type, not also " + words.get(2));
        }
        String type = words.size() > 1 ? words.get(1) : "A";
        try {
            ImaginedQuery.parse(words.getFirst(), type, query);
        } catch (IllegalArgumentException e) {
            throw new UsageException("explain: " + e.getMessage());
        }
        StringBuilder line = new StringBuilder("explain(" + quoted(words.getFirst()) + ", " + quoted(type) + ", {");
        query.forEach((key, value) -> line.append("[\"")
                .append(key)
                .append("\"]=")
                .append(quoted(value))
                .append(", "));
        return line.append("json=").append(json).append("})").toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private int ask(String line, List<String> others) throws UsageException {
        int status = console.converse(others, (client, name, completions) -> print(client, line));
        return failed ? 1 : status;
    }

    private void print(ConsoleClient client, String line) throws IOException {
        String answer = client.execute(line);
        failed = answer.startsWith("Error");
        if (failed) {
            err.println(answer.strip());
        } else {
            out.print(answer);
        }
    }

    static String help() {
        StringBuilder text = new StringBuilder(HELP);
        ImaginedQuery.OPTIONS.forEach((key, meaning) -> {
            boolean no = key.equals("rd");
            String word = no ? "--no-rd" : "--" + key;
            String rest = meaning.replaceFirst("^(true|false): ", "");
            text.append("  ")
                    .append(word)
                    .append(" ".repeat(MEANING_COLUMN - 2 - word.length()))
                    .append(rest);
            text.append('\n');
        });
        return text.append(MORE).toString();
    }
}
