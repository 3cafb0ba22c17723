package dev.weir.script.ffi;

import dev.weir.engine.acl.Peer;
import dev.weir.engine.model.Setting;
import dev.weir.engine.query.HttpRequest;
import dev.weir.engine.query.Query;
import dev.weir.lua.ffi.CArray;
import dev.weir.lua.ffi.CPointer;
import dev.weir.lua.ffi.FfiLibrary;
import dev.weir.lua.ffi.ForeignArguments;
import dev.weir.wire.Edns;
import dev.weir.wire.Header;
import dev.weir.wire.Octets;
import dev.weir.wire.ProxyHeader;
import dev.weir.wire.Records;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Looking at a query: {@code dnsdist_ffi_dnsquestion_get_...}. */
final class FfiQuestion extends FfiGroup {
    private static final int OPTION_OCTETS = 16;
    private static final int PAIR_OCTETS = 16;

    private final Edns edns = new Edns();
    private final Records records = new Records();

    FfiQuestion(FfiLibrary library, FfiEnvironment environment) {
        super(library, environment);
        addresses();
        message();
        decisions();
        lists();
        web();
    }

    private void addresses() {
        onQuestion(
                "dnsquestion_get_localaddr",
                (dq, at) -> address(at, dq.query().origin().destination(), 128));
        onQuestion(
                "dnsquestion_get_local_port",
                (dq, at) -> dq.query().origin().destination().port());
        onQuestion(
                "dnsquestion_get_remoteaddr",
                (dq, at) -> address(at, dq.query().origin().client(), 128));
        onQuestion(
                "dnsquestion_get_masked_remoteaddr",
                (dq, at) -> address(at, dq.query().origin().client(), (int) at.integer(3)));
        onQuestion(
                "dnsquestion_get_remote_port",
                (dq, at) -> dq.query().origin().client().port());
        onQuestion(
                "dnsquestion_is_remote_v6",
                (dq, at) -> dq.query().origin().client().family() == 6);
        onQuestion(
                "dnsquestion_get_incoming_interface",
                (dq, at) -> string(dq.query().origin().frontend().networkInterface()));
        onQuestion("dnsquestion_get_mac_addr", (dq, at) -> {
            byte[] known = environment
                    .host()
                    .linkAddresses()
                    .of(dq.query().origin().client().ip());
            if (known == null || known.length > at.integer(2)) {
                return 0;
            }
            at.storeOctets(1, known);
            return known.length;
        });
    }

    private static Object address(ForeignArguments at, Peer peer, int bits) {
        give(at, 1, 2, peer.ip().truncate(Math.min(bits, peer.ip().bits())).octets());
        return 0;
    }

    private void message() {
        onQuestion("dnsquestion_get_qname_raw", (dq, at) -> {
            Query query = dq.query();
            give(
                    at,
                    1,
                    2,
                    Arrays.copyOfRange(query.nameBytes(), query.nameOffset(), query.nameOffset() + query.nameLength()));
            return null;
        });
        onQuestion(
                "dnsquestion_get_qname_hash",
                (dq, at) -> Integer.toUnsignedLong(dq.query().nameKey().spreadingHash((int) at.integer(1))));
        onQuestion("dnsquestion_get_qtype", (dq, at) -> dq.query().type());
        onQuestion("dnsquestion_get_qclass", (dq, at) -> dq.query().recordClass());
        onQuestion("dnsquestion_get_id", (dq, at) -> Header.id(dq.query().packet()));
        onQuestion("dnsquestion_get_rcode", (dq, at) -> Header.rcode(dq.query().packet()));
        onQuestion(
                "dnsquestion_get_opcode", (dq, at) -> Header.opcode(dq.query().packet()));
        onQuestion("dnsquestion_get_header", (dq, at) -> dq.header());
        onQuestion("dnsquestion_get_header_copy", (dq, at) -> {
            if (at.integer(2) < Header.LENGTH) {
                return false;
            }
            at.storeOctets(1, Arrays.copyOf(dq.query().packet(), Header.LENGTH));
            return true;
        });
        onQuestion(
                "dnsquestion_get_data", (dq, at) -> CPointer.toOctets(dq.query().packetCopy()));
        onQuestion("dnsquestion_get_len", (dq, at) -> dq.query().length());
        onQuestion("dnsquestion_get_size", (dq, at) -> dq.query().length());
        onQuestion("dnsquestion_get_do", (dq, at) -> dq.query().dnssecOk());
        onQuestion("dnsquestion_get_edns_version", (dq, at) -> edns(dq) ? edns.version() : 0);
        onQuestion("dnsquestion_get_edns_extended_rcode", (dq, at) -> edns(dq) ? edns.extendedRcode() : 0);
        onQuestion("dnsquestion_get_tcp", (dq, at) -> !dq.query().origin().overUdp());
        onQuestion(
                "dnsquestion_get_protocol",
                (dq, at) -> dq.query().origin().protocol().ordinal());
        onQuestion(
                "dnsquestion_get_elapsed_us",
                (dq, at) -> (System.nanoTime() - dq.query().origin().receivedNanos()) / 1000);
        onQuestion("dnsquestion_get_trailing_data", (dq, at) -> {
            Query query = dq.query();
            int end = endOfRecords(query);
            if (end < 0 || end == query.length()) {
                return 0;
            }
            at.storePointer(1, CPointer.toCopy(Arrays.copyOfRange(query.packet(), end, query.length())));
            return query.length() - end;
        });
    }

    private boolean edns(QuestionHandle dq) {
        Query query = dq.query();
        edns.parse(query.packet(), query.length());
        return edns.present();
    }

