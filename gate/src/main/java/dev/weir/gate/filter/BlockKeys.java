package dev.weir.gate.filter;

import dev.weir.ebpf.map.Codec;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.gate.table.AddressKey;
import dev.weir.gate.table.RangeEnd;
import dev.weir.gate.table.RangeKey;
import org.jspecify.annotations.Nullable;

/** What tables of blocks are asked by: addresses or ranges. */
sealed interface BlockKeys<K> {
    Codec<K> codec();

    /** How ends lie in memory. */
    Codec<RangeEnd> ends();

    /** How many bits of a key count where that is told; 0 for addresses. */
    int prefix(K key);

    /** The range one bit wider, null if there is none: in a table of ranges, a key finds what is there for its wider ones. */
    @Nullable K wider(K key);

    /** As people write it. */
    String text(K key);

    Netmask network(K key);

    /** Addresses of a family, in hash tables. */
    record Addresses(int family) implements BlockKeys<IpAddress> {
        private static final Codec<RangeEnd> ENDS = Codec.U64.map(RangeEnd::endNs, endNs -> new RangeEnd(endNs, 0));

        @Override
        public Codec<IpAddress> codec() {
            return AddressKey.codec(family);
        }

        @Override
        public Codec<RangeEnd> ends() {
            return ENDS;
        }

        @Override
        public int prefix(IpAddress key) {
            return 0;
        }

        @Override
        public @Nullable IpAddress wider(IpAddress key) {
            return null;
        }

        @Override
        public String text(IpAddress key) {
            return key.toString();
        }

        @Override
        public Netmask network(IpAddress key) {
            return Netmask.of(key, key.bits());
        }
    }

    /** Ranges of a family, in tries. */
    record Ranges(int family) implements BlockKeys<Netmask> {
        @Override
        public Codec<Netmask> codec() {
            return RangeKey.codec(family);
        }

        @Override
        public Codec<RangeEnd> ends() {
            return RangeEnd.CODEC;
        }

        @Override
        public int prefix(Netmask key) {
            return key.prefix();
        }

        @Override
        public @Nullable Netmask wider(Netmask key) {
            return key.prefix() == 0 ? null : Netmask.of(key.ip(), key.prefix() - 1);
        }

        @Override
        public String text(Netmask key) {
            return key.toString();
        }

        @Override
        public Netmask network(Netmask key) {
            return key;
        }
    }
}
