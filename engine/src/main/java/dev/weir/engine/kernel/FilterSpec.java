package dev.weir.engine.kernel;

import java.util.Map;

/**
 * Describes a filter before it exists: {@code newBPFFilter}'s arguments.
 *
 * @param tables room and pins by kind; a kind that is not there has no room for any entry
 * @param external whether the maps have the format that external programs share, and an external program enforces them
 * @param optional whether to go on without a filter where the kernel or the rights don't allow one
 * @param anyType what stands for "any type" in the maps of names: 65535, or 255 for readers made before dnsdist 2.0
 */
public record FilterSpec(Map<Kind, Table> tables, boolean external, boolean optional, int anyType) {
    /** Query type of entries that mean every type. */
    public static final int ANY_TYPE = 65_535;

    public FilterSpec {
        tables = Map.copyOf(tables);
    }

    /** The tables of a filter. */
    public enum Kind {
        IPV4("ipv4MaxItems", "IPv4 addresses"),
        IPV6("ipv6MaxItems", "IPv6 addresses"),
        CIDR4("cidr4MaxItems", "IPv4 ranges"),
        CIDR6("cidr6MaxItems", "IPv6 ranges"),
        QNAMES("qnamesMaxItems", "names"),
        /** Names with everything below them; Weir's own. */
        SUFFIXES("suffixesMaxItems", "suffixes"),
        /** Token buckets of IPv4 networks; Weir's own. */
        RATES4("ratesMaxItems", "rate limits"),
        /** Token buckets of IPv6 networks; Weir's own. */
        RATES6("ratesMaxItems", "rate limits");

        private final String option;
        private final String plural;

        Kind(String option, String plural) {
            this.option = option;
            this.plural = plural;
        }

        /** The option of {@code newBPFFilter} that makes room. */
        public String option() {
            return option;
        }

        /** What the entries are, in words. */
        public String plural() {
            return plural;
        }
    }

    /**
     * @param maxItems room for so many entries; 0 for none
     * @param pinnedPath where the map is pinned, or taken up again if it is there; empty to pin it nowhere
     */
    public record Table(int maxItems, String pinnedPath) {}

    /**
     * The directory of the first pinned path, where Weir's own tables are pinned as well; empty if nothing is pinned. The order is that of
     * {@link Kind}.
     */
    public static String pinDirectory(Map<Kind, Table> tables) {
        for (Kind kind : Kind.values()) {
            Table table = tables.get(kind);
            String path = table == null ? "" : table.pinnedPath();
            int slash = path.lastIndexOf('/');
            if (slash > 0) {
                return path.substring(0, slash);
            }
        }
        return "";
    }

    /** Returns a kind's table, one without room if it was not given. */
    public Table table(Kind kind) {
        return tables.getOrDefault(kind, new Table(0, ""));
    }

    /**
     * Whether a filter of this description takes entries of this kind with this action: there is room, and the format knows the action. The
     * socket filter of internal ones only drops; what it lets through it must be able to say of ranges, whose smaller ones are exceptions.
     */
    public boolean supports(Kind kind, MatchAction action) {
        if (table(kind).maxItems() == 0) {
            return false;
        }
        return switch (kind) {
            case RATES4, RATES6 -> external;
            case CIDR4, CIDR6, SUFFIXES -> external || action == MatchAction.DROP || action == MatchAction.PASS;
            case IPV4, IPV6, QNAMES -> external || action == MatchAction.DROP;
        };
    }
}
