package dev.weir.ebpf.map;

import dev.weir.sys.KernelVersion;
import dev.weir.sys.PageSize;
import org.jspecify.annotations.Nullable;

/** What there is to say when the kernel answers EINVAL to a map: the rule that it breaks if one is known, else what was asked for. */
final class MapRefusal {
    private static final int LPM_LENGTH_BYTES = Integer.BYTES;
    private static final int LPM_MAX_BYTES = LPM_LENGTH_BYTES + 256;

    private MapRefusal() {}

    static String of(MapSpec spec) {
        String refused = "the kernel refuses a " + spec.type() + " map \"" + spec.name() + "\" of " + spec.keySize()
                + " + " + spec.valueSize() + " bytes, " + Integer.toUnsignedString(spec.maxEntries())
                + " entries, flags 0x" + Integer.toHexString(spec.flags());
        String rule = rule(spec);
        return rule == null ? refused : refused + ": " + rule;
    }

    private static @Nullable String rule(MapSpec spec) {
        MapType type = spec.type();
        if (KernelVersion.running().isBefore(type.minimumKernel())) {
            return "the type needs kernel ≥ " + type.minimumKernel() + ", this is " + KernelVersion.running();
        }
        return switch (type) {
            case RINGBUF, USER_RINGBUF -> ring(spec.maxEntries());
            case ARRAY,
                    PERCPU_ARRAY,
                    PROG_ARRAY,
                    PERF_EVENT_ARRAY,
                    CGROUP_ARRAY,
                    ARRAY_OF_MAPS,
                    XSKMAP,
                    DEVMAP,
                    CPUMAP -> spec.keySize() == Integer.BYTES ? sizes(spec) : "keys of arrays have 4 bytes";
            case LPM_TRIE -> trie(spec);
            case QUEUE, STACK, BLOOM_FILTER -> spec.keySize() == 0 ? null : "there are no keys, so their size is 0";
            case CGROUP_STORAGE, PERCPU_CGROUP_STORAGE, STRUCT_OPS, ARENA -> null;
            case SK_STORAGE, INODE_STORAGE, TASK_STORAGE, CGRP_STORAGE -> storage(spec);
            default -> sizes(spec);
        };
    }

    private static @Nullable String ring(int bytes) {
        return Integer.bitCount(bytes) == 1 && bytes % PageSize.bytes() == 0
                ? null
                : "a ring has a power of two of bytes, and a multiple of the page of " + PageSize.bytes();
    }

    private static @Nullable String trie(MapSpec spec) {
        if ((spec.flags() & MapSpec.NO_PREALLOC) == 0) {
            return "tries need the flag NO_PREALLOC";
        }
        return spec.keySize() <= LPM_LENGTH_BYTES || spec.keySize() > LPM_MAX_BYTES
                ? "keys of tries have 4 bytes for the length of the prefix and 1 to 256 for the data"
                : sizes(spec);
    }

    private static @Nullable String storage(MapSpec spec) {
        if ((spec.flags() & MapSpec.NO_PREALLOC) == 0 || spec.maxEntries() != 0) {
            return "local storage needs the flag NO_PREALLOC, and no number of entries";
        }
        return spec.keyType() == 0 || spec.valueType() == 0 ? "local storage needs BTF types of key and value" : null;
    }

    private static @Nullable String sizes(MapSpec spec) {
        if (spec.maxEntries() == 0) {
            return "there must be room for one entry at least";
        }
        return spec.keySize() == 0 || spec.valueSize() == 0 ? "keys and values have one byte at least" : null;
    }
}
