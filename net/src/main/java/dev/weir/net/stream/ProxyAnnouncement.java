package dev.weir.net.stream;

import dev.weir.engine.acl.Peer;
import dev.weir.engine.query.Query;
import dev.weir.wire.ProxyHeader;
import java.util.Arrays;

/** Composes the PROXY header that tells a backend whose queries a connection carries. */
final class ProxyAnnouncement {
    /** Type and length before a TLV's value. */
    private static final int TLV_HEADER = 3;

    /** Two IPv6 addresses with ports. */
    private static final int LONGEST_ADDRESSES = 36;

    private static final long MAPPED_V4 = 0xffff_0000_0000L;

    private ProxyAnnouncement() {}

    /** The header; LOCAL if it cannot be composed, since a backend that waits for one must get one. */
    static byte[] compose(Query query) {
        int tlvsLength = 0;
        for (ProxyHeader.Tlv tlv : query.decided().proxyTlvs()) {
            tlvsLength += TLV_HEADER + tlv.value().length;
        }
        byte[] tlvs = new byte[tlvsLength];
        int end = 0;
        for (ProxyHeader.Tlv tlv : query.decided().proxyTlvs()) {
            end = end < 0 ? end : ProxyHeader.composeTlv(tlvs, end, tlv.type(), tlv.value());
        }
        byte[] header = new byte[ProxyHeader.FIXED_LENGTH + LONGEST_ADDRESSES + tlvsLength];
        Peer from = query.origin().client();
        Peer to = query.origin().destination();
        boolean v4 = from.family() == 4 && to.family() == 4;
        int length = end < 0
                ? end
                : ProxyHeader.compose(
                        header,
                        0,
                        !query.origin().overUdp(),
                        v4 ? ProxyHeader.IPV4 : ProxyHeader.IPV6,
                        from.hi(),
                        v4 ? from.lo() : lowOf(from),
                        from.port(),
                        to.hi(),
                        v4 ? to.lo() : lowOf(to),
                        to.port(),
                        tlvs,
                        end);
        return Arrays.copyOf(header, length > 0 ? length : ProxyHeader.composeLocal(header, 0));
    }

    /** A header has one family: an IPv4 address beside an IPv6 one goes as a mapped one (RFC 4291 section 2.5.5.2). */
    private static long lowOf(Peer peer) {
        return peer.family() == 4 ? MAPPED_V4 | peer.lo() : peer.lo();
    }
}
