package dev.weir.lua.function;

import dev.weir.engine.Query;
import dev.weir.engine.action.QueryLog;
import dev.weir.engine.log.Log;
import dev.weir.lua.lang.Args;
import dev.weir.wire.Header;
import dev.weir.wire.Octets;
import dev.weir.wire.RecordType;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where {@code LogAction} and {@code LogResponseAction} write. Without a file that is our own log, at info or with {@code verboseOnly} at
 * debug level. Any thread; writers of one file wait for each other.
 *
 * <p>A binary record is the question as Lua's manual of LogAction has it: the name in wire form, then type, id, client family, address and
 * port, each in network order.
 */
final class QueryLogFile implements QueryLog {
    /** @param file empty: our own log */
    record Spec(
            String file,
            boolean binary,
            boolean append,
            boolean buffered,
            boolean verboseOnly,
            boolean includeTimestamp) {

        static Spec ofQueries(Args args) {
            return new Spec(
                    args.stringOr(1, "filename", ""),
                    args.boolOr(2, "binary", true),
                    args.boolOr(3, "append", false),
                    args.boolOr(4, "buffered", false),
                    args.boolOr(5, "verboseOnly", true),
                    args.boolOr(6, "includeTimestamp", false));
        }

        static Spec ofResponses(Args args) {
            return new Spec(
                    args.stringOr(1, "filename", ""),
                    false,
                    args.boolOr(2, "append", false),
                    args.boolOr(3, "buffered", false),
                    args.boolOr(4, "verboseOnly", true),
                    args.boolOr(5, "includeTimestamp", false));
        }
    }

    private final Spec spec;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable OutputStream out;
    private boolean failed;

    /** @throws IllegalArgumentException if the file can't be opened */
    QueryLogFile(Spec spec) {
        this.spec = spec;
        if (!spec.file.isEmpty()) {
            try {
                out = open(spec.append);
            } catch (IOException e) {
                throw new IllegalArgumentException("can't open '" + spec.file + "': " + e.getMessage(), e);
            }
        }
    }

    private OutputStream open(boolean append) throws IOException {
        OutputStream file = new FileOutputStream(spec.file, append);
        return spec.buffered ? new BufferedOutputStream(file, 1 << 16) : file;
    }

    @Override
    public void query(Query query) {
        if (spec.file.isEmpty()) {
            if (!spec.verboseOnly || Log.verbose()) {
                say("Packet from client", query, "rd", Header.has(query.packet(), Header.RD));
            }
        } else if (spec.binary) {
            write(binary(query));
        } else {
            write(line(query, "").getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void response(Query query) {
        int rcode = Header.rcode(query.packet());
        if (!spec.file.isEmpty()) {
            write(line(query, " with rcode " + rcode).getBytes(StandardCharsets.UTF_8));
        } else if (!spec.verboseOnly || Log.verbose()) {
            say("Answer to client", query, "rcode", rcode);
        }
    }

    private void say(String what, Query query, String key, Object value) {
        String type = RecordType.toString(query.type());
        if (spec.verboseOnly) {
            Log.debug(what, "rules", "client.address", query.client(), "query.name", query.name(), key, value);
        } else {
            Log.info(
                    what,
                    "rules",
                    "client.address",
                    query.client(),
                    "query.name",
                    query.name(),
                    "query.type",
                    type,
                    key,
                    value);
        }
    }

    private String line(Query query, String more) {
        String time = "";
        if (spec.includeTimestamp) {
            Instant now = Instant.now();
            time = "[" + now.getEpochSecond() + "." + String.format(java.util.Locale.ROOT, "%09d", now.getNano())
                    + "] ";
        }
        return time + (more.isEmpty() ? "Packet from " : "Answer to ") + query.client() + " for " + query.name() + " "
                + RecordType.toString(query.type()) + more + " with id " + query.id() + "\n";
    }

    private byte[] binary(Query query) {
        byte[] address = query.client().ip().octets();
        int at = spec.includeTimestamp ? 12 : 0;
        byte[] record = new byte[at + query.nameLength() + 2 + 2 + 2 + address.length + 2];
        if (spec.includeTimestamp) {
            Instant now = Instant.now();
            Octets.putU64(record, 0, now.getEpochSecond());
            Octets.putU32(record, 8, now.getNano());
        }
        Octets.putU16(record, at, query.id());
        at += 2;
        System.arraycopy(query.nameBytes(), query.nameOffset(), record, at, query.nameLength());
        at += query.nameLength();
        Octets.putU16(record, at, query.type());
        Octets.putU16(record, at + 2, query.client().family());
        System.arraycopy(address, 0, record, at + 4, address.length);
        Octets.putU16(record, at + 4 + address.length, query.client().port());
        return record;
    }

    private void write(byte[] record) {
        lock.lock();
        try {
            if (out != null) {
                out.write(record);
            }
        } catch (IOException e) {
            if (!failed) {
                failed = true;
                Log.error("Unable to write to the query log", "rules", "path", spec.file, "error", e.getMessage());
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reload() {
        if (spec.file.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            OutputStream old = out;
            out = open(true);
            failed = false;
            if (old != null) {
                old.close();
            }
        } catch (IOException e) {
            Log.error("Unable to open the query log again", "rules", "path", spec.file, "error", e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String target() {
        return spec.file;
    }
}
