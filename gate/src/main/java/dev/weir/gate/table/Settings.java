package dev.weir.gate.table;

import static dev.weir.gate.table.Fields.u32;

import dev.weir.ebpf.map.Codec;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * How the guard is to behave, changed while it runs.
 *
 * <pre>{@code
 * struct settings {
 *     __u32 sample_every;
 *     __u32 no_suffixes;
 * };
 * }</pre>
 *
 * @param sampleEvery one in so many packets to our ports is told as an {@link Event}; 0: none
 * @param noSuffixes whether the table of suffixes is known to be empty, so that no question is read for its sake; who adds one says that it
 *     is not
 */
public record Settings(int sampleEvery, boolean noSuffixes) {
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u32("sample_every"), u32("no_suffixes")).withName("settings");

    public static final Codec<Settings> CODEC = Codec.of(
            Fields.size(LAYOUT),
            (settings, to) -> {
                to.fill((byte) 0);
                to.set(ValueLayout.JAVA_INT_UNALIGNED, 0, settings.sampleEvery);
                to.set(ValueLayout.JAVA_INT_UNALIGNED, Integer.BYTES, settings.noSuffixes ? 1 : 0);
            },
            from -> new Settings(
                    from.get(ValueLayout.JAVA_INT_UNALIGNED, 0),
                    from.get(ValueLayout.JAVA_INT_UNALIGNED, Integer.BYTES) != 0));

    /** As a new map has them. */
    public static final Settings DEFAULT = new Settings(0, false);

    public Settings withSampleEvery(int newSampleEvery) {
        return new Settings(newSampleEvery, noSuffixes);
    }

    public Settings withNoSuffixes(boolean newNoSuffixes) {
        return new Settings(sampleEvery, newNoSuffixes);
    }
}
