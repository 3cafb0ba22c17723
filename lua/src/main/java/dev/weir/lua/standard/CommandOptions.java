package dev.weir.lua.standard;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@link LuaCommand}.
 *
 * @param version whether the version is shown
 * @param interactive whether a prompt follows the script
 * @param ignoreEnvironment whether {@code LUA_INIT} does not count
 * @param steps what is done before the script, in order
 * @param script the index of the script among the arguments; as many as there are for none
 */
record CommandOptions(boolean version, boolean interactive, boolean ignoreEnvironment, List<Step> steps, int script) {
    /**
     * A chunk to execute, or a library to require.
     *
     * @param option {@code e} or {@code l}
     */
    record Step(char option, String argument) {}

    /** Reads them; null if they are not understood. */
    static @Nullable CommandOptions parse(List<String> arguments) {
        boolean version = false;
        boolean interactive = false;
        boolean ignoreEnvironment = false;
        List<Step> steps = new ArrayList<>();
        int at = 0;
        for (; at < arguments.size(); at++) {
            String argument = arguments.get(at);
            if (!argument.startsWith("-") || argument.equals("-")) {
                break;
            }
            if (argument.equals("--")) {
                at++;
                break;
            }
            char option = argument.charAt(1);
            switch (option) {
                case 'v' -> version = true;
                case 'i' -> {
                    interactive = true;
                    version = true;
                }
                case 'E' -> ignoreEnvironment = true;
                case 'j' -> at += argument.length() == 2 ? 1 : 0;
                case 'O' -> {}
                case 'e', 'l' -> {
                    boolean joined = argument.length() > 2;
                    if (!joined && at + 1 >= arguments.size()) {
                        return null;
                    }
                    steps.add(new Step(option, joined ? argument.substring(2) : arguments.get(++at)));
                }
                default -> {
                    return null;
                }
            }
            if ("viE".indexOf(option) >= 0 && argument.length() > 2) {
                return null;
            }
        }
        return new CommandOptions(version, interactive, ignoreEnvironment, List.copyOf(steps), at);
    }
}
