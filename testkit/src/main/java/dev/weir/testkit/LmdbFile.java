package dev.weir.testkit;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes LMDB files with Debian's liblmdb0, which its dnsdist needs too. One thread. */
@SuppressWarnings("restricted") // for tests alone
public final class LmdbFile implements AutoCloseable {
    /** Several values for a key. */
    public static final int DUPLICATES = 4;

    private static final String LIBRARY = "liblmdb.so.0";
    private static final int CREATE = 0x40000;
    private static final int NO_SUBDIRECTORY = 0x4000;
    private static final int NO_SYNC = 0x10000;
    private static final long MAP_OCTETS = 1L << 28;
    private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;

    private final Arena arena = Arena.ofConfined();
    private final SymbolLookup library = SymbolLookup.libraryLookup(LIBRARY, arena);
    private final MemorySegment environment;

    /** Whether the library is there. */
    public static boolean canWrite() {
        try (Arena arena = Arena.ofConfined()) {
            return SymbolLookup.libraryLookup(LIBRARY, arena).find("mdb_put").isPresent();
        } catch (IllegalArgumentException absent) {
            return false;
        }
    }

    public LmdbFile(Path path) {
        MemorySegment holder = arena.allocate(ADDRESS);
        call("mdb_env_create", holder);
        environment = holder.get(ADDRESS, 0);
        call("mdb_env_set_maxdbs", environment, 100);
        call("mdb_env_set_mapsize", environment, MAP_OCTETS);
        int flags = (Files.isDirectory(path) ? 0 : NO_SUBDIRECTORY) | NO_SYNC;
        call("mdb_env_open", environment, arena.allocateFrom(path.toString()), flags, 0644);
    }

    /** What is done in one transaction. */
    @FunctionalInterface
    public interface Changes {
        void in(Transaction transaction);
    }

    /** Changes a named database in a transaction of its own. */
    public void change(String database, int flags, Changes changes) {
        MemorySegment holder = arena.allocate(ADDRESS);
        call("mdb_txn_begin", environment, MemorySegment.NULL, 0, holder);
        MemorySegment transaction = holder.get(ADDRESS, 0);
        MemorySegment handle = arena.allocate(ValueLayout.JAVA_INT);
        call("mdb_dbi_open", transaction, arena.allocateFrom(database), flags | CREATE, handle);
        changes.in(new Transaction(transaction, handle.get(ValueLayout.JAVA_INT, 0)));
        call("mdb_txn_commit", transaction);
    }

    /** A transaction that writes. */
    public final class Transaction {
        private final MemorySegment transaction;
        private final int database;

        private Transaction(MemorySegment transaction, int database) {
            this.transaction = transaction;
            this.database = database;
        }

        public void put(byte[] key, byte[] value) {
            try (Arena own = Arena.ofConfined()) {
                call("mdb_put", transaction, database, value(own, key), value(own, value), 0);
            }
        }

        public void delete(byte[] key) {
            try (Arena own = Arena.ofConfined()) {
                call("mdb_del", transaction, database, value(own, key), MemorySegment.NULL);
            }
        }
    }

    private static MemorySegment value(Arena arena, byte[] octets) {
        MemorySegment copy = arena.allocate(Math.max(1, octets.length));
        MemorySegment.copy(octets, 0, copy, ValueLayout.JAVA_BYTE, 0, octets.length);
        MemorySegment value = arena.allocate(16, 8);
        value.set(ValueLayout.JAVA_LONG, 0, octets.length);
        value.set(ADDRESS, 8, copy);
        return value;
    }

    private void call(String function, Object... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = switch (arguments[i]) {
                case Integer number -> ValueLayout.JAVA_INT;
                case Long number -> ValueLayout.JAVA_LONG;
                default -> ADDRESS;
            };
        }
        try {
            Object result = Linker.nativeLinker()
                    .downcallHandle(
                            library.find(function).orElseThrow(), FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts))
                    .invokeWithArguments(arguments);
            if (!Integer.valueOf(0).equals(result)) {
                throw new IllegalStateException(function + ": " + result);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            Linker.nativeLinker()
                    .downcallHandle(library.find("mdb_env_close").orElseThrow(), FunctionDescriptor.ofVoid(ADDRESS))
                    .invokeWithArguments(environment);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        arena.close();
    }
}
