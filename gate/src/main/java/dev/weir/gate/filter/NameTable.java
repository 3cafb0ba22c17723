package dev.weir.gate.filter;

import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.engine.log.Log;
import dev.weir.gate.table.NameKey;
import dev.weir.gate.table.PlainNameVerdict;
import dev.weir.gate.table.Verdict;
import dev.weir.wire.Name;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Names. Shared tables have the type in the key and an action; those of the older format one type per name, in the value, and drop. One of the
 * two is there. Any thread.
 */
record NameTable(
        @Nullable FilterTable<NameKey, Verdict> shared,
        @Nullable FilterTable<Name, PlainNameVerdict> older,
        int anyType)
        implements AutoCloseable {

    /** What dnsdist before 2.0 writes for every type. */
    private static final int OLDER_ANY = 255;

    private static final AtomicBoolean TOLD_OLDER = new AtomicBoolean();

    /** Sees an entry. */
    interface Visitor {
        void visit(Name name, int type, int action, long hits);
    }

    static NameTable of(SharedMap map, FilterSpec spec, PinLock lock) {
        return spec.external()
                ? new NameTable(
                        lock.guarding(new FilterTable<>(map, NameKey.CODEC, Verdict.CODEC, lock)), null, spec.anyType())
                : new NameTable(
                        null,
                        lock.guarding(new FilterTable<>(map, NameKey.PLAIN, PlainNameVerdict.CODEC, lock)),
                        spec.anyType());
    }

    FilterTable.Outcome block(Name name, int type, MatchAction action) throws KernelException {
        if (shared != null) {
            return shared.add(new NameKey(name, stored(type)), Verdict.of(action));
        }
        return older == null ? FilterTable.Outcome.ABSENT : older.add(name, new PlainNameVerdict(0, stored(type)));
    }

    /** Returns whether there was one; the older format has only one, whatever its type. */
    boolean unblock(Name name, int type) throws KernelException {
        if (shared != null) {
            return shared.remove(new NameKey(name, stored(type)))
                    || type == FilterSpec.ANY_TYPE
                            && anyType == FilterSpec.ANY_TYPE
                            && shared.remove(new NameKey(name, OLDER_ANY))
                            && tellOlder();
        }
        return older != null && older.remove(name);
    }

    void forEach(Visitor visitor) throws KernelException {
        if (shared != null) {
            shared.forEach(
                    (key, verdict) -> visitor.visit(key.name(), meant(key.type()), verdict.action(), verdict.hits()));
        }
        if (older != null) {
            older.forEach((name, verdict) ->
                    visitor.visit(name, meant(verdict.type()), MatchAction.DROP.number(), verdict.hits()));
        }
    }

    /** Shows the entry that a query for a name meets, if there is one. */
    void find(Name name, int type, Visitor visitor) throws KernelException {
        if (shared != null) {
            Verdict exact = shared.find(new NameKey(name, type));
            Verdict verdict = exact == null ? shared.find(new NameKey(name, anyType)) : exact;
            if (verdict != null) {
                visitor.visit(name, exact == null ? FilterSpec.ANY_TYPE : type, verdict.action(), verdict.hits());
            }
        }
        PlainNameVerdict plain = older == null ? null : older.find(name);
        if (plain != null && (plain.type() == type || plain.type() == anyType || plain.type() == FilterSpec.ANY_TYPE)) {
            visitor.visit(name, meant(plain.type()), MatchAction.DROP.number(), plain.hits());
        }
    }

    /** Of the writers of such a table one line is enough. */
    private static boolean tellOlder() {
        if (TOLD_OLDER.compareAndSet(false, true)) {
            Log.warning(
                    "A table of names has entries with type 255 for every type, as dnsdist before 2.0 writes them;"
                            + " for those say qtypeAny=255, or weir xdp attach --any-is-255",
                    "ebpf");
        }
        return true;
    }

    private int stored(int type) {
        return type == FilterSpec.ANY_TYPE ? anyType : type;
    }

    /** What a type in the table means; 65535 is any type in all of them. */
    private int meant(int stored) {
        return stored == anyType ? FilterSpec.ANY_TYPE : stored;
    }

    @Override
    public void close() {
        if (shared != null) {
            shared.close();
        }
        if (older != null) {
            older.close();
        }
    }
}
