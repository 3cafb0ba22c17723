package dev.weir.store;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.store.KeyValueStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A constant database. Its writers put a new file into the place of the old one, which is noticed by the first look-up after the time
 * that the operator gave; the others go on with the old one meanwhile.
 *
 * <pre>
 *   256 × { u32 position; u32 slots }   a table for each low octet of a hash
 *   { u32 keyLength; u32 dataLength; key; data } ...
 *   tables: slots × { u32 hash; u32 position of the record, 0: empty }
 * </pre>
 *
 * <p>All numbers are little-endian. A key's hash begins with 5381 and becomes {@code hash * 33 ^ octet}; its search begins at slot
 * {@code hash / 256 % slots} and ends at an empty one.
 *
 * @see <a href="https://cr.yp.to/cdb/cdb.txt">A structure for constant databases</a>
 */
final class CdbStore implements KeyValueStore {
    private static final int TABLES = 256;
    private static final int PAIR = 8;
    private static final LogLimit COMPLAINTS = new LogLimit(60);

    private final Path path;
    private final long refreshNanos;
    private final LongSupplier nanos;
    private final AtomicLong nextLook;
    private volatile @Nullable MappedFile file;

    CdbStore(Path path, int refreshSeconds, LongSupplier nanos) {
        this.path = path;
        this.refreshNanos = TimeUnit.SECONDS.toNanos(refreshSeconds);
        this.nanos = nanos;
        this.nextLook = new AtomicLong(nanos.getAsLong() + refreshNanos);
        reload();
    }

    @Override
    public byte @Nullable [] lookup(byte[] key) {
        refresh();
        MappedFile now = file;
        try {
            return now == null ? null : find(now, key);
        } catch (IndexOutOfBoundsException | InternalError broken) {
            complain("the file is broken");
            return null;
        }
    }

    /** A hash has no order. */
    @Override
    public byte @Nullable [] lookupRange(byte[] key) {
        return null;
    }

    private static byte @Nullable [] find(MappedFile file, byte[] key) {
        int hash = hash(key);
        long head = (long) (hash & TABLES - 1) * PAIR;
        long table = file.u32(head);
        long slots = file.u32(head + 4);
        long first = slots == 0 ? 0 : (Integer.toUnsignedLong(hash) >>> 8) % slots;
        for (long i = 0; i < slots; i++) {
            long slot = table + (first + i) % slots * PAIR;
            long record = file.u32(slot + 4);
            if (record == 0) {
                return null;
            }
            if ((int) file.u32(slot) == hash
                    && file.u32(record) == key.length
                    && file.compare(record + PAIR, key.length, key) == 0) {
                return file.copy(record + PAIR + key.length, file.u32(record + 4));
            }
        }
        return null;
    }

    static int hash(byte[] key) {
        int hash = 5381;
        for (byte octet : key) {
            hash = hash * 33 ^ octet & 0xff;
        }
        return hash;
    }

    private void refresh() {
        long due = nextLook.get();
        long now = nanos.getAsLong();
        if (refreshNanos == 0 || now - due < 0 || !nextLook.compareAndSet(due, now + refreshNanos)) {
            return;
        }
        try {
            MappedFile.Stamp there = MappedFile.Stamp.of(path);
            MappedFile known = file;
            if (known == null || !there.equals(known.stamp())) {
                reload();
            }
        } catch (IOException e) {
            complain(e.toString());
        }
    }

    @Override
    public boolean reload() {
        try {
            MappedFile fresh = MappedFile.open(path);
            if (fresh.size() < TABLES * PAIR) {
                complain("it is too short");
                return false;
            }
            file = fresh;
            return true;
        } catch (IOException e) {
            complain(e.toString());
            return false;
        }
    }

    private void complain(String why) {
        if (COMPLAINTS.admit(System.nanoTime()) > 0) {
            Log.error("Unable to read a key-value store", "rules", "path", path, "error", why);
        }
    }
}
