package dev.weir.script.object;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.action.Answering;
import dev.weir.engine.model.Setting;
import dev.weir.engine.model.WalkSettings;
import dev.weir.engine.query.Query;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Mistake;
import dev.weir.script.lang.ToLua;
import dev.weir.wire.AnswerComposer;
import dev.weir.wire.ClientSubnetEditor;
import dev.weir.wire.Edns;
import dev.weir.wire.EdnsEditor;
import dev.weir.wire.Header;
import dev.weir.wire.MessageRewriter;
import dev.weir.wire.Name;
import dev.weir.wire.Octets;
import dev.weir.wire.ProxyHeader;
import dev.weir.wire.Question;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordType;
import dev.weir.wire.Records;
import dev.weir.wire.Soa;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What Lua functions do to messages. Belongs to the holder of the Lua lock. */
final class MessageEdits {
    private static final long DEFAULT_TTL = 60;
    private static final int LONGEST = Answering.LONGEST;

    /** Octets that dnsdist lets a datagram with trailing data have. */
    private static final int LARGEST_DATAGRAM = 4096;

    private final Context context;
    private final Edns edns = new Edns();
    private final EdnsEditor ednsEditor = new EdnsEditor();
    private final AnswerComposer composer = new AnswerComposer();
    private final MessageRewriter rewriter = new MessageRewriter();
    private final Records records = new Records();

    MessageEdits(Context context) {
        this.context = context;
    }

    // ---- looking

    LuaTable ednsOptions(Query query) {
        LuaTable table = new LuaTable();
        byte[] packet = query.packet();
        edns.parse(packet, query.length());
        if (!edns.present()) {
            return table;
        }
        int end = edns.optionsOffset() + edns.optionsLength();
        for (int at = edns.optionsOffset(); at + 4 <= end; ) {
            int code = Octets.u16(packet, at);
            int length = Octets.u16(packet, at + 2);
            if (at + 4 + length > end) {
                break;
            }
            EdnsOptionType.Values values = Args.objectOrNull(table.get(code), EdnsOptionType.Values.class);
            if (values == null) {
                values = new EdnsOptionType.Values();
                table.put(code, context.objects.ednsOption.wrap(values));
            }
            values.all().add(LuaString.of(packet, at + 4, length));
            at += 4 + length;
        }
        return table;
    }

    LuaTable proxyValues(Query query) {
        LuaTable table = new LuaTable();
        for (ProxyHeader.Tlv tlv : query.decided().proxyTlvs()) {
            table.put(tlv.type(), LuaString.of(tlv.value()));
        }
        return table;
    }

    LuaString trailingData(Query query) {
        int end = endOfRecords(query);
        return end < 0 ? LuaString.EMPTY : LuaString.of(query.packet().clone(), end, query.length() - end);
    }

    /** Where the last record ends, or a negative number if the message is broken. */
    private int endOfRecords(Query query) {
        int state = records.start(query.packet(), query.length());
        int end = state;
        while (state > 0) {
            state = records.next();
            end = state > 0 ? records.end() : end;
        }
        return state < 0 ? state : end;
    }

    // ---- changing

    void setProxyValues(Query query, Args args) {
        List<ProxyHeader.Tlv> tlvs = new ArrayList<>();
        LuaTable table = args.table(1, "values");
        for (FromLua.Entry entry : FromLua.entries(table)) {
            Args pair = new Args(args.function(), new Object[] {entry.key(), entry.value()}, 0);
            tlvs.add(new ProxyHeader.Tlv((int) pair.integer(1, "type", 0, 255), pair.octets(2, "value")));
        }
        query.decided().setProxyTlvs(tlvs);
    }

    /** Replaces the message; its id stays. */
    void setContent(Query query, byte[] data) {
        Answering.SpoofPacket.requireLength(data.length);
        if (data.length > query.packet().length) {
            throw new IllegalArgumentException("there is no message here, and no room for one");
        }
        int id = Header.id(query.packet());
        System.arraycopy(data, 0, query.packet(), 0, data.length);
        Header.setId(query.packet(), id);
        query.setLength(data.length);
    }

    /** Replaces what stands behind the records; false, and nothing is changed, if the message is broken or would become too long. */
    boolean setTrailingData(Query query, byte[] tail) {
        int end = endOfRecords(query);
        if (end < 0 || end + tail.length > (query.origin().overUdp() ? LARGEST_DATAGRAM : LONGEST)) {
            return false;
        }
        System.arraycopy(tail, 0, query.packet(), end, tail.length);
        query.setLength(end + tail.length);
        return true;
    }

    void setEdnsOption(Query query, int code, byte[] data) {
        byte[] packet = query.packet();
        int length = query.length();
        edns.parse(packet, length);
        if (!edns.present()) {
            length = ednsEditor.appendOpt(packet, length, ClientSubnetEditor.PAYLOAD_SIZE, 0, 0);
        }
        length = length < 0 ? length : ednsEditor.setOption(packet, length, code, data, 0, data.length);
        if (length < 0 || length > LONGEST) {
            throw new IllegalArgumentException("the message is broken, or too long for one more option");
        }
        query.setLength(length);
    }

