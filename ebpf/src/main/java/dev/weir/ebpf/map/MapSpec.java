package dev.weir.ebpf.map;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes a map before it exists. Immutable; arrays handed in must not be changed afterwards.
 *
 * @param name what programs and people call it; the kernel keeps its first 15 bytes
 * @param keySize bytes
 * @param valueSize bytes of one value, of one CPU's where values are per CPU
 * @param maxEntries entries; bytes for ring buffers
 * @param flags BPF_F_*, or-ed
 * @param keyType BTF id of the key's type, 0 for none
 * @param valueType BTF id of the value's type, 0 for none
 * @param extra what some types of maps need besides
 * @param pinByName whether the object asked for a pin under the map's name
 * @param inner what maps are inside, for maps of maps
 * @param contents the value under key 0 to start with, empty for zeros
 * @param frozen whether user space may not write once the contents are in
 * @param references names of maps or programs by index to start with, for arrays of them
 */
public record MapSpec(
        String name,
        MapType type,
        int keySize,
        int valueSize,
        int maxEntries,
        int flags,
        int keyType,
        int valueType,
        long extra,
        boolean pinByName,
        @Nullable MapSpec inner,
        byte[] contents,
        boolean frozen,
        Map<Integer, String> references) {
    /** Entries of hash maps get their memory when they are made, not when the map is. Needed for LPM tries. */
    public static final int NO_PREALLOC = 1;
    /** An LRU list per CPU. */
    public static final int NO_COMMON_LRU = 1 << 1;
    /** User space may only read, through this descriptor. Since Linux 4.15. */
    public static final int READ_ONLY = 1 << 3;
    /** Programs may only read. Since Linux 5.2. */
    public static final int READ_ONLY_FOR_PROGRAMS = 1 << 7;
    /** Arrays that may be mapped into memory. Since Linux 5.5. */
    public static final int MMAPABLE = 1 << 10;

    private static final byte[] ZEROS = {};

    public MapSpec {
        references = Map.copyOf(references);
    }

    /** Describes a map without anything special. */
    public MapSpec(String name, MapType type, int keySize, int valueSize, int maxEntries) {
        this(name, type, keySize, valueSize, maxEntries, 0, 0, 0, 0, false, null, ZEROS, false, Map.of());
    }

    /**
     * Describes a ring buffer.
     *
     * @param bytes a power of two, a multiple of the page size
     */
    public static MapSpec ringBuffer(String name, int bytes) {
        return new MapSpec(name, MapType.RINGBUF, 0, 0, bytes);
    }

    /**
     * Returns what the kernel is asked for. Objects may say what type the records of ring buffers and perf arrays have, but the kernel wants
     * no sizes for the former and those of descriptors for the latter; and where there is one entry per CPU objects leave the number open.
     */
    MapSpec asTheKernelWants() {
        return switch (type) {
            case RINGBUF, USER_RINGBUF -> sized(0, 0, maxEntries);
            case PERF_EVENT_ARRAY ->
                sized(Integer.BYTES, Integer.BYTES, maxEntries == 0 ? Cpus.possible() : maxEntries);
            case CPUMAP -> sized(keySize, valueSize, maxEntries == 0 ? Cpus.possible() : maxEntries);
            case ARRAY_OF_MAPS, HASH_OF_MAPS -> sized(keySize, Integer.BYTES, maxEntries);
            default -> this;
        };
    }

    private MapSpec sized(int newKeySize, int newValueSize, int newMaxEntries) {
        return new MapSpec(
                name,
                type,
                newKeySize,
                newValueSize,
                newMaxEntries,
                flags,
                keyType,
                valueType,
                extra,
                pinByName,
                inner,
                contents,
                frozen,
                references);
    }

    public MapSpec withName(String newName) {
        return copy(newName, maxEntries, flags, inner, contents, references);
    }

    public MapSpec withMaxEntries(int newMaxEntries) {
        return copy(name, newMaxEntries, flags, inner, contents, references);
    }

    public MapSpec withFlags(int newFlags) {
        return copy(name, maxEntries, newFlags, inner, contents, references);
    }

    public MapSpec withInner(MapSpec newInner) {
        return copy(name, maxEntries, flags, newInner, contents, references);
    }

    public MapSpec withContents(byte[] newContents) {
        return copy(name, maxEntries, flags, inner, newContents, references);
    }

    public MapSpec withReferences(Map<Integer, String> newReferences) {
        return copy(name, maxEntries, flags, inner, contents, newReferences);
    }

    private MapSpec copy(
            String newName,
            int newMaxEntries,
            int newFlags,
            @Nullable MapSpec newInner,
            byte[] newContents,
            Map<Integer, String> newReferences) {
        return new MapSpec(
                newName,
                type,
                keySize,
                valueSize,
                newMaxEntries,
                newFlags,
                keyType,
                valueType,
                extra,
                pinByName,
                newInner,
                newContents,
                frozen,
                newReferences);
    }
}
