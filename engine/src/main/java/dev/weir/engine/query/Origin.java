package dev.weir.engine.query;

import dev.weir.engine.acl.Peer;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a query came from: who asked, how, when, and the way back. Written by transports, and by the walk where a PROXY header tells more;
 * read by everybody. The part of a {@link Query} that stays when it is processed again.
 */
public final class Origin {
    private final Peer peer = new Peer();
    private final Peer client = new Peer();
    private final Peer local = new Peer();
    private final Peer destination = new Peer();
    private Protocol protocol = Protocol.DO_UDP;
    private @Nullable Frontend frontend;
    private @Nullable ReplyPort replyPort;
    private long replyToken;
    private long receivedNanos;
    private String serverName = "";
    private @Nullable HttpRequest http;
    private @Nullable AnswerSeal seal;

    /** When {@link #receivedAt} was first asked for; null until then. */
    private @Nullable Instant shownTime;

    Origin() {}

    /** Begins anew. The addresses and the way back are the transport's to set, for each query, before it goes on its walk. */
    void begin(Protocol newProtocol, Frontend newFrontend, long nowNanos) {
        protocol = newProtocol;
        frontend = newFrontend;
        receivedNanos = nowNanos;
        serverName = "";
        http = null;
        seal = null;
        shownTime = null;
    }

    /** Who sent the packet, and gets the answer. */
    public Peer peer() {
        return peer;
    }

    /** Who asks: the peer, or who the PROXY header says is behind it. */
    public Peer client() {
        return client;
    }

    /** The address of ours that the packet was sent to. */
    public Peer local() {
        return local;
    }

    /** Where the client sent its query: our address, or what the PROXY header says. */
    public Peer destination() {
        return destination;
    }

    public Protocol protocol() {
        return protocol;
    }

    /** Whether it came as a datagram, so that its answer is bounded by what the client takes. */
    public boolean overUdp() {
        return protocol.isDatagram();
    }

    public Frontend frontend() {
        return Objects.requireNonNull(frontend, "asked for before the query has begun");
    }

    /** Who sends the answer if it does not come at once. */
    public ReplyPort replyPort() {
        return Objects.requireNonNull(replyPort, "asked for before the transport has set it");
    }

    /** @param token whatever the port needs to find the client again */
    public void replyTo(ReplyPort port, long token) {
        replyPort = port;
        replyToken = token;
    }

    public long replyToken() {
        return replyToken;
    }

    /** The name that the client asked for in its handshake (SNI); empty if it named none. */
    public String serverName() {
        return serverName;
    }

    public void setServerName(String name) {
        serverName = name;
    }

    /** The request that it came in; null if it came otherwise. */
    public @Nullable HttpRequest http() {
        return http;
    }

    public void setHttp(HttpRequest request) {
        http = request;
    }

    /** What encrypts its answer; null if nothing does, or the connection. */
    public @Nullable AnswerSeal seal() {
        return seal;
    }

    public void setSeal(AnswerSeal newSeal) {
        seal = newSeal;
    }

    /** {@link System#nanoTime} at reception. */
    public long receivedNanos() {
        return receivedNanos;
    }

    /**
     * The time of day at which the query came in: the same each time it is asked for.
     *
     * @param now the moment of {@code nowNanos}
     * @param nowNanos {@link System#nanoTime}
     */
    public Instant receivedAt(Instant now, long nowNanos) {
        Instant time = shownTime;
        if (time == null) {
            time = now.minusNanos(nowNanos - receivedNanos);
            shownTime = time;
        }
        return time;
    }
}
