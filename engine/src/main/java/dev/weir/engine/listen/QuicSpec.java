package dev.weir.engine.listen;

/**
 * How a listener speaks QUIC; pure description.
 *
 * @param maxInFlight queries of one connection worked on at a time; 0: what the transport takes for enough
 * @param idleSeconds how long a connection is kept without a query
 * @param logDirectory where each connection's events are written (qlog), a debugging aid; empty for nowhere
 */
public record QuicSpec(int maxInFlight, int idleSeconds, CongestionControl congestionControl, String logDirectory) {
    /** How a sender finds out what the path can carry. */
    public enum CongestionControl {
        /** RFC 9002 section 7. */
        RENO,
        /** RFC 9438. */
        CUBIC,
        BBR
    }

    /** All options at their defaults. */
    public static final QuicSpec DEFAULT = new QuicSpec(0, 5, CongestionControl.CUBIC, "");
}
