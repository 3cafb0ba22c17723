package dev.weir.app.xdp;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A command line of {@code weir xdp}, taken apart as getopt_long(3) does: options and operands in any order, {@code --} ends the options.
 *
 * <p>By hand, as the daemon's: an option library costs 200 ms, and these commands run in scripts and in loops.
 */
final class Words {
    private final Command command;
    private final Map<Option, List<String>> options = new EnumMap<>(Option.class);
    private final List<String> operands = new ArrayList<>();

    private Words(Command command) {
        this.command = command;
    }

    /** Returns the command that a word names. */
    static Command command(String word) throws NotUnderstoodException {
        for (Command command : Command.values()) {
            if (command.toString().equals(word)) {
                return command;
            }
        }
        throw new NotUnderstoodException("there is no command '" + word + "'; there are "
                + Arrays.stream(Command.values()).map(Command::toString).collect(Collectors.joining(", ")));
    }

    /** @param words what follows the command */
    static Words parse(Command command, List<String> words) throws NotUnderstoodException {
        Words parsed = new Words(command);
        parsed.take(words);
        if (!parsed.has(Option.HELP)) {
            parsed.count();
        }
        return parsed;
    }

    private void take(List<String> words) throws NotUnderstoodException {
        int next = 0;
        while (next < words.size()) {
            String word = words.get(next++);
            if (word.equals("--")) {
                operands.addAll(words.subList(next, words.size()));
                return;
            }
            if (!word.startsWith("-") || word.equals("-")) {
                operands.add(word);
                continue;
            }
            boolean isLong = word.startsWith("--");
            int equals = isLong ? word.indexOf('=') : -1;
            Option option =
                    isLong ? option(word.substring(2, equals < 0 ? word.length() : equals)) : option(word.charAt(1));
            String attached = equals >= 0 ? word.substring(equals + 1) : null;
            if (!isLong && word.length() > 2) {
                attached = word.substring(2);
            }
            if (option.value == null) {
                if (attached != null) {
                    throw new NotUnderstoodException(option + " takes no value");
                }
                options.put(option, List.of());
            } else if (attached != null) {
                add(option, attached);
            } else if (next < words.size()) {
                add(option, words.get(next++));
            } else {
                throw new NotUnderstoodException(option + " needs a value: " + option.value);
            }
        }
    }

    private void add(Option option, String value) throws NotUnderstoodException {
        List<String> values = options.computeIfAbsent(option, o -> new ArrayList<>());
        if (!values.isEmpty() && option != Option.INTERFACE && option != Option.PORT) {
            throw new NotUnderstoodException(option + " is said twice");
        }
        values.add(value);
    }

    private Option option(String word) throws NotUnderstoodException {
        for (Option option : command.options) {
            if (option.word.equals(word)) {
                return option;
            }
        }
        throw new NotUnderstoodException("'" + command + "' knows no option --" + word);
    }

    private Option option(char letter) throws NotUnderstoodException {
        for (Option option : command.options) {
            if (option.letter == letter) {
                return option;
            }
        }
        throw new NotUnderstoodException("'" + command + "' knows no option -" + letter);
    }

    private void count() throws NotUnderstoodException {
        if (operands.size() < command.least) {
            throw new NotUnderstoodException("'" + command + "' needs " + command.operands);
        }
        if (operands.size() > command.most) {
            throw new NotUnderstoodException(
                    "'" + command + "' does not know what to do with '" + operands.get(command.most) + "'");
        }
    }

    boolean has(Option option) {
        return options.containsKey(option);
    }

    @Nullable String value(Option option) {
        List<String> values = options.get(option);
        return values == null || values.isEmpty() ? null : values.getFirst();
    }

    /** Returns the values of an option that may come more than once, or with commas between. */
    List<String> values(Option option) {
        return options.getOrDefault(option, List.of()).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
    }

    /**
     * Returns the interfaces: {@code -i a -i b}, {@code -i a,b} and {@code -i a b}.
     *
     * @throws NotUnderstoodException if there are names, but no -i before them
     */
    List<String> interfaces() throws NotUnderstoodException {
        List<String> named = values(Option.INTERFACE);
        if (!operands.isEmpty() && named.isEmpty()) {
            throw new NotUnderstoodException("'" + command + "' does not know what to do with '" + operands.getFirst()
                    + "': -i names interfaces");
        }
        return Stream.concat(named.stream(), operands.stream()).distinct().toList();
    }

    int number(Option option, int least, int fallback) throws NotUnderstoodException {
        String value = value(option);
        return value == null ? fallback : number(option.toString(), value, least);
    }

    /**
     * Reads a whole number.
     *
     * @param what it is, for the message
     */
    static int number(String what, String text, int least) throws NotUnderstoodException {
        try {
            int number = Integer.parseInt(text);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The same message serves both.
        }
        throw new NotUnderstoodException(what + " is a whole number from " + least + " on, not '" + text + "'");
    }

    List<String> operands() {
        return operands;
    }

    /** Returns where everything is pinned. */
    Path maps(Path fallback) {
        String directory = value(Option.MAPS);
        return directory == null ? fallback : Path.of(directory).toAbsolutePath();
    }
}
