package dev.weir.engine.model;

/** The settings that the walk goes by; immutable, part of the {@link Snapshot}. */
public final class WalkSettings implements SettingValues {
    private final long[] bits;

    WalkSettings(long[] bits) {
        this.bits = bits;
    }

    @Override
    public long bits(Setting setting) {
        return bits[setting.ordinal()];
    }
}
