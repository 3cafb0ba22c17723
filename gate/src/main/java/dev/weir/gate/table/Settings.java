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
 *     __u32 padding;
 * };
 * }</pre>
 *
 * @param sampleEvery one in so many packets to our ports is told as an {@link Event}; 0: none
 */
public record Settings(int sampleEvery) {
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u32("sample_every"), u32("padding")).withName("settings");

    public static final Codec<Settings> CODEC = Codec.of(
            Fields.size(LAYOUT),
            (settings, to) -> {
                to.fill((byte) 0);
                to.set(ValueLayout.JAVA_INT_UNALIGNED, 0, settings.sampleEvery);
            },
            from -> new Settings(from.get(ValueLayout.JAVA_INT_UNALIGNED, 0)));
}
