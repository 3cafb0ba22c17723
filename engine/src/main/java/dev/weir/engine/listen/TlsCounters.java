package dev.weir.engine.listen;

import dev.weir.engine.stat.Tally;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** What the handshakes of a listener came to, and with which version its queries came. Any thread. */
public final class TlsCounters {
    /** Why a handshake failed, as far as dnsdist tells reasons apart. */
    public enum Failure {
        DH_KEY_TOO_SMALL("dhKeyTooSmall", "DHKeyTooSmall"),
        INAPPROPRIATE_FALLBACK("inappropriateFallBack", "InappropriateFallBack"),
        NO_SHARED_CIPHER("noSharedCipher", "NoSharedCipher"),
        UNKNOWN_CIPHER("unknownCipherType", "UnknownCipher"),
        UNKNOWN_KEY_EXCHANGE("unknownKeyExchangeType", "UnknownKeyExchangeType"),
        UNKNOWN_PROTOCOL("unknownProtocol", "UnknownProtocol"),
        UNSUPPORTED_EC("unsupportedEC", "UnsupportedEC"),
        UNSUPPORTED_PROTOCOL("unsupportedProtocol", "UnsupportedProtocol");

        private final String label;
        private final String key;

        Failure(String label, String key) {
            this.label = label;
            this.key = key;
        }

        /** Its name in Prometheus. */
        public String label() {
            return label;
        }

        /** Its name in JSON. */
        public String key() {
            return key;
        }
    }

    private final Tally newSessions = new Tally();
    private final Tally resumptions = new Tally();
    private final Map<TlsVersion, Tally> queries = new EnumMap<>(TlsVersion.class);
    private final Map<Failure, Tally> failures = new EnumMap<>(Failure.class);

    TlsCounters() {
        for (TlsVersion version : TlsVersion.values()) {
            queries.put(version, new Tally());
        }
        for (Failure failure : Failure.values()) {
            failures.put(failure, new Tally());
        }
    }

    /** Full handshakes. */
    public Tally newSessions() {
        return newSessions;
    }

    /** Handshakes that took up a former session. */
    public Tally resumptions() {
        return resumptions;
    }

    /** Queries that came with this version. */
    public Tally queries(TlsVersion version) {
        return Objects.requireNonNull(queries.get(version));
    }

    /** Handshakes that failed for this reason. */
    public Tally failures(Failure failure) {
        return Objects.requireNonNull(failures.get(failure));
    }
}
