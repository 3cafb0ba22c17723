package dev.weir.engine.model;

/** What the {@linkplain Setting settings} are at a time. Asking costs an array's element. */
public interface SettingValues {
    /** The bits: of a number itself, of a switch 0 or 1, of a factor as {@link Double#doubleToRawLongBits} has them. */
    long bits(Setting setting);

    /** What a number is, in the setting's unit. */
    default int number(Setting setting) {
        return (int) bits(setting);
    }

    /** Whether a switch is on. */
    default boolean on(Setting setting) {
        return bits(setting) != 0;
    }

    /** What a factor is. */
    default double factor(Setting setting) {
        return Double.longBitsToDouble(bits(setting));
    }

    /** What a setting is, as an operator would write it. */
    default String text(Setting setting) {
        return switch (setting.argument().shape()) {
            case SWITCH -> String.valueOf(on(setting));
            case FACTOR -> String.valueOf(factor(setting));
            case NUMBER, NEAREST -> String.valueOf(number(setting));
        };
    }
}
