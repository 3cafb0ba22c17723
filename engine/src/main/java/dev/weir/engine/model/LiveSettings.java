package dev.weir.engine.model;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The settings as people change them. Any thread; a change is seen at once by who asks here, and by who asks a {@link Snapshot} from the next
 * one on ({@link Model#changed}).
 */
public final class LiveSettings implements SettingValues {
    private final AtomicLongArray bits = new AtomicLongArray(Setting.values().length);

    /** Everything as it is before anybody sets it. */
    public LiveSettings() {
        for (Setting setting : Setting.values()) {
            if (setting.argument().shape() == Setting.Shape.FACTOR) {
                set(setting, (double) setting.initial());
            } else {
                set(setting, setting.initial());
            }
        }
        set(Setting.HASH_PERTURBATION, ThreadLocalRandom.current().nextInt());
    }

    @Override
    public long bits(Setting setting) {
        return bits.get(setting.ordinal());
    }

    /** Sets a number; its range is the caller's to look after. */
    public void set(Setting setting, long number) {
        bits.set(setting.ordinal(), number);
    }

    /** Switches on or off. */
    public void set(Setting setting, boolean on) {
        set(setting, on ? 1 : 0);
    }

    /** Sets a factor. */
    public void set(Setting setting, double factor) {
        set(setting, Double.doubleToRawLongBits(factor));
    }

    /** Every setting has the same value in the other one. */
    void copyTo(LiveSettings other) {
        for (Setting setting : Setting.values()) {
            other.set(setting, bits(setting));
        }
    }

    WalkSettings freeze() {
        long[] frozen = new long[bits.length()];
        for (int i = 0; i < frozen.length; i++) {
            frozen[i] = bits.get(i);
        }
        return new WalkSettings(frozen);
    }
}