    private int endOfRecords(Query query) {
        int state = records.start(query.packet(), query.length());
        int end = state;
        while (state > 0 && (state = records.next()) > 0) {
            end = records.end();
        }
        return state < 0 ? state : end;
    }

    private void decisions() {
        onQuestion(
                "dnsquestion_get_skip_cache", (dq, at) -> dq.query().decided().skipCache());
        onQuestion("dnsquestion_get_use_ecs", (dq, at) -> dq.query().decided().useEcs());
        onQuestion(
                "dnsquestion_get_ecs_override", (dq, at) -> dq.query().decided().ecsOverride());
        onQuestion("dnsquestion_get_ecs_prefix_length", (dq, at) -> {
            Query query = dq.query();
            int bits = query.decided().ecsPrefixLength();
            var settings = environment.engine().snapshot().settings();
            return bits >= 0
                    ? bits
                    : query.origin().client().family() == 4
                            ? settings.number(Setting.ECS_SOURCE_PREFIX_V4)
                            : settings.number(Setting.ECS_SOURCE_PREFIX_V6);
        });
        onQuestion(
                "dnsquestion_is_temp_failure_ttl_set",
                (dq, at) -> dq.query().decided().tempFailureTtl() >= 0);
        onQuestion(
                "dnsquestion_get_temp_failure_ttl",
                (dq, at) -> Math.max(0, dq.query().decided().tempFailureTtl()));
        onQuestion("dnsquestion_get_tag", (dq, at) -> {
            String value = dq.query().decided().tag(text(at, 1));
            return value == null ? null : string(value);
        });
        onQuestion("dnsquestion_get_tag_raw", (dq, at) -> {
            String value = dq.query().decided().tag(text(at, 1));
            if (value == null) {
                return 0;
            }
            byte[] octets = value.getBytes(StandardCharsets.ISO_8859_1);
            if (octets.length > at.integer(3)) {
                return 0;
            }
            at.storeOctets(2, octets);
            return octets.length;
        });
    }

    private void lists() {
        onQuestion(
                "dnsquestion_get_tag_array",
                (dq, at) -> storePairs(at, dq.query().decided().tags()));
        onQuestion("dnsquestion_get_edns_options", (dq, at) -> {
            List<byte[]> options = edns(dq) ? options(dq.query().packet()) : List.of();
            CArray array = CArray.of(library, options.size() * OPTION_OCTETS);
            long place = 0;
            for (byte[] option : options) {
                array.storeInteger(place, 2, Octets.u16(option, 0));
                array.storeInteger(place + 2, 2, option.length - 4);
                array.storePointer(place + 8, CPointer.toCopy(Arrays.copyOfRange(option, 4, option.length)));
                place += OPTION_OCTETS;
            }
            at.storePointer(1, options.isEmpty() ? CPointer.NULL : array.pointer());
            return options.size();
        });
        onQuestion("dnsquestion_get_proxy_protocol_values", (dq, at) -> {
            List<ProxyHeader.Tlv> tlvs = dq.query().decided().proxyTlvs();
            CArray array = CArray.of(library, tlvs.size() * PAIR_OCTETS);
            long place = 0;
            for (ProxyHeader.Tlv tlv : tlvs) {
                array.storePointer(place, CPointer.toCopy(tlv.value()));
                array.storeInteger(place + 8, 2, tlv.value().length);
                array.storeInteger(place + 10, 1, tlv.type());
                place += PAIR_OCTETS;
            }
            at.storePointer(1, tlvs.isEmpty() ? CPointer.NULL : array.pointer());
            return tlvs.size();
        });
    }

    /** Each with its code and length in front. */
    private List<byte[]> options(byte[] packet) {
        List<byte[]> found = new ArrayList<>();
        int end = edns.optionsOffset() + edns.optionsLength();
        for (int at = edns.optionsOffset(); at + 4 <= end; ) {
            int next = at + 4 + Octets.u16(packet, at + 2);
            if (next > end) {
                break;
            }
            found.add(Arrays.copyOfRange(packet, at, next));
            at = next;
        }
        return found;
    }

    /** Of queries over encrypted transports; empty for others. */
    private void web() {
        onQuestion("dnsquestion_get_sni", (dq, at) -> {
            give(at, 1, 2, dq.query().origin().serverName().getBytes(StandardCharsets.ISO_8859_1));
            return null;
        });
        ofRequest("http_path", HttpRequest::path);
        ofRequest("http_query_string", HttpRequest::queryString);
        ofRequest("http_host", HttpRequest::host);
        ofRequest("http_scheme", HttpRequest::scheme);
        onQuestion("dnsquestion_get_http_headers", (dq, at) -> {
            HttpRequest request = dq.query().origin().http();
            return storePairs(at, request == null ? Map.of() : request.headers());
        });
    }

    private void ofRequest(String name, Function<HttpRequest, String> part) {
        onQuestion("dnsquestion_get_" + name, (dq, at) -> {
            HttpRequest request = dq.query().origin().http();
            return string(request == null ? "" : part.apply(request));
        });
    }

    /** Gives pairs of texts through the pointer that is the second argument; returns how many. */
    private int storePairs(ForeignArguments at, Map<String, String> pairs) {
        CArray array = CArray.of(library, pairs.size() * PAIR_OCTETS);
        long place = 0;
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            array.storePointer(place, string(pair.getKey()));
            array.storePointer(place + 8, string(pair.getValue()));
            place += PAIR_OCTETS;
        }
        at.storePointer(1, pairs.isEmpty() ? CPointer.NULL : array.pointer());
        return pairs.size();
    }
}
