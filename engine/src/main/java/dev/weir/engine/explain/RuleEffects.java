package dev.weir.engine.explain;

import dev.weir.engine.query.HttpAnswer;
import dev.weir.engine.query.Query;
import dev.weir.wire.Header;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a query is at one moment, as far as rules can change it: two of these tell what a rule did. */
record RuleEffects(
        String name,
        int type,
        int flags,
        int length,
        String pool,
        Map<String, String> tags,
        boolean skipCache,
        boolean useEcs,
        int delayMillis,
        long tempFailureTtl,
        long maxReturnedTtl,
        int extendedErrors,
        int proxyValues,
        @Nullable HttpAnswer http,
        boolean restarts) {

    static RuleEffects of(Query query) {
        return new RuleEffects(
                query.name().toString(),
                query.type(),
                Header.flags(query.packet()),
                query.length(),
                query.decided().poolName(),
                Map.copyOf(query.decided().tags()),
                query.decided().skipCache(),
                query.decided().useEcs(),
                query.decided().delayMillis(),
                query.decided().tempFailureTtl(),
                query.decided().maxReturnedTtl(),
                query.decided().extendedErrors().size(),
                query.decided().proxyTlvs().size(),
                query.decided().httpAnswer(),
                query.decided().restartRequested());
    }

    /** In what a later moment differs, in words. */
    List<String> until(RuleEffects later) {
        List<String> words = new ArrayList<>();
        if (!later.name.equals(name) || later.type != type) {
            words.add("asks for " + later.name + " " + RecordType.toString(later.type));
        }
        if (!later.pool.equals(pool)) {
            words.add("pool " + (later.pool.isEmpty() ? "default" : later.pool));
        }
        later.tags.forEach((key, value) -> {
            if (!value.equals(tags.get(key))) {
                words.add("tag " + key + "=" + value);
            }
        });
        tags.keySet().stream().filter(key -> !later.tags.containsKey(key)).forEach(key -> words.add("no tag " + key));
        addFlags(words, later);
        add(words, later.skipCache && !skipCache, "skips the cache");
        add(words, !later.useEcs && useEcs, "no client subnet");
        add(words, later.delayMillis != delayMillis, "answer delayed by " + later.delayMillis + " ms");
        add(words, later.tempFailureTtl != tempFailureTtl, "failures cached for " + later.tempFailureTtl + " s");
        add(words, later.maxReturnedTtl != maxReturnedTtl, "TTL at most " + later.maxReturnedTtl + " s");
        add(words, later.extendedErrors != extendedErrors, "an extended error");
        add(words, later.proxyValues != proxyValues, "a PROXY value");
        add(words, later.restarts && !restarts, "starts again from the cache");
        if (later.http != null && !Objects.equals(http, later.http)) {
            words.add("HTTP status " + later.http.status());
        }
        return words;
    }

    private void addFlags(List<String> words, RuleEffects later) {
        boolean answer = (later.flags & Header.QR) != 0;
        if (answer && (flags & Header.QR) == 0) {
            words.add("answered with " + Rcode.toString(later.flags & Header.RCODE_MASK));
        } else {
            add(words, later.length != length, "message changed");
        }
        if (!answer) {
            flag(words, later, Header.RD, "RD");
            flag(words, later, Header.CD, "CD");
        }
    }

    private void flag(List<String> words, RuleEffects later, int flag, String name) {
        if (((later.flags ^ flags) & flag) != 0) {
            words.add(name + ((later.flags & flag) == 0 ? " cleared" : " set"));
        }
    }

    private static void add(List<String> words, boolean changed, String word) {
        if (changed) {
            words.add(word);
        }
    }
}
