package dev.weir.net.udp;

import dev.weir.engine.acl.Peer;
import dev.weir.engine.query.Query;
import dev.weir.wire.ProxyHeader;
import java.util.List;

/** A query with the PROXY header in front of it that tells the backend who asks. Belongs to one thread. */
final class ProxyEnvelope {
    private static final byte[] NO_TLVS = {};

    private byte[] bytes = new byte[4096];
    private byte[] tlvs = NO_TLVS;

    /** What {@link #compose} wrote. */
    byte[] bytes() {
        return bytes;
    }

    /** Writes header and packet; returns their length, or a negative number if the TLVs are more than a header can hold. */
    int compose(Query query) {
        int tlvsLength = composeTlvs(query.decided().proxyTlvs());
        int needed = ProxyHeader.FIXED_LENGTH + 36 + tlvsLength + query.length();
        if (bytes.length < needed) {
            bytes = new byte[needed];
        }
        Peer client = query.origin().client();
        Peer destination = query.origin().destination();
        int end = ProxyHeader.compose(
                bytes,
                0,
                !query.origin().overUdp(),
                client.family() == 4 ? ProxyHeader.IPV4 : ProxyHeader.IPV6,
                client.hi(),
                client.lo(),
                client.port(),
                destination.hi(),
                destination.lo(),
                destination.port(),
                tlvs,
                tlvsLength);
        if (end < 0) {
            return end;
        }
        System.arraycopy(query.packet(), 0, bytes, end, query.length());
        return end + query.length();
    }

    private int composeTlvs(List<ProxyHeader.Tlv> list) {
        if (list.isEmpty()) {
            return 0;
        }
        int needed = 0;
        for (ProxyHeader.Tlv tlv : list) {
            needed += 3 + tlv.value().length;
        }
        if (tlvs.length < needed) {
            tlvs = new byte[needed];
        }
        int end = 0;
        for (ProxyHeader.Tlv tlv : list) {
            end = ProxyHeader.composeTlv(tlvs, end, tlv.type(), tlv.value());
        }
        return end;
    }
}
