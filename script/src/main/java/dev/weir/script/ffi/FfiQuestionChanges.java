package dev.weir.script.ffi;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.model.Setting;
import dev.weir.engine.model.WalkSettings;
import dev.weir.engine.query.HttpAnswer;
import dev.weir.engine.query.Query;
import dev.weir.lua.ffi.CArray;
import dev.weir.lua.ffi.FfiLibrary;
import dev.weir.lua.ffi.ForeignArguments;
import dev.weir.wire.AnswerComposer;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Names;
import dev.weir.wire.ProxyHeader;
import dev.weir.wire.Question;
import dev.weir.wire.RecordType;
import dev.weir.wire.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Changing a query, and answering it: {@code dnsdist_ffi_dnsquestion_set_...} and {@code ..._spoof_...}. */
final class FfiQuestionChanges extends FfiGroup {
    private static final int VALUE_OCTETS = 16;
    private static final int LARGEST_DATAGRAM = 4096;

    private final Records records = new Records();
    private final AnswerComposer composer = new AnswerComposer();

    FfiQuestionChanges(FfiLibrary library, FfiEnvironment environment) {
        super(library, environment);
        message();
        decisions();
        tags();
        errors();
        spoofing();
        proxy();
        web();
        silent();
    }

    private void message() {
        onQuestion("dnsquestion_set_header", (dq, at) -> {
            System.arraycopy(at.octets(1, Header.LENGTH), 0, dq.query().packet(), 0, Header.LENGTH);
            return true;
        });
        onQuestion("dnsquestion_set_rcode", (dq, at) -> {
            byte[] packet = dq.query().packet();
            Header.setRcode(packet, (int) at.integer(1) & Header.RCODE_MASK);
            Header.set(packet, Header.QR, true);
            return null;
        });
        onQuestion("dnsquestion_set_len", (dq, at) -> {
            resize(dq.query(), at.integer(1));
            return null;
        });
        onQuestion("dnsquestion_set_size", (dq, at) -> resize(dq.query(), at.integer(1)));
        onQuestion("dnsquestion_set_trailing_data", (dq, at) -> {
            Query query = dq.query();
            byte[] tail = sized(at, 1);
            int end = endOfRecords(query);
            int most = query.origin().overUdp() ? LARGEST_DATAGRAM : Answering.LONGEST;
            if (end < 0 || end + tail.length > most) {
                return false;
            }
            System.arraycopy(tail, 0, query.packet(), end, tail.length);
            query.setLength(end + tail.length);
            return true;
        });
        onQuestion("dnsquestion_set_restartable", (dq, at) -> {
            dq.query().setRestartable();
            return true;
        });
        onQuestion("dnsquestion_set_alternate_name", (dq, at) -> {
            Query query = dq.query();
            byte[] wire = sized(at, 1);
            String formerTag = sizedText(at, 7);
            String former = query.name().toString();
            if (Names.endOfPlain(wire, wire.length, 0) != wire.length
                    || !rename(query, Name.ofWire(wire, 0, wire.length))) {
                return false;
            }
            if (!sizedText(at, 3).isEmpty()) {
                query.decided().setTag(sizedText(at, 3), sizedText(at, 5));
            }
            if (!formerTag.isEmpty()) {
                query.decided().setTag(formerTag, former);
            }
            return true;
        });
    }

    /** What lies behind the old end is what the buffer holds there. */
    private static boolean resize(Query query, long length) {
        if (length < Header.LENGTH || length > Math.min(Answering.LONGEST, query.packet().length)) {
            return false;
        }
        query.setLength((int) length);
        return true;
    }

    private int endOfRecords(Query query) {
        int state = records.start(query.packet(), query.length());
        int end = state;
        while (state > 0 && (state = records.next()) > 0) {
            end = records.end();
        }
        return state < 0 ? state : end;
    }

