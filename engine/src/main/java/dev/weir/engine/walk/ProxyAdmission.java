package dev.weir.engine.walk;

import dev.weir.engine.acl.Peer;
import dev.weir.engine.model.Setting;
import dev.weir.engine.model.WalkSettings;
import dev.weir.engine.query.Query;
import dev.weir.engine.stat.Counter;
import dev.weir.wire.ProxyHeader;

/** Takes the PROXY header off a datagram, and learns from it who really asks (PROXY protocol version 2). */
final class ProxyAdmission {
    private final Worker worker;
    private final ProxyHeader header = new ProxyHeader();

    ProxyAdmission(Worker worker) {
        this.worker = worker;
    }

    /** The header is mandatory: without a whole and valid one the query is dropped. */
    WalkVerdict strip(Query query) {
        WalkSettings settings = worker.snapshot().settings();
        int size = header.parse(query.packet(), 0, query.length());
        if (size <= 0 || size > settings.number(Setting.PROXY_MAXIMUM_PAYLOAD_SIZE)) {
            worker.stats().increment(Counter.PROXY_PROTOCOL_INVALID);
            return WalkVerdict.DROP;
        }
        learn(header, query);
        System.arraycopy(query.packet(), size, query.packet(), 0, query.length() - size);
        query.setLength(query.length() - size);
        if (settings.on(Setting.PROXY_APPLY_ACL_TO_PROXIED_CLIENTS)
                && !worker.snapshot().acl().match(query.origin().client())) {
            worker.stats().increment(Counter.ACL_DROPS);
            return WalkVerdict.DROP;
        }
        return WalkVerdict.CONTINUE;
    }

    /** LOCAL means that the proxy speaks for itself: the connection's own addresses stand. */
    private static void learn(ProxyHeader header, Query query) {
        if (!header.local()) {
            int family = header.family() == ProxyHeader.IPV4 ? 4 : 6;
            Peer client = query.origin().client();
            client.set(family, header.sourceHi(), header.sourceLo(), header.sourcePort(), 0);
            query.origin()
                    .destination()
                    .set(family, header.destinationHi(), header.destinationLo(), header.destinationPort(), 0);
        }
        query.decided().setProxyTlvs(header.tlvs(query.packet()));
    }
}
