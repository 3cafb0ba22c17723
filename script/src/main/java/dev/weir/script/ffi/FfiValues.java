package dev.weir.script.ffi;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.query.Query;
import dev.weir.lua.ffi.CArray;
import dev.weir.lua.ffi.CPointer;
import dev.weir.lua.ffi.FfiLibrary;
import dev.weir.lua.ffi.ForeignArguments;
import dev.weir.wire.AnswerComposer;
import dev.weir.wire.JenkinsHash;
import dev.weir.wire.Name;
import dev.weir.wire.ProxyHeader;
import dev.weir.wire.RecordType;
import dev.weir.wire.Records;
import dev.weir.wire.ServiceBinding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Values by themselves: service bindings, PROXY headers, hashes. */
final class FfiValues extends FfiGroup {
    private static final int POINTER_OCTETS = 8;
    private static final int MOST_BINDINGS = 1000;
    private static final int ADDRESSES = 36;

    private final AnswerComposer composer = new AnswerComposer();

    FfiValues(FfiLibrary library, FfiEnvironment environment) {
        super(library, environment);
        bindings();
        proxyHeaders();
        add("hash", at -> {
            byte[] data = at.octets(1, at.integer(2));
            int seed = (int) at.integer(0);
            int hash =
                    at.integer(3) != 0 ? JenkinsHash.of(data, 0, data.length, seed) : JenkinsHash.ofExact(data, seed);
            return Integer.toUnsignedLong(hash);
        });
    }

    // ---- service bindings

    private void bindings() {
        add("svc_record_parameters_new", at -> {
            try {
                ServiceBinding.Builder made = ServiceBinding.to((int) at.integer(1), Name.parse(text(at, 0)));
                if (at.integer(2) != 0) {
                    made.noDefaultAlpn();
                }
                at.storePointer(3, CPointer.toObject(made));
                return true;
            } catch (IllegalArgumentException noName) {
                return false;
            }
        });
        add("svc_record_parameters_free", at -> null);
        change("set_port", (made, at) -> made.port((int) at.integer(1)));
        change("set_ech", (made, at) -> made.ech(sized(at, 1)));
        change("set_additional_param", (made, at) -> made.parameter((int) at.integer(1), sized(at, 2)));
        change("add_mandatory_param", (made, at) -> made.mandatory((int) at.integer(1)));
        change("add_alpn", (made, at) -> made.alpn(sized(at, 1)));
        change("add_ipv4_hint", (made, at) -> made.hint(hint(at, 4)));
        change("add_ipv6_hint", (made, at) -> made.hint(hint(at, 16)));
        onQuestion("dnsquestion_generate_svc_response", (dq, at) -> {
            List<ServiceBinding> all = new ArrayList<>();
            CArray list = at.array(1);
            for (long i = 0; i < Math.min(MOST_BINDINGS, at.integer(2)); i++) {
                if (!(list.pointer(i * POINTER_OCTETS).object() instanceof ServiceBinding.Builder made)) {
                    return false;
                }
                all.add(made.build());
            }
            Query query = dq.query();
            long ttl = at.integer(3);
            FfiQuestionChanges.answer(composer, query, environment, c -> answer(c, query, all, ttl));
            return true;
        });
    }

    private interface Change {
        ServiceBinding.Builder of(ServiceBinding.Builder made, ForeignArguments at);
    }

    private void change(String name, Change change) {
        add("svc_record_parameters_" + name, at -> {
            change.of(target(at, 0, ServiceBinding.Builder.class), at);
            return null;
        });
    }

    private static byte[] hint(ForeignArguments at, int octets) {
        byte[] address = sized(at, 1);
        if (address.length != octets) {
            throw new IllegalArgumentException("an address has " + octets + " octets here, not " + address.length);
        }
        return address;
    }

    private static void answer(AnswerComposer composer, Query query, List<ServiceBinding> all, long ttl) {
        for (ServiceBinding each : all) {
            composer.addAnswer(query.type(), ttl, each.rdata(), 0, each.rdata().length);
        }
        for (ServiceBinding each : all) {
            Name owner = each.target().isRoot() ? query.name() : each.target();
            each.ipv4Hints().forEach(hint -> composer.addRecord(Records.ADDITIONAL, owner, RecordType.A, ttl, hint));
            each.ipv6Hints().forEach(hint -> composer.addRecord(Records.ADDITIONAL, owner, RecordType.AAAA, ttl, hint));
        }
    }

    // ---- PROXY headers

    private void proxyHeaders() {
        add("generate_proxy_protocol_payload", at -> {
            long octets = at.integer(0);
            IpAddress from = IpAddress.of(at.octets(1, octets));
            IpAddress to = IpAddress.of(at.octets(2, octets));
            Peer client = new Peer();
            client.set(from.family(), from.hi(), from.lo(), (int) at.integer(3), 0);
            Peer destination = new Peer();
            destination.set(to.family(), to.hi(), to.lo(), (int) at.integer(4), 0);
            return store(at, 8, header(client, destination, at.integer(5) != 0, FfiQuestionChanges.tlvs(at, 6)));
        });
        onQuestion("dnsquestion_generate_proxy_protocol_payload", (dq, at) -> {
            Query query = dq.query();
            byte[] header = header(
                    query.origin().client(),
                    query.origin().destination(),
                    !query.origin().overUdp(),
                    FfiQuestionChanges.tlvs(at, 1));
            return store(at, 3, header);
        });
    }

    /** Octets stored; 0 if there is no room. */
    private static int store(ForeignArguments at, int outIndex, byte[] header) {
        if (header.length > at.integer(outIndex + 1)) {
            return 0;
        }
        at.storeOctets(outIndex, header);
        return header.length;
    }

    private static byte[] header(Peer client, Peer destination, boolean tcp, List<ProxyHeader.Tlv> tlvs) {
        byte[] composed =
                new byte[tlvs.stream().mapToInt(tlv -> 3 + tlv.value().length).sum()];
        int composedLength = 0;
        for (ProxyHeader.Tlv tlv : tlvs) {
            composedLength = ProxyHeader.composeTlv(composed, composedLength, tlv.type(), tlv.value());
        }
        byte[] whole = new byte[ProxyHeader.FIXED_LENGTH + ADDRESSES + composedLength];
        int end = ProxyHeader.compose(
                whole,
                0,
                tcp,
                client.family() == 4 ? ProxyHeader.IPV4 : ProxyHeader.IPV6,
                client.hi(),
                client.lo(),
                client.port(),
                destination.hi(),
                destination.lo(),
                destination.port(),
                composed,
                composedLength);
        return end < 0 ? new byte[0] : Arrays.copyOf(whole, end);
    }
}
