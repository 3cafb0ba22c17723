package dev.weir.ebpf.map;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * How a key or value lies in memory, in the byte order of this machine unless it says otherwise. Any thread may use a codec.
 *
 * @param <T> what it is in Java
 */
public interface Codec<T> {
    /** {@code __u32} or {@code __s32}. */
    Codec<Integer> U32 = of(
            Integer.BYTES,
            (value, to) -> to.set(ValueLayout.JAVA_INT_UNALIGNED, 0, value),
            from -> from.get(ValueLayout.JAVA_INT_UNALIGNED, 0));

    /** {@code __u64} or {@code __s64}. */
    Codec<Long> U64 = of(
            Long.BYTES,
            (value, to) -> to.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, value),
            from -> from.get(ValueLayout.JAVA_LONG_UNALIGNED, 0));

    /** Returns the size in memory. */
    int sizeBytes();

    /**
     * Writes a value.
     *
     * @param to exactly {@link #sizeBytes} long; what was there before must be overwritten
     */
    void encode(T value, MemorySegment to);

    /**
     * Reads a value, which must not depend on the memory afterwards.
     *
     * @param from exactly {@link #sizeBytes} long
     */
    T decode(MemorySegment from);

    /** Puts a codec together. */
    static <T> Codec<T> of(int sizeBytes, BiConsumer<T, MemorySegment> encoder, Function<MemorySegment, T> decoder) {
        return new Codec<>() {
            @Override
            public int sizeBytes() {
                return sizeBytes;
            }

            @Override
            public void encode(T value, MemorySegment to) {
                encoder.accept(value, to);
            }

            @Override
            public T decode(MemorySegment from) {
                return decoder.apply(from);
            }
        };
    }

    /** Bytes as they are; shorter arrays are refused. */
    static Codec<byte[]> bytes(int sizeBytes) {
        return of(
                sizeBytes,
                (value, to) -> {
                    if (value.length != sizeBytes) {
                        throw new IllegalArgumentException(value.length + " bytes in place of " + sizeBytes);
                    }
                    to.copyFrom(MemorySegment.ofArray(value));
                },
                from -> from.toArray(ValueLayout.JAVA_BYTE));
    }

    /** {@code char[sizeBytes]}: UTF-8, filled up with zeros. */
    static Codec<String> text(int sizeBytes) {
        return bytes(sizeBytes)
                .map(
                        text -> {
                            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                            if (utf8.length > sizeBytes) {
                                throw new IllegalArgumentException("longer than " + sizeBytes + " bytes: " + text);
                            }
                            return Arrays.copyOf(utf8, sizeBytes);
                        },
                        bytes -> {
                            int length = 0;
                            while (length < bytes.length && bytes[length] != 0) {
                                length++;
                            }
                            return new String(bytes, 0, length, StandardCharsets.UTF_8);
                        });
    }

    /**
     * {@code struct bpf_lpm_trie_key}: the length of a prefix, then as many bytes as the longest may have.
     *
     * @param dataBytes 4 for IPv4, 16 for IPv6, up to 256
     */
    static Codec<LpmKey> lpmKey(int dataBytes) {
        return of(
                Integer.BYTES + dataBytes,
                (key, to) -> {
                    if (key.data().length != dataBytes) {
                        throw new IllegalArgumentException(key.data().length + " bytes in place of " + dataBytes);
                    }
                    to.set(ValueLayout.JAVA_INT_UNALIGNED, 0, key.prefixBits());
                    to.asSlice(Integer.BYTES).copyFrom(MemorySegment.ofArray(key.data()));
                },
                from -> new LpmKey(
                        from.get(ValueLayout.JAVA_INT_UNALIGNED, 0),
                        from.asSlice(Integer.BYTES).toArray(ValueLayout.JAVA_BYTE)));
    }

    /**
     * The values of all possible CPUs, in their order: what an entry of a per-CPU map holds. Each takes a multiple of 8 bytes.
     *
     * @param cpus {@link Cpus#possible}
     */
    static <T> Codec<List<T>> perCpu(Codec<T> one, int cpus) {
        int stride = Cpus.strideBytes(one.sizeBytes());
        return of(
                stride * cpus,
                (values, to) -> {
                    if (values.size() != cpus) {
                        throw new IllegalArgumentException(values.size() + " values for " + cpus + " CPUs");
                    }
                    to.fill((byte) 0);
                    for (int cpu = 0; cpu < cpus; cpu++) {
                        one.encode(values.get(cpu), to.asSlice((long) cpu * stride, one.sizeBytes()));
                    }
                },
                from -> {
                    List<T> values = new ArrayList<>(cpus);
                    for (int cpu = 0; cpu < cpus; cpu++) {
                        values.add(one.decode(from.asSlice((long) cpu * stride, one.sizeBytes())));
                    }
                    return values;
                });
    }

    /** The same memory as another type. */
    default <U> Codec<U> map(Function<U, T> encoder, Function<T, U> decoder) {
        return of(sizeBytes(), (value, to) -> encode(encoder.apply(value), to), from -> decoder.apply(decode(from)));
    }
}
