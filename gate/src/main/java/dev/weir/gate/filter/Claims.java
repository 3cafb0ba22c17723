package dev.weir.gate.filter;

import dev.weir.engine.kernel.KernelException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who wants what of which entry, where more than one may: in a pinned table that all processes share, or in this one's memory for tables that
 * nobody shares. An entry that nobody claims is the operator's, or of a program that is not Weir's. Callers take turns by the lock.
 */
final class Claims implements AutoCloseable {
    private final @Nullable FilterTable<ClaimKey, List<Claim>> shared;
    private final Map<ClaimKey, List<Claim>> own = new ConcurrentHashMap<>();

    Claims(@Nullable FilterTable<ClaimKey, List<Claim>> shared) {
        this.shared = shared;
    }

    List<Claim> find(ClaimKey key) throws KernelException {
        return shared == null
                ? own.getOrDefault(key, List.of())
                : Objects.requireNonNullElse(shared.find(key), List.of());
    }

    /** Whether nobody claims anything: for those who hold the lock. */
    boolean areNone() throws KernelException {
        return shared == null ? own.isEmpty() : shared.isKnownEmpty();
    }

    /** @return FULL if there is no room for one more entry's */
    FilterTable.Outcome put(ClaimKey key, List<Claim> claims) throws KernelException {
        if (shared == null) {
            if (claims.isEmpty()) {
                own.remove(key);
            } else {
                own.put(key, List.copyOf(claims));
            }
            return FilterTable.Outcome.DONE;
        }
        if (claims.isEmpty()) {
            shared.remove(key);
            return FilterTable.Outcome.DONE;
        }
        return shared.put(key, claims);
    }

    /** Returns all there are. */
    Map<ClaimKey, List<Claim>> all() throws KernelException {
        if (shared == null) {
            return Map.copyOf(own);
        }
        Map<ClaimKey, List<Claim>> all = new HashMap<>();
        shared.forEach(all::put);
        return all;
    }

    @Override
    public void close() {
        if (shared != null) {
            shared.close();
        }
    }
}
