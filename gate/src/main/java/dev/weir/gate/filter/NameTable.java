package dev.weir.gate.filter;

import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.wire.Name;

/**
 * Names. Shared tables have the type in the key and an action; those of the older format one type per name, in the value, and drop. Any thread.
 *
 * <pre>{@code
 * shared  u64 hits; u8 action; 7 bytes of padding
 * older   u64 hits; u16 type; 6 bytes of padding
 * }</pre>
 */
final class NameTable implements AutoCloseable {
    private static final int VALUE = 16;

    private final Table names;
    private final boolean shared;
    private final int anyType;

    /** Sees an entry. */
    interface Visitor {
        void visit(Name name, int type, int action, long hits);
    }

    NameTable(Table names, FilterSpec spec) {
        this.names = names;
        this.shared = spec.external();
        this.anyType = spec.anyType();
    }

    Table.Outcome block(Name name, int type, MatchAction action) throws KernelException {
        int stored = Layout.writeType(type, anyType);
        byte[] value = new byte[VALUE];
        if (shared) {
            value[Long.BYTES] = (byte) action.number();
            return names.add(Layout.typedName(name, stored), value);
        }
        Layout.read(value).putShort(Long.BYTES, (short) stored);
        return names.add(Layout.plainName(name), value);
    }

    /** Returns whether there was one; the older format has only one, whatever its type. */
    boolean unblock(Name name, int type) throws KernelException {
        return names.remove(shared ? Layout.typedName(name, Layout.writeType(type, anyType)) : Layout.plainName(name));
    }

    void forEach(Visitor visitor) throws KernelException {
        names.forEach((key, value) -> {
            long hits = Layout.read(value).getLong();
            int stored = shared ? Layout.typeOfName(key) : Layout.read(value).getShort(Long.BYTES) & 0xffff;
            int action = shared ? value[Long.BYTES] & 0xff : MatchAction.DROP.number();
            visitor.visit(Layout.name(key), Layout.readType(stored, anyType), action, hits);
        });
    }

    @Override
    public void close() {
        names.close();
    }
}