    /** Another name for the question of a query; false if there are records whose names might point into it. */
    static boolean rename(Query query, Name name) {
        byte[] packet = query.packet();
        int oldEnd = Question.OFFSET + query.nameLength();
        int newEnd = Question.OFFSET + name.wireLength();
        int length = query.length() + newEnd - oldEnd;
        if (Header.qdcount(packet) != 1
                || Header.ancount(packet) + Header.nscount(packet) > 0
                || length > Math.min(Answering.LONGEST, packet.length)) {
            return false;
        }
        query.rename(name);
        System.arraycopy(packet, oldEnd, packet, newEnd, query.length() - oldEnd);
        name.compose(packet, Question.OFFSET);
        query.setLength(length);
        return true;
    }

    private void decisions() {
        onQuestion("dnsquestion_set_result", (dq, at) -> {
            dq.query().decided().setActionParameter(sizedText(at, 1));
            return null;
        });
        onQuestion("dnsquestion_set_skip_cache", (dq, at) -> {
            dq.query().decided().setSkipCache(at.integer(1) != 0);
            return null;
        });
        onQuestion("dnsquestion_set_use_ecs", (dq, at) -> {
            dq.query().decided().setUseEcs(at.integer(1) != 0);
            return null;
        });
        onQuestion("dnsquestion_set_ecs_override", (dq, at) -> {
            dq.query().decided().setEcsOverride(at.integer(1) != 0);
            return null;
        });
        onQuestion("dnsquestion_set_ecs_prefix_length", (dq, at) -> {
            dq.query().decided().setEcsPrefixLength((int) at.integer(1));
            return null;
        });
        onQuestion("dnsquestion_set_temp_failure_ttl", (dq, at) -> {
            dq.query().decided().setTempFailureTtl(at.integer(1));
            return null;
        });
        onQuestion("dnsquestion_unset_temp_failure_ttl", (dq, at) -> {
            dq.query().decided().setTempFailureTtl(-1);
            return null;
        });
        onQuestion("dnsquestion_set_max_returned_ttl", (dq, at) -> {
            dq.query().decided().setMaxReturnedTtl(at.integer(1));
            return null;
        });
    }

    private void tags() {
        onQuestion("dnsquestion_set_tag", (dq, at) -> {
            dq.query().decided().setTag(text(at, 1), text(at, 2));
            return null;
        });
        onQuestion("dnsquestion_unset_tag", (dq, at) -> {
            dq.query().decided().unsetTag(text(at, 1));
            return null;
        });
        onQuestion("dnsquestion_set_tag_raw", (dq, at) -> {
            dq.query().decided().setTag(text(at, 1), sizedText(at, 2));
            return null;
        });
    }

    private void errors() {
        onQuestion("dnsquestion_set_extended_dns_error", (dq, at) -> {
            dq.query().decided().addExtendedError((int) at.integer(1), sized(at, 2), true);
            return null;
        });
        onQuestion("dnsquestion_add_extended_dns_error", (dq, at) -> {
            dq.query().decided().addExtendedError((int) at.integer(1), sized(at, 2), false);
            return null;
        });
    }

    private void spoofing() {
        onQuestion("dnsquestion_spoof_packet", (dq, at) -> {
            byte[] packet = sized(at, 1);
            Answering.SpoofPacket.requireLength(packet.length);
            Query query = dq.query();
            int id = Header.id(query.packet());
            System.arraycopy(packet, 0, query.packet(), 0, packet.length);
            Header.setId(query.packet(), id);
            query.setLength(packet.length);
            return null;
        });
        onQuestion("dnsquestion_spoof_raw", (dq, at) -> {
            Query query = dq.query();
            List<byte[]> values = values(at);
            answer(
                    query,
                    c -> values.forEach(value ->
                            c.addAnswer(query.type(), AnswerFlags.DEFAULT.ttlSeconds(), value, 0, value.length)));
            return null;
        });
        onQuestion("dnsquestion_spoof_addrs", (dq, at) -> {
            Query query = dq.query();
            List<IpAddress> suitable = new ArrayList<>();
            for (byte[] value : values(at)) {
                IpAddress address = IpAddress.of(value);
                int type = address.isV4() ? RecordType.A : RecordType.AAAA;
                if (query.type() == RecordType.ANY || query.type() == type) {
                    suitable.add(address);
                }
            }
            if (!suitable.isEmpty()) {
                answer(query, c -> suitable.forEach(address -> add(c, address)));
            }
            return null;
        });
    }

