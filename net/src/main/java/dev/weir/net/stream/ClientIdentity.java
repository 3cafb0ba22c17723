package dev.weir.net.stream;

import dev.weir.engine.acl.Peer;
import dev.weir.engine.query.Query;
import dev.weir.wire.ProxyHeader;
import java.util.List;

/** Who is at the other end of a client's connection: its own addresses, or those that a PROXY header announces for all its queries. */
final class ClientIdentity {
    private final Peer peer;
    private final Peer local;
    private Peer client;
    private Peer destination;
    private List<ProxyHeader.Tlv> tlvs = List.of();
    private final boolean proxied;
    private boolean headerExpected;

    /** @param headerExpected whether the peer must send a PROXY header before its first query */
    ClientIdentity(Peer peer, Peer local, boolean headerExpected) {
        this.peer = peer;
        this.local = local;
        this.client = peer;
        this.destination = local;
        this.headerExpected = headerExpected;
        this.proxied = headerExpected;
    }

    /** Whether a PROXY header says who asks. */
    boolean isProxied() {
        return proxied;
    }

    /** Who is connected. */
    Peer peer() {
        return peer;
    }

    /** Who asks. */
    Peer client() {
        return client;
    }

    boolean headerExpected() {
        return headerExpected;
    }

    /**
     * Reads the header at the start of what has come.
     *
     * @param limit longest header taken, in octets
     * @return its length, 0 if its end has not come yet, or a negative number if it is not valid or too long
     */
    int readHeader(byte[] bytes, int length, int limit) {
        ProxyHeader header = new ProxyHeader();
        int size = header.parse(bytes, 0, length);
        boolean announced = size >= 0 && length >= ProxyHeader.FIXED_LENGTH;
        if (announced && ProxyHeader.announcedLength(bytes, 0) > limit) {
            return -1;
        }
        if (size > 0) {
            learn(header, bytes);
        }
        return size;
    }

    private void learn(ProxyHeader header, byte[] bytes) {
        headerExpected = false;
        tlvs = header.tlvs(bytes);
        if (!header.local()) {
            int family = header.family() == ProxyHeader.IPV4 ? 4 : 6;
            client = new Peer();
            client.set(family, header.sourceHi(), header.sourceLo(), header.sourcePort(), 0);
            destination = new Peer();
            destination.set(family, header.destinationHi(), header.destinationLo(), header.destinationPort(), 0);
        }
    }

    /** Writes the addresses into a query. */
    void addressesTo(Query query) {
        query.origin().peer().set(peer);
        query.origin().local().set(local);
        query.origin().client().set(client);
        query.origin().destination().set(destination);
    }

    /** Writes the header's TLVs into a query that has begun. */
    void tlvsTo(Query query) {
        if (!tlvs.isEmpty()) {
            query.decided().setProxyTlvs(tlvs);
        }
    }
}
