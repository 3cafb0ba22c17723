package dev.weir.engine.kernel;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelFilter.Entry;
import dev.weir.wire.Name;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Which of a filter's entries decides about a query: the address before ranges, ranges before names, names before suffixes, and the closer one of each. */
final class DecidingOrder {
    private static final Comparator<Entry> ORDER = Comparator.<Entry>comparingInt(entry -> rank(entry.kind()))
            .thenComparingInt(entry -> -closeness(entry))
            .thenComparing(entry -> entry.type() == FilterSpec.ANY_TYPE);

    private DecidingOrder() {}

    /** Less than 0 if the first decides where both concern a query. */
    static int compare(Entry first, Entry second) {
        return ORDER.compare(first, second);
    }

    static boolean concerns(Entry entry, IpAddress client, @Nullable Name name, int type) {
        boolean ofType = entry.type() == FilterSpec.ANY_TYPE || entry.type() == type;
        return switch (entry.kind()) {
            case IPV4, IPV6 -> IpAddress.parse(entry.subject()).equals(client.withScope(0));
            case CIDR4, CIDR6 -> Netmask.parse(entry.subject()).matches(client.withScope(0));
            case QNAMES -> name != null && ofType && name.equals(Name.parse(entry.subject()));
            case SUFFIXES -> name != null && ofType && name.isPartOf(Name.parse(entry.subject()));
            case RATES4, RATES6 -> false;
        };
    }

    private static int rank(Kind kind) {
        return switch (kind) {
            case IPV4, IPV6 -> 0;
            case CIDR4, CIDR6 -> 1;
            case QNAMES -> 2;
            case SUFFIXES -> 3;
            case RATES4, RATES6 -> 4;
        };
    }

    private static int closeness(Entry entry) {
        return switch (entry.kind()) {
            case CIDR4, CIDR6 -> Netmask.parse(entry.subject()).prefix();
            case SUFFIXES -> Name.parse(entry.subject()).countLabels();
            default -> 0;
        };
    }
}
