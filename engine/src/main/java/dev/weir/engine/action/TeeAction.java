package dev.weir.engine.action;

import dev.weir.engine.acl.Peer;
import dev.weir.engine.export.QueryCopier;
import dev.weir.engine.export.QueryCopier.Count;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;
import dev.weir.wire.ProxyHeader;
import java.util.Arrays;
import java.util.List;

/**
 * Sends a copy of the query, as it is at this rule, to somebody else; queries that came over a stream are only counted.
 *
 * @param addSubnet whether the copy tells the client's subnet, as the settings for backends have it
 * @param addProxyHeader whether a PROXY header stands in front of the copy
 */
public record TeeAction(QueryCopier copier, boolean addSubnet, boolean addProxyHeader) implements Action {
    /** What a client subnet takes at the most, with an OPT of its own. */
    private static final int SUBNET_ROOM = 64;

    private static final int ADDRESSES = 36;

    @Override
    public Result perform(Query query, RuleContext context) {
        QueryCopier.Counts counts = copier.counts();
        if (!query.origin().overUdp()) {
            counts.of(Count.TCP_DROPS).increment(context.stats());
            return Result.NONE;
        }
        byte[] copy = Arrays.copyOf(query.packet(), query.length() + (addSubnet ? SUBNET_ROOM : 0));
        int length = query.length();
        if (addSubnet) {
            int longer = context.addSubnet(query, copy, length);
            length = longer > 0 ? longer : length;
        }
        counts.of(Count.QUERIES).increment(context.stats());
        if (addProxyHeader) {
            copy = proxied(query, copy, length);
            length = copy.length;
        }
        if (!copier.send(copy, length)) {
            counts.of(Count.SEND_ERRORS).increment(context.stats());
        }
        return Result.NONE;
    }

    private static byte[] proxied(Query query, byte[] message, int length) {
        List<ProxyHeader.Tlv> tlvs = query.decided().proxyTlvs();
        byte[] composed =
                new byte[tlvs.stream().mapToInt(tlv -> 3 + tlv.value().length).sum()];
        int composedLength = 0;
        for (ProxyHeader.Tlv tlv : tlvs) {
            composedLength = ProxyHeader.composeTlv(composed, composedLength, tlv.type(), tlv.value());
        }
        Peer client = query.origin().client();
        Peer destination = query.origin().destination();
        byte[] whole = new byte[ProxyHeader.FIXED_LENGTH + ADDRESSES + composedLength + length];
        int end = ProxyHeader.compose(
                whole,
                0,
                !query.origin().overUdp(),
                client.family() == 4 ? ProxyHeader.IPV4 : ProxyHeader.IPV6,
                client.hi(),
                client.lo(),
                client.port(),
                destination.hi(),
                destination.lo(),
                destination.port(),
                composed,
                composedLength);
        if (end < 0) {
            return Arrays.copyOf(message, length);
        }
        System.arraycopy(message, 0, whole, end, length);
        return Arrays.copyOf(whole, end + length);
    }

    @Override
    public String text() {
        return "tee to " + copier.remote();
    }
}
