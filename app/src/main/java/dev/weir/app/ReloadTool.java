package dev.weir.app;

import dev.weir.web.console.ConsoleClient;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** {@code weir reload}: has a running Weir read its configuration again, over its console, and says what became of it. */
final class ReloadTool {
    private static final String HELP = """
            Usage: weir reload [--dry-run] [--json] [-C FILE] [-k KEY] [ADDRESS[:PORT]]
            Has a running Weir read its configuration again, over its console. Key and address are those of the
            configuration, unless they are given. The exit status is 1 if it can't be used: the running one then goes on.

              --dry-run               change nothing, print in what it differs from the running one
              --json                  print that for programs
              -C FILE                 the configuration of the running instance
              -k, --setkey KEY        its console's key
              -h, --help              print this text
            """;

    private final Client console;
    private final PrintStream out;
    private final PrintStream err;
    private boolean failed;

    ReloadTool(Client console, PrintStream out, PrintStream err) {
        this.console = console;
        this.out = out;
        this.err = err;
    }

    /** Returns the exit status. */
    int run(List<String> arguments) throws UsageException {
        boolean dryRun = false;
        boolean json = false;
        List<String> others = new ArrayList<>();
        for (String argument : arguments) {
            switch (argument) {
                case "-h", "--help" -> {
                    out.print(HELP);
                    return 0;
                }
                case "--dry-run" -> dryRun = true;
                case "--json" -> json = true;
                default -> others.add(argument);
            }
        }
        String line = "reloadConfig({dryRun=" + dryRun + ", json=" + json + "})";
        int status = console.converse(others, (client, name, completions) -> ask(client, line));
        return failed ? 1 : status;
    }

    private void ask(ConsoleClient client, String line) throws IOException {
        String answer = client.execute(line);
        failed = answer.startsWith("Not reloaded")
                || answer.startsWith("Error")
                || answer.contains("\"outcome\": \"failed\"");
        (failed && !answer.startsWith("{") ? err : out).print(answer);
    }
}
