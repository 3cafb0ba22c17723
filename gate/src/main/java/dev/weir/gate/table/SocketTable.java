package dev.weir.gate.table;

/** The tables of the filters on the daemon's own sockets: the first three in dnsdist's older format, whose entries are there to be dropped. */
public enum SocketTable {
    /** {@link AddressKey#V4} → packets dropped. */
    LEGACY_V4("legacy_v4"),
    /** {@link AddressKey#V6} → packets dropped. */
    LEGACY_V6("legacy_v6"),
    /** {@link NameKey#PLAIN} → {@link PlainNameVerdict}. */
    LEGACY_QNAMES("legacy_qnames"),
    /** {@link RangeKey#V4} → {@link Verdict}. */
    CIDR4("cidr4"),
    /** {@link RangeKey#V6} → {@link Verdict}. */
    CIDR6("cidr6"),
    /** {@link SuffixKey} → {@link SuffixVerdict}. */
    SUFFIXES("suffixes");

    private final String mapName;

    SocketTable(String mapName) {
        this.mapName = mapName;
    }

    /** The map's name in the object. */
    public String mapName() {
        return mapName;
    }
}
