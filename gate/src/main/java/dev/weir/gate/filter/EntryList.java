package dev.weir.gate.filter;

import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFilter.Entry;
import dev.weir.engine.kernel.KernelFilter.Limit;
import dev.weir.engine.kernel.KernelFilter.Wish;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.gate.table.Bucket;
import dev.weir.gate.table.SuffixKey;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what tables hold and puts it in order: by kind, then addresses as numbers and names by their labels from the right. */
final class EntryList {
    private static final Comparator<Row> ORDER = Comparator.<Row, Kind>comparing(row -> row.entry.kind())
            .thenComparing(Row::network, Comparator.nullsFirst(Comparator.<Netmask>naturalOrder()))
            .thenComparing(Row::name, Comparator.nullsFirst(Comparator.<Name>naturalOrder()))
            .thenComparingInt(row -> row.entry.type());

    private final List<Row> rows = new ArrayList<>();
    private final Map<ClaimKey, List<Claim>> claims;

    EntryList(Map<ClaimKey, List<Claim>> claims) {
        this.claims = claims;
    }

    private List<Wish> wishes(ClaimKey key) {
        return claims.getOrDefault(key, List.of()).stream()
                .map(claim -> new Wish(claim.origin(), claim.action(), claim.endNanos(), claim.reason()))
                .toList();
    }

    private record Row(
            Entry entry,
            @Nullable Netmask network,
            @Nullable Name name) {}

    <K> void addBlocks(Kind kind, BlockTable<K> table) throws KernelException {
        table.forEach((keys, key, block) -> add(
                kind,
                keys.text(key),
                FilterSpec.ANY_TYPE,
                block.action(),
                block.hits(),
                block.endNanos(),
                keys.network(key),
                null,
                wishes(table.claimKey(key))));
    }

    /** Adds one, if it is there. */
    <K> void addBlock(Kind kind, BlockTable<K> table, K key) throws KernelException {
        BlockTable.Block block = table.current(key);
        ClaimKey about = table.claimKey(key);
        if (block != null) {
            add(
                    kind,
                    String.valueOf(key),
                    FilterSpec.ANY_TYPE,
                    block.action(),
                    block.hits(),
                    block.endNanos(),
                    about.network(),
                    null,
                    wishes(about));
        }
    }

    void addSuffix(SuffixTable table, SuffixKey key) throws KernelException {
        BlockTable.Block block = table.current(key);
        if (block != null) {
            add(
                    Kind.SUFFIXES,
                    key.suffix().toString(),
                    key.type(),
                    block.action(),
                    block.hits(),
                    block.endNanos(),
                    null,
                    key.suffix(),
                    wishes(table.claimKey(key)));
        }
    }

    void addNames(NameTable table) throws KernelException {
        table.forEach((name, type, action, hits) ->
                add(Kind.QNAMES, name.toString(), type, action, hits, KernelFilter.FOREVER, null, name, List.of()));
    }

    /** Adds the entry for a name and type, or else the one for any type, if there is one. */
    void addName(NameTable table, Name name, int type) throws KernelException {
        table.find(
                name,
                type,
                (there, ofType, action, hits) -> add(
                        Kind.QNAMES,
                        there.toString(),
                        ofType,
                        action,
                        hits,
                        KernelFilter.FOREVER,
                        null,
                        there,
                        List.of()));
    }

    void addSuffixes(SuffixTable table) throws KernelException {
        table.forEach((key, action, hits, endNanos) -> add(
                Kind.SUFFIXES,
                key.suffix().toString(),
                key.type(),
                action,
                hits,
                endNanos,
                null,
                key.suffix(),
                wishes(table.claimKey(key))));
    }

    void addRates(Kind kind, FilterTable<Netmask, Bucket> table) throws KernelException {
        table.forEach((range, bucket) -> {
            MatchAction action = bucket.slip() > 0 ? MatchAction.TRUNCATE : MatchAction.DROP;
            Limit limit = new Limit(bucket.queriesPerSecond(), bucket.burst(), bucket.slip(), bucket.per());
            Entry entry = new Entry(
                    kind,
                    range.toString(),
                    FilterSpec.ANY_TYPE,
                    action,
                    action.number(),
                    bucket.limited(),
                    KernelFilter.FOREVER,
                    limit);
            rows.add(new Row(entry, range, null));
        });
    }

    private void add(
            Kind kind,
            String subject,
            int type,
            int actionNumber,
            long hits,
            long endNanos,
            @Nullable Netmask network,
            @Nullable Name name,
            List<Wish> wishes) {
        MatchAction known = MatchAction.ofNumber(actionNumber);
        // Programs let pass what an action unknown to them matches.
        MatchAction action = known == null ? MatchAction.PASS : known;
        rows.add(new Row(
                new Entry(kind, subject, type, action, actionNumber, hits, endNanos, null, wishes), network, name));
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    List<Entry> sorted() {
        rows.sort(ORDER);
        return rows.stream().map(Row::entry).toList();
    }
}
