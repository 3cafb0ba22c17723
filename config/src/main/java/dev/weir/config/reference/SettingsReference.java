package dev.weir.config.reference;

import dev.weir.config.yaml.YamlTable;
import dev.weir.engine.model.Setting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The settings that are one number or switch, as the page that operators read: {@code docs/settings.md}. */
public final class SettingsReference {
    private static final String HEAD = """
            # Settings

            What is one number or one switch, by the function that sets it in Lua, with its key in YAML. Made by `weir settings`; a test compares.
            *start*: in the configuration only; *any*: also at the console while Weir runs. A number outside its range is refused with file and line,
            unless the range says *nearest*: then the nearest end is taken, which is said.

            | Lua | YAML | takes | at first | when | meaning |
            |---|---|---|---|---|---|
            """;

    private SettingsReference() {}

    /** The whole page; ends with a line end. */
    public static String text() {
        Map<String, String> paths = YamlTable.table().pathsByArgument();
        List<Setting> settings = new ArrayList<>(List.of(Setting.values()));
        settings.sort(
                Comparator.comparing(setting -> setting.functions().getFirst().toLowerCase(Locale.ROOT)));
        StringBuilder text = new StringBuilder(HEAD);
        for (Setting setting : settings) {
            text.append("| ").append(call(setting));
            text.append(" | ").append(code(paths.getOrDefault(argument(setting), "")));
            text.append(" | ").append(takes(setting.argument()));
            text.append(" | ").append(initially(setting));
            text.append(" | ").append(setting.when() == Setting.When.START ? "start" : "any");
            text.append(" | ").append(setting.unit().isEmpty() ? "" : setting.unit() + ": ");
            text.append(setting.meaning()).append(" |\n");
        }
        return text.toString();
    }

    /** The function and the place of the argument, as the table of YAML names them. */
    private static String argument(Setting setting) {
        String function = setting.functions().getFirst();
        return function + ' ' + (Setting.of(function).indexOf(setting) + 1);
    }

    private static String call(Setting setting) {
        String function = setting.functions().getFirst();
        List<String> arguments = new ArrayList<>();
        for (Setting each : Setting.of(function)) {
            arguments.add(each == setting ? each.argument().name() : "…");
        }
        return code(function + '(' + String.join(", ", arguments) + ')');
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : '`' + text + '`';
    }

    private static String takes(Setting.Argument argument) {
        return switch (argument.shape()) {
            case SWITCH -> argument.otherwise() < 0 ? "boolean" : "boolean, or nothing: true";
            case NUMBER -> argument.least() + " to " + argument.most();
            case NEAREST -> argument.least() + " to " + argument.most() + ", nearest";
            case FACTOR -> "0, or from 1";
        };
    }

    private static String initially(Setting setting) {
        return switch (setting.argument().shape()) {
            case SWITCH -> setting.initial() == 0 ? "false" : "true";
            default -> setting == Setting.HASH_PERTURBATION ? "random" : Integer.toString(setting.initial());
        };
    }
}
