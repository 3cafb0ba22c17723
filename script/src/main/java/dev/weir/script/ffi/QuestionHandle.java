package dev.weir.script.ffi;

import dev.weir.engine.query.Query;
import dev.weir.lua.LuaError;
import dev.weir.lua.ffi.CPointer;
import dev.weir.wire.Header;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code dnsdist_ffi_dnsquestion_t *}, or {@code ..._dnsresponse_t *}, points to: the query or answer in hand while a function of the operator runs, and
 * nothing afterwards. Belongs to its world of Lua.
 */
final class QuestionHandle {
    private @Nullable Query query;

    /** The header as the script may change it in place; null until it asks. */
    private byte @Nullable [] header;

    private byte[] headerBefore = {};

    /** Lends a query; returns the one that was lent before, for {@link #giveBack}. */
    @Nullable Query lend(Query lent) {
        Query before = query;
        query = lent;
        header = null;
        return before;
    }

    void giveBack(@Nullable Query before) {
        flush();
        query = before;
        header = null;
    }

    /** The query, with all that the script has done to its header. */
    Query query() {
        Query lent = query;
        if (lent == null) {
            throw new LuaError("this dnsdist_ffi_dnsquestion_t is gone: it belonged to an earlier call");
        }
        flush();
        return lent;
    }

    /** The header in place. */
    CPointer header() {
        Query lent = query();
        byte[] view = header;
        if (view == null) {
            view = Arrays.copyOf(lent.packet(), Header.LENGTH);
            headerBefore = view.clone();
            header = view;
        }
        return CPointer.toOctets(view);
    }

    private void flush() {
        byte[] view = header;
        Query lent = query;
        if (view == null || lent == null) {
            return;
        }
        if (!Arrays.equals(view, headerBefore)) {
            System.arraycopy(view, 0, lent.packet(), 0, Header.LENGTH);
        } else {
            System.arraycopy(lent.packet(), 0, view, 0, Header.LENGTH);
        }
        headerBefore = view.clone();
    }
}
