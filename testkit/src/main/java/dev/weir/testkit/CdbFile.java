package dev.weir.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Composes constant databases (cr.yp.to/cdb/cdb.txt). */
public final class CdbFile {
    private static final int HEAD = 2048;

    private record Slot(int hash, int position) {}

    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private final List<List<Slot>> tables = new ArrayList<>();

    public CdbFile() {
        for (int i = 0; i < 256; i++) {
            tables.add(new ArrayList<>());
        }
    }

    /** Adds a record; of several with one key the first is found. */
    public CdbFile put(byte[] key, byte[] value) {
        int hash = 5381;
        for (byte octet : key) {
            hash = (hash << 5) + hash ^ octet & 0xff;
        }
        tables.get(hash & 0xff).add(new Slot(hash, HEAD + records.size()));
        number(records, key.length);
        number(records, value.length);
        records.writeBytes(key);
        records.writeBytes(value);
        return this;
    }

    private static void number(ByteArrayOutputStream out, int value) {
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    /** The file's octets. */
    public byte[] compose() {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        ByteArrayOutputStream tail = new ByteArrayOutputStream();
        for (List<Slot> table : tables) {
            int length = 2 * table.size();
            number(head, HEAD + records.size() + tail.size());
            number(head, length);
            Slot[] slots = new Slot[length];
            for (Slot slot : table) {
                int at = Integer.remainderUnsigned(slot.hash >>> 8, length);
                while (slots[at] != null) {
                    at = (at + 1) % length;
                }
                slots[at] = slot;
            }
            for (Slot slot : slots) {
                number(tail, slot == null ? 0 : slot.hash);
                number(tail, slot == null ? 0 : slot.position);
            }
        }
        head.writeBytes(records.toByteArray());
        head.writeBytes(tail.toByteArray());
        return head.toByteArray();
    }
}
