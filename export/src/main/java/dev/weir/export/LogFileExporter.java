package dev.weir.export;

import dev.weir.engine.export.ExportSpec;
import dev.weir.engine.export.Exporter;
import dev.weir.engine.log.FileTrouble;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogFormat;
import dev.weir.engine.log.WriteBehind;
import dev.weir.engine.query.Query;
import dev.weir.wire.Header;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordType;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where {@code LogAction} and {@code LogResponseAction} write. Without a file that is our own log, at info or with {@code verboseOnly} at
 * debug level. Any thread; a file has a thread of its own that writes, so that a disk or pipe that takes nothing costs records, not queries.
 *
 * <p>Lines and records are those of dnsdist 1.7.3, as seen on x86-64. Its records have no byte order of their own, they are what lies in
 * memory; ours are in the processor's order where its are, so that tools which read its logs read ours:
 *
 * <pre>
 *   seconds     8  processor's order      } with includeTimestamp
 *   nanoseconds 4  processor's order      }
 *   id          2  as in the message
 *   name        n  wire form
 *   type        2  processor's order
 *   family      2  processor's order, AF_INET 2 or AF_INET6 10
 *   address     4 or 16
 *   port        2  network order
 * </pre>
 */
final class LogFileExporter implements Exporter {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private static final int MOST_RECORDS = 100_000;
    private static final long MOST_BYTES = 4 << 20;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final long PATIENCE_MILLIS = 1_000;

    /** In the queue: close the file and open it again. */
    private static final byte[] REOPEN = {};

    /** In the queue: close the file. */
    private static final byte[] CLOSE = {};

    private final ExportSpec.LogFile spec;
    private final WriteBehind<byte[]> records =
            new WriteBehind<>("query-log", MOST_RECORDS, MOST_BYTES, record -> record.length, new FileWriter());
    private volatile boolean ending;

    // The writing thread's, once the file has been opened.
    private @Nullable FileOutputStream file;
    private @Nullable OutputStream out;
    private boolean failed;
    private boolean begun;

    /** @throws IllegalArgumentException if the file can't be opened */
    static LogFileExporter open(ExportSpec.LogFile spec) {
        return new LogFileExporter(spec);
    }

    private LogFileExporter(ExportSpec.LogFile spec) {
        this.spec = spec;
        if (!spec.file().isEmpty()) {
            try {
                open();
            } catch (IOException e) {
                throw new IllegalArgumentException("can't open '" + spec.file() + "': " + FileTrouble.of(e), e);
            }
        }
    }

    /** For what is added at its end: who only checks a configuration must not empty the file that a running one writes. */
    private void open() throws IOException {
        file = new FileOutputStream(spec.file(), true);
        out = new BufferedOutputStream(file, BUFFER_BYTES);
    }

    @Override
    public void query(Query query) {
        if (spec.file().isEmpty()) {
            if (speaks()) {
                say("Packet from client", "Packet from ", query, "");
            }
        } else {
            write(spec.binary() ? binary(query) : octets(line("Packet from ", query, "")));
        }
    }

    @Override
    public void response(Query query) {
        String outcome = " (" + describe(Header.rcode(query.packet())) + ")";
        if (!spec.file().isEmpty()) {
            write(octets(line("Answer to ", query, outcome)));
        } else if (speaks()) {
            say("Answer to client", "Answer to ", query, outcome);
        }
    }

    private boolean speaks() {
        return !spec.verboseOnly() || Log.verbose();
    }

    /** Structured lines have fields, plain ones are those of the file. */
    private void say(String what, String start, Query query, String outcome) {
        if (Log.settings().format() == LogFormat.PLAIN) {
            Log.info(line(start, query, outcome), "rules");
            return;
        }
        Log.info(
                what,
                "rules",
                "client.address",
                query.origin().client(),
                "query.name",
                query.name(),
                "query.type",
                RecordType.toString(query.type()),
                outcome.isEmpty() ? "rd" : "rcode",
                outcome.isEmpty() ? Header.has(query.packet(), Header.RD) : Header.rcode(query.packet()));
    }

    private String line(String start, Query query, String outcome) {
        String time = "";
        if (spec.includeTimestamp()) {
            Instant now = Instant.now();
            String nanos = Integer.toString(1_000_000_000 + now.getNano()).substring(1);
            time = "[" + now.getEpochSecond() + "." + nanos + "] ";
        }
        return time + start + query.origin().client() + " for " + query.name() + " " + RecordType.toString(query.type())
                + outcome + " with id " + (native16((short) query.id()) & 0xffff);
    }

