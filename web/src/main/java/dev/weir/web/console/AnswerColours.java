package dev.weir.web.console;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a command has answered, for a terminal with colours: errors and servers that are down red, those that are up green. Nothing else is changed. */
final class AnswerColours {
    private static final String RED = "\033[31m";
    private static final String GREEN = "\033[32m";
    private static final String PLAIN = "\033[0m";

    /** A row of {@code showServers()}: number, name, address, state. */
    private static final Pattern SERVER =
            Pattern.compile("^(\\s*\\d+\\s+(?:\\S+\\s+)?\\S+:\\d+\\s+)(up|UP|down|DOWN)\\b");

    private AnswerColours() {}

    static String paint(String answer) {
        if (answer.startsWith("Error: ")) {
            return RED
                    + answer.stripTrailing()
                    + PLAIN
                    + answer.substring(answer.stripTrailing().length());
        }
        StringBuilder painted = new StringBuilder();
        for (String line : answer.split("(?<=\n)", -1)) {
            Matcher server = SERVER.matcher(line);
            if (server.find()) {
                boolean up = server.group(2).equalsIgnoreCase("up");
                painted.append(server.group(1))
                        .append(up ? GREEN : RED)
                        .append(server.group(2))
                        .append(PLAIN);
                painted.append(line, server.end(), line.length());
            } else {
                painted.append(line);
            }
        }
        return painted.toString();
    }
}
