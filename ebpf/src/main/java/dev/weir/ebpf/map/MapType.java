package dev.weir.ebpf.map;

import org.jspecify.annotations.Nullable;

/** The types of maps, with the first kernel that has them. The constants are {@code enum bpf_map_type} without BPF_MAP_TYPE_. */
public enum MapType {
    HASH(1, "3.19"),
    ARRAY(2, "3.19"),
    PROG_ARRAY(3, "4.2"),
    PERF_EVENT_ARRAY(4, "4.3"),
    PERCPU_HASH(5, "4.6"),
    PERCPU_ARRAY(6, "4.6"),
    STACK_TRACE(7, "4.6"),
    CGROUP_ARRAY(8, "4.8"),
    LRU_HASH(9, "4.10"),
    LRU_PERCPU_HASH(10, "4.10"),
    LPM_TRIE(11, "4.11"),
    ARRAY_OF_MAPS(12, "4.12"),
    HASH_OF_MAPS(13, "4.12"),
    DEVMAP(14, "4.14"),
    SOCKMAP(15, "4.14"),
    CPUMAP(16, "4.15"),
    XSKMAP(17, "4.18"),
    SOCKHASH(18, "4.18"),
    CGROUP_STORAGE(19, "4.19"),
    REUSEPORT_SOCKARRAY(20, "4.19"),
    PERCPU_CGROUP_STORAGE(21, "4.20"),
    QUEUE(22, "4.20"),
    STACK(23, "4.20"),
    SK_STORAGE(24, "5.2"),
    DEVMAP_HASH(25, "5.4"),
    STRUCT_OPS(26, "5.6"),
    RINGBUF(27, "5.8"),
    INODE_STORAGE(28, "5.10"),
    TASK_STORAGE(29, "5.11"),
    BLOOM_FILTER(30, "5.16"),
    USER_RINGBUF(31, "6.1"),
    CGRP_STORAGE(32, "6.2"),
    ARENA(33, "6.9");

    private static final MapType[] BY_NUMBER = new MapType[34];

    static {
        for (MapType type : values()) {
            BY_NUMBER[type.number] = type;
        }
    }

    private final int number;
    private final String minimumKernel;

    MapType(int number, String minimumKernel) {
        this.number = number;
        this.minimumKernel = minimumKernel;
    }

    /** Returns the type with a number of {@code enum bpf_map_type}, null if it is newer than this list. */
    public static @Nullable MapType ofNumber(int number) {
        return number > 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }

    /** Returns a name for any number, as bpftool writes it: {@code lru_hash}. */
    public static String nameOf(int number) {
        MapType type = ofNumber(number);
        return type == null ? "type " + number : type.toString();
    }

    public int number() {
        return number;
    }

    public String minimumKernel() {
        return minimumKernel;
    }

    /** Returns whether each entry has one value per possible CPU. */
    public boolean isPerCpu() {
        return this == PERCPU_HASH || this == PERCPU_ARRAY || this == LRU_PERCPU_HASH || this == PERCPU_CGROUP_STORAGE;
    }

    /** Returns whether values are maps; written by descriptor, read by id. */
    public boolean holdsMaps() {
        return this == ARRAY_OF_MAPS || this == HASH_OF_MAPS;
    }

    /** Returns whether the kernel takes BTF types for keys and values of such maps. */
    boolean takesBtf() {
        return switch (this) {
            case HASH,
                    ARRAY,
                    PERCPU_HASH,
                    PERCPU_ARRAY,
                    LRU_HASH,
                    LRU_PERCPU_HASH,
                    LPM_TRIE,
                    SK_STORAGE,
                    INODE_STORAGE,
                    TASK_STORAGE,
                    CGRP_STORAGE -> true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