    private static byte[] octets(String line) {
        return (line + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** dnsdist prints the id as the processor reads its two octets. */
    private static short native16(short value) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Short.reverseBytes(value) : value;
    }

    /** As dnsdist 1.7.3 prints response codes. */
    private static String describe(int rcode) {
        return switch (rcode) {
            case Rcode.NOERROR -> "No Error";
            case Rcode.FORMERR -> "Form Error";
            case Rcode.SERVFAIL -> "Server Failure";
            case Rcode.NXDOMAIN -> "Non-Existent domain";
            case Rcode.NOTIMP -> "Not Implemented";
            case Rcode.REFUSED -> "Query Refused";
            case Rcode.YXDOMAIN -> "Name Exists when it should not";
            case Rcode.YXRRSET -> "RR Set Exists when it should not";
            case Rcode.NXRRSET -> "RR Set that should exist does not";
            case Rcode.NOTAUTH -> "Server Not Authoritative for zone / Not Authorized";
            case Rcode.NOTZONE -> "Name not contained in zone";
            default -> "Err#" + rcode;
        };
    }

    private byte[] binary(Query query) {
        byte[] address = query.origin().client().ip().octets();
        int time = spec.includeTimestamp() ? 12 : 0;
        ByteBuffer record = ByteBuffer.allocate(time + query.nameLength() + 2 + 2 + 2 + address.length + 2)
                .order(ByteOrder.nativeOrder());
        if (spec.includeTimestamp()) {
            Instant now = Instant.now();
            record.putLong(now.getEpochSecond()).putInt(now.getNano());
        }
        record.putShort(native16((short) query.id()));
        record.put(query.nameBytes(), query.nameOffset(), query.nameLength());
        record.putShort((short) query.type());
        record.putShort((short) (address.length == 4 ? AF_INET : AF_INET6));
        record.put(address);
        record.putShort(native16((short) query.origin().client().port()));
        return record.array();
    }

    private void write(byte[] record) {
        var _ = records.offer(record);
    }

    /** The far end of the queue. */
    private final class FileWriter implements WriteBehind.Writer<byte[]> {
        @Override
        public void write(byte[] record) {
            try {
                if (record == CLOSE) {
                    close();
                } else if (record == REOPEN) {
                    reopen();
                } else if (out != null && file != null) {
                    if (!begun && !spec.append() && Files.isRegularFile(Path.of(spec.file()))) {
                        file.getChannel().truncate(0);
                    }
                    begun = true;
                    out.write(record);
                }
            } catch (IOException e) {
                complain("Unable to write to the query log", e);
            }
        }

        @Override
        public void idle() {
            try {
                if (out != null && (ending || !spec.buffered())) {
                    out.flush();
                }
            } catch (IOException e) {
                complain("Unable to write to the query log", e);
            }
        }

        @Override
        public void lost(long count) {
            Log.warning(
                    "Query log records are lost: they were not written in time",
                    "rules",
                    "path",
                    spec.file(),
                    "count",
                    count);
        }

        private void close() throws IOException {
            OutputStream old = out;
            out = null;
            if (old != null) {
                old.close();
            }
        }

        private void reopen() throws IOException {
            OutputStream old = out;
            try {
                open();
                failed = false;
            } catch (IOException e) {
                complain("Unable to open the query log again", e);
                return;
            }
            if (old != null) {
                old.close();
            }
        }

        private void complain(String what, IOException problem) {
            if (!failed) {
                failed = true;
                Log.error(what, "rules", "path", spec.file(), "error", problem);
            }
        }
    }

    @Override
    public void reload() {
        if (!spec.file().isEmpty() && !(records.offer(REOPEN) && records.await(PATIENCE_MILLIS))) {
            Log.warning(
                    "The query log is opened again later: records wait to be written", "rules", "path", spec.file());
        }
    }

    @Override
    public void end() {
        ending = true;
        if (!spec.file().isEmpty() && records.offer(REOPEN)) {
            var _ = records.await(PATIENCE_MILLIS);
        }
    }

    @Override
    public void close() {
        if (!spec.file().isEmpty() && !records.offer(CLOSE)) {
            Log.warning("The query log is not closed: its records can't be written", "rules", "path", spec.file());
        }
        records.close();
    }

    @Override
    public long lost() {
        return records.lost();
    }

    @Override
    public String target() {
        return spec.file();
    }
}
