package dev.weir.gate.filter;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.MapSlot;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.MapType;
import dev.weir.gate.table.RangeKey;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;

/** Whether tries look at the flags of an update, tried out once: since Linux 6.13 they do. */
final class TrieFlags {
    static final boolean OBEYED = attempt();

    private TrieFlags() {}

    private static boolean attempt() {
        MapSpec spec =
                new MapSpec("probe", MapType.LPM_TRIE, RangeKey.V4.sizeBytes(), 8, 2).withFlags(MapSpec.NO_PREALLOC);
        byte[] key = new byte[RangeKey.V4.sizeBytes()];
        byte[] value = new byte[8];
        try (BpfMap map = BpfMap.create(spec)) {
            var entries = map.typed(Codec.bytes(key.length), Codec.bytes(value.length));
            entries.put(key, value);
            entries.update(key, value, MapSlot.NO_EXIST);
            return false;
        } catch (SyscallException e) {
            return e.errno() == Errno.EEXIST;
        }
    }
}
