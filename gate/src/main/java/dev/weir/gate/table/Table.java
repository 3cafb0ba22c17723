package dev.weir.gate.table;

import dev.weir.engine.kernel.FilterSpec.Kind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The tables that programs share: what they are called in an object, and in a directory of pins. The first five are dnsdist's, too. */
public enum Table {
    /** {@link AddressKey#V4} → {@link Verdict}. */
    ADDR_V4("addr_v4", "addr-v4"),
    /** {@link AddressKey#V6} → {@link Verdict}. */
    ADDR_V6("addr_v6", "addr-v6"),
    /** {@link RangeKey#V4} → {@link Verdict}. */
    CIDR4("cidr4", "cidr4"),
    /** {@link RangeKey#V6} → {@link Verdict}. */
    CIDR6("cidr6", "cidr6"),
    /** {@link NameKey} → {@link Verdict}. */
    QNAMES("qnames", "qnames"),
    /** {@link SuffixKey} → {@link SuffixVerdict}. */
    SUFFIXES("suffixes", "weir-suffixes"),
    /** {@link RangeKey#V4} → {@link Bucket}. */
    RATES4("rates4", "weir-rates4"),
    /** {@link RangeKey#V6} → {@link Bucket}. */
    RATES6("rates6", "weir-rates6"),
    /** {@link AddressKey#V4} → when the block ends, {@code CLOCK_MONOTONIC} nanoseconds. */
    ENDS4("ends4", "weir-ends4"),
    /** {@link AddressKey#V6} → when the block ends. */
    ENDS6("ends6", "weir-ends6"),
    /** {@link RangeKey#V4} → {@link RangeEnd}. */
    ENDS_CIDR4("ends_cidr4", "weir-ends-cidr4"),
    /** {@link RangeKey#V6} → {@link RangeEnd}. */
    ENDS_CIDR6("ends_cidr6", "weir-ends-cidr6"),
    /** A ring buffer of {@link Event}s. */
    EVENTS("events", "weir-events"),
    /** One {@link Settings} under 0. */
    SETTINGS("settings", "weir-settings");

    private final String mapName;
    private final String pinName;

    Table(String mapName, String pinName) {
        this.mapName = mapName;
        this.pinName = pinName;
    }

    /** The table of a kind of entries. */
    public static Table of(Kind kind) {
        return switch (kind) {
            case IPV4 -> ADDR_V4;
            case IPV6 -> ADDR_V6;
            case CIDR4 -> CIDR4;
            case CIDR6 -> CIDR6;
            case QNAMES -> QNAMES;
            case SUFFIXES -> SUFFIXES;
            case RATES4 -> RATES4;
            case RATES6 -> RATES6;
        };
    }

    /** The table that says when this one's entries end, null if none does. */
    public @Nullable Table ends() {
        return switch (this) {
            case ADDR_V4 -> ENDS4;
            case ADDR_V6 -> ENDS6;
            case CIDR4 -> ENDS_CIDR4;
            case CIDR6 -> ENDS_CIDR6;
            default -> null;
        };
    }

    /** The map's name in the objects. */
    public String mapName() {
        return mapName;
    }

    /** The file's name in a directory of pins. */
    public String pinName() {
        return pinName;
    }

    public Path pin(Path directory) {
        return directory.resolve(pinName);
    }

    /** Whether its size is for the operator to choose. */
    public boolean isSized() {
        return this != EVENTS && this != SETTINGS;
    }
}
