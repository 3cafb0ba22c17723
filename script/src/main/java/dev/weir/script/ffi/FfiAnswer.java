package dev.weir.script.ffi;

import dev.weir.engine.query.Query;
import dev.weir.lua.ffi.FfiLibrary;
import dev.weir.wire.MessageRewriter;
import dev.weir.wire.Name;
import dev.weir.wire.Names;
import dev.weir.wire.Ttls;
import java.util.List;

/** Changing an answer: {@code dnsdist_ffi_dnsresponse_...}. */
final class FfiAnswer extends FfiGroup {
    private static final long U32 = 0xffff_ffffL;

    private final MessageRewriter rewriter = new MessageRewriter();

    FfiAnswer(FfiLibrary library, FfiEnvironment environment) {
        super(library, environment);
        onQuestion("dnsresponse_set_min_ttl", (dr, at) -> limit(dr, at.integer(1), U32));
        onQuestion("dnsresponse_set_max_ttl", (dr, at) -> limit(dr, 0, at.integer(1)));
        onQuestion("dnsresponse_limit_ttl", (dr, at) -> limit(dr, at.integer(1), at.integer(2)));
        onQuestion("dnsresponse_set_max_returned_ttl", (dr, at) -> {
            dr.query().decided().setMaxReturnedTtl(at.integer(1));
            return null;
        });
        onQuestion("dnsresponse_clear_records_type", (dr, at) -> {
            Query query = dr.query();
            int length = rewriter.withoutTypes(query.packet(), query.length(), (int) at.integer(1));
            query.setLength(length > 0 ? length : query.length());
            return null;
        });
        onQuestion("dnsresponse_rebase", (dr, at) -> {
            byte[] wire = sized(at, 1);
            return Names.endOfPlain(wire, wire.length, 0) == wire.length
                    && rebase(dr.query(), Name.ofWire(wire, 0, wire.length));
        });
        onQuestion(
                "dnsresponse_get_stale_cache_hit",
                (dr, at) -> dr.query().found().staleHit());
        onQuestion(
                "dnsresponse_get_restart_count",
                (dr, at) -> dr.query().decided().restartCount());
        for (String name :
                List.of("meta_begin_key", "meta_add_str_value_to_key", "meta_add_int64_value_to_key", "meta_end_key")) {
            onQuestion("dnsresponse_" + name, (dr, at) -> dr.query() == null ? 0 : null); // for exporters to come
        }
    }

    private static Object limit(QuestionHandle dr, long min, long max) {
        Query query = dr.query();
        return Ttls.clamp(query.packet(), query.length(), min, max);
    }

    /** As {@code dr:changeName}. */
    private boolean rebase(Query query, Name name) {
        int length = rewriter.rename(query.packet(), query.length(), name);
        if (length < 0) {
            return false;
        }
        query.setLength(length);
        if (!name.matches(query.nameBytes(), query.nameOffset(), query.nameLength())) {
            query.found().setCache(null);
        }
        query.rename(name);
        return true;
    }
}
