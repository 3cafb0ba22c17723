package dev.weir.app;

import dev.weir.engine.log.LogFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the command line as getopt_long(3) does: {@code -vC FILE}, {@code -CFILE}, {@code --config=FILE}, addresses between
 * flags, {@code --} ends the flags.
 *
 * <p>By hand because it is on the start path: a reflective option library costs 200 ms there.
 */
final class OptionParser {
    private final String[] arguments;
    private int next;

    private CommandLine.Mode mode = CommandLine.Mode.RUN;
    private @Nullable String config;
    private final List<String> addresses = new ArrayList<>();
    private final List<String> acls = new ArrayList<>();
    private final List<String> locals = new ArrayList<>();
    private @Nullable String command;
    private @Nullable String consoleKey;
    private @Nullable String user;
    private @Nullable String group;
    private boolean supervised;
    private boolean verbose;
    private boolean syslog = true;
    private boolean logTimestamps;
    private @Nullable Boolean structuredLogging;
    private @Nullable LogFormat logFormat;

    private OptionParser(String[] arguments) {
        this.arguments = arguments;
    }

    static CommandLine parse(String... arguments) throws UsageException {
        return new OptionParser(arguments).parse();
    }

    private CommandLine parse() throws UsageException {
        while (next < arguments.length) {
            String argument = arguments[next++];
            if (argument.equals("--")) {
                while (next < arguments.length) {
                    addresses.add(arguments[next++]);
                }
            } else if (argument.startsWith("--")) {
                longFlag(argument);
            } else if (argument.length() > 1 && argument.charAt(0) == '-') {
                shortFlags(argument);
            } else {
                addresses.add(argument);
            }
        }
        return new CommandLine(
                mode,
                config,
                List.copyOf(addresses),
                List.copyOf(acls),
                List.copyOf(locals),
                command,
                consoleKey,
                user,
                group,
                supervised,
                verbose,
                syslog,
                logTimestamps,
                structuredLogging,
                logFormat);
    }

    private void longFlag(String argument) throws UsageException {
        int equals = argument.indexOf('=');
        Flag flag = Flag.of(argument.substring(2, equals < 0 ? argument.length() : equals));
        if (flag.value == null && equals >= 0) {
            throw new UsageException("--" + flag.word + " takes no value");
        }
        take(flag, flag.value == null || equals < 0 ? null : argument.substring(equals + 1));
    }

    private void shortFlags(String argument) throws UsageException {
        for (int i = 1; i < argument.length(); i++) {
            Flag flag = Flag.of(argument.charAt(i));
            if (flag == null) {
                throw new UsageException("unknown option -" + argument.charAt(i));
            }
            if (flag == Flag.STRUCTURED_LOGGING) {
                // The short form is declared without value in dnsdist, and its value is written as the next argument.
                structuredLogging = next >= arguments.length || optionalTruth();
            } else if (flag.value != null) {
                take(flag, i + 1 < argument.length() ? argument.substring(i + 1) : null);
                return;
            } else {
                take(flag, null);
            }
        }
    }

    private boolean optionalTruth() {
        Boolean truth = truth(arguments[next]);
        if (truth != null) {
            next++;
        }
        return truth == null || truth;
    }

    private void take(Flag flag, @Nullable String attached) throws UsageException {
        switch (flag) {
            case ACL -> acls.add(value(flag, attached));
            case CONFIG -> config = value(flag, attached);
            case CLIENT -> decide(CommandLine.Mode.CLIENT);
            case SETKEY -> consoleKey = value(flag, attached);
            case EXECUTE -> {
                command = value(flag, attached);
                decide(CommandLine.Mode.CLIENT);
            }
            case GID -> group = value(flag, attached);
            case UID -> user = value(flag, attached);
            case HELP -> decide(CommandLine.Mode.HELP);
            case LOCAL -> locals.add(value(flag, attached));
            case VERBOSE -> verbose = true;
            case VERSION -> decide(CommandLine.Mode.VERSION);
            case CHECK_CONFIG -> decide(CommandLine.Mode.CHECK_CONFIG);
            case SUPERVISED -> supervised = true;
            case DISABLE_SYSLOG -> syslog = false;
            case LOG_TIMESTAMPS -> logTimestamps = true;
            case STRUCTURED_LOGGING -> {
                String value = value(flag, attached);
                structuredLogging = truth(value);
                if (structuredLogging == null) {
                    throw new UsageException("--structured-logging takes true or false, not " + value);
                }
            }
            case STRUCTURED_LOGGING_BACKEND -> logFormat = logFormat(value(flag, attached));
        }
    }

    /** Help and version win over what else is asked for. */
    private void decide(CommandLine.Mode asked) {
        if (mode != CommandLine.Mode.HELP && (mode != CommandLine.Mode.VERSION || asked == CommandLine.Mode.HELP)) {
            mode = asked;
        }
    }

    private String value(Flag flag, @Nullable String attached) throws UsageException {
        if (attached != null) {
            return attached;
        }
        if (next == arguments.length) {
            throw new UsageException("--" + flag.word + " needs a value: " + flag.value);
        }
        return arguments[next++];
    }

    private static LogFormat logFormat(String name) throws UsageException {
        return switch (name) {
            case "default" -> LogFormat.STRUCTURED;
            case "json" -> LogFormat.JSON;
            case "systemd-journal" -> LogFormat.JOURNAL;
            default ->
                throw new UsageException(
                        "--structured-logging-backend takes default, json or systemd-journal, not " + name);
        };
    }

    private static @Nullable Boolean truth(String text) {
        return switch (text) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> null;
        };
    }
}
