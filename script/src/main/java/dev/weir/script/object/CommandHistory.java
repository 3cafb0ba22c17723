package dev.weir.script.object;

import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Console lines that may have changed something, for {@code delta()}. Belongs to the holder of the Lua lock. */
public final class CommandHistory {
    private static final int MOST = 10_000;

    private record Command(ZonedDateTime time, String line) {}

    private final List<Command> commands = new ArrayList<>();

    /** Remembers a line unless it only looks at things. */
    public void add(String line) {
        if (ReadOnly.CALLS.matcher(line).lookingAt()) {
            return;
        }
        if (commands.size() == MOST) {
            commands.removeFirst();
        }
        commands.add(new Command(ZonedDateTime.now(ZoneId.systemDefault()), line));
    }

    public void clear() {
        commands.clear();
    }

    /** Each line behind a comment that says when. */
    public String text() {
        DateTimeFormatter format = DateTimeFormatter.ofPattern("EEE MMM dd yyyy HH:mm:ss zzz", Locale.ROOT);
        StringBuilder text = new StringBuilder();
        for (Command command : commands) {
            text.append("-- ").append(format.format(command.time)).append('\n');
            text.append(command.line).append('\n');
        }
        return text.toString();
    }

    /** Compiled when the console is first used. */
    private static final class ReadOnly {
        static final Pattern CALLS =
                Pattern.compile("\\s*(show\\w+|top\\w+|get\\w+|dumpStats|grepq|help|delta|makeKey|testCrypto|benchRule|"
                        + "inClientStartup|inConfigCheck|clearConsoleHistory)\\s*\\(");
    }
}
