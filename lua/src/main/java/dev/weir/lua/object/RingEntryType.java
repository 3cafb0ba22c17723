package dev.weir.lua.object;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.ring.RingCursor;
import dev.weir.engine.ring.RingWriter;
import dev.weir.lua.lang.Args;
import dev.weir.lua.lang.LuaObject;
import dev.weir.lua.lang.ObjectType;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import java.time.Instant;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** LuaRingEntry: a query or a response of the rings. */
public final class RingEntryType extends ObjectType<RingEntryType.Entry> {
    private final ObjectTypes objects;

    /** A copy of what a cursor stood on. */
    public record Entry(
            boolean response,
            Instant when,
            Endpoint requestor,
            Endpoint backend,
            Name name,
            int type,
            int size,
            int id,
            int flags,
            long micros,
            String protocol) {

        /**
         * @param now the moment of {@code nowNanos}
         * @param nowNanos {@link System#nanoTime}
         */
        public static Entry of(RingCursor entry, Instant now, long nowNanos) {
            Endpoint backend = entry.backend();
            return new Entry(
                    entry.isResponse(),
                    now.minusNanos(nowNanos - entry.nanos()),
                    entry.client().toEndpoint(),
                    backend == null ? RingWriter.NO_BACKEND : backend,
                    entry.name(),
                    entry.type(),
                    entry.size(),
                    entry.id(),
                    entry.flags(),
                    entry.latencyMicros(),
                    entry.protocol().shortName());
        }
    }

    RingEntryType(ObjectTypes objects) {
        super(
                "LuaRingEntry",
                Entry.class,
                "",
                "backend dnsheader isResponse macAddress protocol qname qtype requestor size usec when");
        this.objects = objects;
    }

    @Override
    protected Varargs call(Entry self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected LuaValue get(Entry self, String attribute) {
        return switch (attribute) {
            case "backend" -> objects.address.wrap(self.backend);
            case "dnsheader" -> header(self);
            case "isResponse" -> LuaValue.valueOf(self.response);
            case "macAddress" -> LuaValue.EMPTYSTRING;
            case "protocol" -> LuaValue.valueOf(self.protocol);
            case "qname" -> objects.name.wrap(self.name);
            case "qtype" -> LuaValue.valueOf(self.type);
            case "requestor" -> objects.address.wrap(self.requestor);
            case "size" -> LuaValue.valueOf(self.size);
            case "usec" -> LuaValue.valueOf((double) self.micros);
            case "when" -> objects.time.wrap(self.when);
            default -> throw unknown(attribute);
        };
    }

    private LuaValue header(Entry self) {
        byte[] octets = new byte[Header.LENGTH];
        Header.setId(octets, self.id);
        Header.setFlags(octets, self.flags);
        return objects.header.wrap(new HeaderType.Head(octets));
    }
}