    /**
     * Writes another name into the question of a query; false if the message has records whose names might point into it. Those of OPT and
     * TSIG never do.
     */
    boolean changeName(Query query, Name name) {
        byte[] packet = query.packet();
        int oldEnd = Question.OFFSET + query.nameLength();
        int newEnd = Question.OFFSET + name.wireLength();
        int length = query.length() + newEnd - oldEnd;
        if (Header.qdcount(packet) != 1
                || Header.ancount(packet) + Header.nscount(packet) > 0
                || length > Math.min(LONGEST, packet.length)) {
            return false;
        }
        query.rename(name);
        System.arraycopy(packet, oldEnd, packet, newEnd, query.length() - oldEnd);
        name.compose(packet, Question.OFFSET);
        query.setLength(length);
        return true;
    }

    /**
     * Gives an answer's question, and the records of that name, the name that the client asked for; false if the answer is broken or becomes too long. It is
     * not stored any more: in a cache it would stand under the name that the backend was asked for.
     */
    boolean restoreName(Query query, Name name) {
        int length = rewriter.rename(query.packet(), query.length(), name);
        if (length < 0) {
            return false;
        }
        query.setLength(length);
        if (!name.matches(query.nameBytes(), query.nameOffset(), query.nameLength())) {
            query.found().setCache(null);
        }
        query.rename(name);
        return true;
    }

    /** Calls the function with section, class, type and TTL of each record, which gets the TTL that it returns. */
    void editTtls(Query query, LuaFunction function) {
        byte[] packet = query.packet();
        int state = records.start(packet, query.length());
        while (state >= 0 && (state = records.next()) > 0) {
            if (records.type() == RecordType.OPT) {
                continue;
            }
            Object returned = context.state.call(
                    function,
                    ToLua.of(records.section()),
                    ToLua.of(records.recordClass()),
                    ToLua.of(records.type()),
                    ToLua.of((double) records.ttl()));
            Args result = new Args("editTTLs", Values.all(returned), 0);
            Octets.putU32(packet, records.ttlOffset(), result.integer(1, "ttl", 0, 0xffff_ffffL));
        }
    }

    // ---- answering

    void spoof(Query query, Args args) {
        int typeForAny = args.integerOr(2, "typeForAny", -1);
        long ttl = args.has(3) ? args.integer(3, "ttl", 0, 0xffff_ffffL) : DEFAULT_TTL;
        List<@Nullable Object> values = Args.oneOrMore(args.at(1));
        if (values.stream().noneMatch(value -> suits(value, query.type()))) {
            return; // as in dnsdist, addresses that do not answer the question leave the query as it is
        }
        answer(query, Rcode.NOERROR, c -> {
            for (@Nullable Object value : values) {
                Endpoint address = Args.objectOrNull(value, Endpoint.class);
                if (address != null) {
                    addAddress(address.ip(), query.type(), ttl);
                } else {
                    int type = query.type() == RecordType.ANY && typeForAny >= 0 ? typeForAny : query.type();
                    byte[] data = octets(value);
                    c.addAnswer(type, ttl, data, 0, data.length);
                }
            }
        });
    }

    private static byte[] octets(@Nullable Object value) {
        LuaString string = FromLua.string(value);
        if (string == null) {
            throw new Mistake("spoof: RDATA is a string, not a " + FromLua.typeName(value));
        }
        return string.toByteArray();
    }

    /** Whether a value can be part of the answer: an address of the family asked for, or RDATA, which always can. */
    private static boolean suits(@Nullable Object value, int type) {
        Endpoint address = Args.objectOrNull(value, Endpoint.class);
        return address == null
                || type == RecordType.ANY
                || type == (address.ip().isV4() ? RecordType.A : RecordType.AAAA);
    }

    private void addAddress(IpAddress ip, int type, long ttl) {
        if (ip.isV4() && type != RecordType.AAAA) {
            composer.addA((int) ip.lo(), ttl);
        } else if (ip.isV6() && type != RecordType.A) {
            composer.addAaaa(ip.hi(), ip.lo(), ttl);
        }
    }

    boolean negativeAndSoa(Query query, Args args) {
        boolean nxdomain = args.bool(1, "nxd");
        Name zone = NameType.name(args, 2, "zone");
        long ttl = args.integer(3, "ttl", 0, 0xffff_ffffL);
        Soa soa = SoaArguments.read(args, 4);
        return answer(query, nxdomain ? Rcode.NXDOMAIN : Rcode.NOERROR, c -> {
            c.addSoa(Records.ADDITIONAL, zone, ttl, soa);
        });
    }

    private boolean answer(Query query, int rcode, Consumer<AnswerComposer> records) {
        if (composer.start(query.packet(), query.length()) < 0) {
            return false;
        }
        composer.rcode(rcode);
        records.accept(composer);
        WalkSettings settings = context.model.engine().snapshot().settings();
        int length = composer.finish(
                query.hasEdns() && settings.on(Setting.ADD_EDNS_TO_SELF_GENERATED_RESPONSES),
                settings.number(Setting.PAYLOAD_SIZE_ON_SELF_GENERATED_ANSWERS));
        if (length < 0 || length > LONGEST) {
            throw new IllegalArgumentException("the answer does not fit a message");
        }
        query.setLength(length);
        return true;
    }
}