    private static void add(AnswerComposer composer, IpAddress address) {
        long ttl = AnswerFlags.DEFAULT.ttlSeconds();
        if (address.isV4()) {
            composer.addA((int) address.lo(), ttl);
        } else {
            composer.addAaaa(address.hi(), address.lo(), ttl);
        }
    }

    private static List<byte[]> values(ForeignArguments at) {
        List<byte[]> values = new ArrayList<>();
        long count = at.integer(2);
        CArray array = count > 0 ? at.array(1) : null;
        for (long i = 0; array != null && i < count; i++) {
            long place = i * VALUE_OCTETS;
            values.add(array.octets(place, array.integer(place + 8, 2)));
        }
        return values;
    }

    private void answer(Query query, Consumer<AnswerComposer> records) {
        answer(composer, query, environment, records);
    }

    /** Turns the query into an answer of our own. */
    static void answer(
            AnswerComposer composer, Query query, FfiEnvironment environment, Consumer<AnswerComposer> records) {
        if (composer.start(query.packet(), query.length()) < 0) {
            throw new IllegalArgumentException("the query is malformed");
        }
        records.accept(composer);
        WalkSettings settings = environment.engine().snapshot().settings();
        int length = composer.finish(
                query.hasEdns() && settings.on(Setting.ADD_EDNS_TO_SELF_GENERATED_RESPONSES),
                settings.number(Setting.PAYLOAD_SIZE_ON_SELF_GENERATED_ANSWERS));
        if (length < 0) {
            throw new IllegalArgumentException("the answer does not fit a message");
        }
        query.setLength(length);
    }

    private void proxy() {
        onQuestion("dnsquestion_add_proxy_protocol_values", (dq, at) -> {
            for (ProxyHeader.Tlv tlv : tlvs(at, 1)) {
                dq.query().decided().addProxyTlv(tlv.type(), tlv.value());
            }
            return true;
        });
    }

    /** From the number of values at an index and a pointer to them behind it. */
    static List<ProxyHeader.Tlv> tlvs(ForeignArguments at, int index) {
        List<ProxyHeader.Tlv> tlvs = new ArrayList<>();
        long count = at.integer(index);
        CArray array = count > 0 ? at.array(index + 1) : null;
        for (long i = 0; array != null && i < count; i++) {
            long place = i * VALUE_OCTETS;
            tlvs.add(new ProxyHeader.Tlv(
                    (int) array.integer(place + 10, 1), array.octets(place, array.integer(place + 8, 2))));
        }
        return tlvs;
    }

    private void web() {
        onQuestion("dnsquestion_set_http_response", (dq, at) -> {
            Query query = dq.query();
            if (query.origin().http() != null) {
                query.decided().setHttpAnswer(new HttpAnswer((int) at.integer(1), sized(at, 2), text(at, 4)));
            }
            return null;
        });
    }

    /** What goes out by exporters that there are none of yet. */
    private void silent() {
        for (String name : List.of(
                "set_requestor_id",
                "set_device_id",
                "set_device_name",
                "send_trap",
                "meta_begin_key",
                "meta_add_str_value_to_key",
                "meta_add_int64_value_to_key",
                "meta_end_key")) {
            onQuestion("dnsquestion_" + name, (dq, at) -> dq.query() == null ? 0 : null);
        }
    }
}
