package dev.weir.gate.guard;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.MapSlot;
import dev.weir.ebpf.map.TypedMap;
import dev.weir.gate.table.Bucket;
import dev.weir.gate.table.SuffixVerdict;
import dev.weir.gate.table.Table;
import dev.weir.gate.table.Verdict;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Entries of a table on their way to a larger one, while programs count in both. */
final class TableCopy {
    private static final int CHUNK = 4096;
    /** For tables whose values have no such field. */
    private static final int NONE = -1;

    private TableCopy() {}

    /** Copies all entries, with counters at zero; returns how many. */
    static long fill(Table table, BpfMap old, BpfMap fresh) throws SyscallException {
        int counter = counter(table);
        TypedMap<byte[], byte[]> target = typed(fresh);
        IdentityHashMap<byte[], byte[]> chunk = new IdentityHashMap<>();
        List<SyscallException> failures = new ArrayList<>();
        long[] copied = {0};
        typed(old).forEach((key, value) -> {
            if (counter != NONE) {
                number(value).putLong(counter, 0);
            }
            chunk.put(key, value);
            copied[0]++;
            if (chunk.size() == CHUNK) {
                flush(target, chunk, failures);
            }
        });
        flush(target, chunk, failures);
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        return copied[0];
    }

    private static void flush(
            TypedMap<byte[], byte[]> target, IdentityHashMap<byte[], byte[]> chunk, List<SyscallException> failures) {
        try {
            target.putAll(chunk);
        } catch (SyscallException e) {
            failures.add(e);
        }
        chunk.clear();
    }

    /**
     * Adds what the old table has counted, and what somebody has written into it who did not see that there is another one.
     *
     * @param copied how many entries it had before
     */
    static void complete(Table table, BpfMap old, BpfMap fresh, long copied) throws SyscallException {
        int counter = counter(table);
        TypedMap<byte[], byte[]> target = typed(fresh);
        IdentityHashMap<byte[], byte[]> counted = new IdentityHashMap<>();
        IdentityHashMap<byte[], byte[]> idle = new IdentityHashMap<>();
        long[] seen = {0};
        typed(old).forEach((key, value) -> {
            seen[0]++;
            boolean counts = counter != NONE && number(value).getLong(counter) != 0 || isRate(table);
            (counts ? counted : idle).put(key, value);
        });
        for (Map.Entry<byte[], byte[]> entry : counted.entrySet()) {
            byte[] value = entry.getValue();
            byte[] now = target.lookup(entry.getKey()).orElse(null);
            if (now == null) {
                add(target, entry.getKey(), value);
                continue;
            }
            number(now)
                    .putLong(
                            counter,
                            number(now).getLong(counter) + number(value).getLong(counter));
            if (isRate(table)) {
                number(now)
                        .putLong(
                                0,
                                Math.max(number(now).getLong(0), number(value).getLong(0)));
            }
            target.put(entry.getKey(), now);
        }
        if (seen[0] != copied) {
            for (Map.Entry<byte[], byte[]> entry : idle.entrySet()) {
                add(target, entry.getKey(), entry.getValue());
            }
        }
    }

    private static void add(TypedMap<byte[], byte[]> target, byte[] key, byte[] value) throws SyscallException {
        try {
            target.update(key, value, MapSlot.NO_EXIST);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
    }

    private static boolean isRate(Table table) {
        return table == Table.RATES4 || table == Table.RATES6;
    }

    /** Where a value counts; programs add to it while user space may replace the value. */
    private static int counter(Table table) {
        return (int)
                switch (table) {
                    case ADDR_V4, ADDR_V6, CIDR4, CIDR6, QNAMES -> Verdict.HITS;
                    case SUFFIXES -> SuffixVerdict.HITS;
                    case RATES4, RATES6 -> Bucket.LIMITED;
                    default -> NONE;
                };
    }

    private static ByteBuffer number(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
    }

    private static TypedMap<byte[], byte[]> typed(BpfMap map) {
        return map.typed(Codec.bytes(map.keyBytes()), Codec.bytes(map.valueBytes()));
    }
}
