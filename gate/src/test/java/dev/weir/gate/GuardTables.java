package dev.weir.gate;

import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.TypedMap;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.gate.table.AddressKey;
import dev.weir.gate.table.Bucket;
import dev.weir.gate.table.NameKey;
import dev.weir.gate.table.RangeEnd;
import dev.weir.gate.table.RangeKey;
import dev.weir.gate.table.SuffixKey;
import dev.weir.gate.table.SuffixVerdict;
import dev.weir.gate.table.Table;
import dev.weir.gate.table.Verdict;
import dev.weir.sys.SyscallException;
import java.util.List;

/** The tables of a guard under test. Ends are nanoseconds of CLOCK_MONOTONIC, 0 for none. */
record GuardTables(GuardObject guard) {
    /** Shorter than any machine has been up: for what has ended. */
    static final long LONG_NS = 60_000_000_000L;

    /** Longer than any test, also one that gets no processor for minutes: for what has not ended. */
    static final long FUTURE_NS = 1440 * LONG_NS;

    void address(IpAddress address, int action, long endNs) throws SyscallException {
        boolean four = address.isV4();
        verdicts(four ? Table.ADDR_V4 : Table.ADDR_V6, AddressKey.codec(address.family()))
                .put(address, new Verdict(0, action));
        if (endNs != 0) {
            guard.map(four ? Table.ENDS4 : Table.ENDS6)
                    .typed(AddressKey.codec(address.family()), Codec.U64)
                    .put(address, endNs);
        }
    }

    void range(Netmask range, int action, long endNs) throws SyscallException {
        boolean four = range.ip().isV4();
        verdicts(four ? Table.CIDR4 : Table.CIDR6, RangeKey.codec(range.ip().family()))
                .put(range, new Verdict(0, action));
        if (endNs != 0) {
            rangeEnd(range, endNs);
        }
    }

    void rangeEnd(Netmask range, long endNs) throws SyscallException {
        guard.map(range.ip().isV4() ? Table.ENDS_CIDR4 : Table.ENDS_CIDR6)
                .typed(RangeKey.codec(range.ip().family()), RangeEnd.CODEC)
                .put(range, new RangeEnd(endNs, range.prefix()));
    }

    void name(NameKey key, int action) throws SyscallException {
        verdicts(Table.QNAMES, NameKey.CODEC).put(key, new Verdict(0, action));
    }

    void suffix(SuffixKey key, int action, long endNs) throws SyscallException {
        guard.map(Table.SUFFIXES)
                .typed(SuffixKey.CODEC, SuffixVerdict.CODEC)
                .put(key, new SuffixVerdict(0, endNs, key.prefixBits(), action));
    }

    void rate(Netmask range, Bucket bucket) throws SyscallException {
        guard.map(range.ip().isV4() ? Table.RATES4 : Table.RATES6)
                .typed(RangeKey.codec(range.ip().family()), Bucket.CODEC)
                .put(range, bucket);
    }

    /** The sum of all entries' counters. */
    long hits() throws SyscallException {
        long[] sum = {0};
        for (Table table :
                List.of(Table.ADDR_V4, Table.ADDR_V6, Table.CIDR4, Table.CIDR6, Table.QNAMES, Table.SUFFIXES)) {
            guard.map(table)
                    .typed(
                            Codec.bytes(guard.map(table).keyBytes()),
                            Codec.bytes(guard.map(table).valueBytes()))
                    .forEach((key, value) ->
                            sum[0] += value[0] & 0xff | (value[1] & 0xff) << 8 | (long) (value[2] & 0xff) << 16);
        }
        return sum[0];
    }

    void clear() throws SyscallException {
        for (Table table : Table.values()) {
            if (table.isSized()) {
                guard.map(table)
                        .typed(
                                Codec.bytes(guard.map(table).keyBytes()),
                                Codec.bytes(guard.map(table).valueBytes()))
                        .clear();
            }
        }
    }

    private <K> TypedMap<K, Verdict> verdicts(Table table, Codec<K> keys) {
        return guard.map(table).typed(keys, Verdict.CODEC);
    }
}
