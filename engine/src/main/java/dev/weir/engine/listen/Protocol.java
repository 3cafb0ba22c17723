package dev.weir.engine.listen;

import dev.weir.engine.stat.LatencyKind;

/** How a client's query reached us, with the two names that logs, rules and Lua know it by. */
public enum Protocol {
    DO_UDP("DoUDP", "Do53 UDP"),
    DO_TCP("DoTCP", "Do53 TCP"),
    DNSCRYPT_UDP("DNSCryptUDP", "DNSCrypt UDP"),
    DNSCRYPT_TCP("DNSCryptTCP", "DNSCrypt TCP"),
    DOT("DoT", "DNS over TLS"),
    DOH("DoH", "DNS over HTTPS"),
    DOQ("DoQ", "DNS over QUIC"),
    DOH3("DoH3", "DNS over HTTP/3");

    private final String shortName;
    private final String prettyName;

    Protocol(String shortName, String prettyName) {
        this.shortName = shortName;
        this.prettyName = prettyName;
    }

    public String shortName() {
        return shortName;
    }

    public String prettyName() {
        return prettyName;
    }

    /** Plain or DNSCrypt datagrams, whose answers are bounded by the client's payload size. */
    public boolean isDatagram() {
        return this == DO_UDP || this == DNSCRYPT_UDP;
    }

    /** Protocols whose queries go on to a plain backend over UDP; the others go over TCP. */
    public boolean forwardsOverUdp() {
        return isDatagram() || this == DOH;
    }

    /** Whether a query gets one message for an answer, so that no zone can be transferred. */
    public boolean hasOneAnswer() {
        return this == DOH || this == DOQ || this == DOH3;
    }

    /** Whether it goes over QUIC, which no packet filter of ours can read. */
    public boolean isQuic() {
        return this == DOQ || this == DOH3;
    }

    /** With which its latencies are averaged. */
    public LatencyKind latencyKind() {
        return switch (this) {
            case DO_UDP, DNSCRYPT_UDP -> LatencyKind.UDP;
            case DO_TCP, DNSCRYPT_TCP -> LatencyKind.TCP;
            case DOT -> LatencyKind.DOT;
            case DOH -> LatencyKind.DOH;
            case DOQ -> LatencyKind.DOQ;
            case DOH3 -> LatencyKind.DOH3;
        };
    }

    public boolean isEncrypted() {
        return this != DO_UDP && this != DO_TCP;
    }
}
