package dev.weir.engine.listen;

import java.util.Arrays;
import java.util.Optional;

/** A version of TLS, by its name in configurations and by that of its protocol. */
public enum TlsVersion {
    TLS_1_0("tls1.0", "TLSv1", "tls10"),
    TLS_1_1("tls1.1", "TLSv1.1", "tls11"),
    TLS_1_2("tls1.2", "TLSv1.2", "tls12"),
    TLS_1_3("tls1.3", "TLSv1.3", "tls13"),
    /** None of these. */
    UNKNOWN("", "", "unknown");

    private final String option;
    private final String protocol;
    private final String label;

    TlsVersion(String option, String protocol, String label) {
        this.option = option;
        this.protocol = protocol;
        this.label = label;
    }

    /** The name that engines have for it. */
    public String protocol() {
        return protocol;
    }

    /** The name that figures have for it. */
    public String label() {
        return label;
    }

    /** The version of a {@code minTLSVersion}. */
    public static Optional<TlsVersion> ofOption(String text) {
        return Arrays.stream(values())
                .filter(version -> version != UNKNOWN && version.option.equals(text))
                .findFirst();
    }

    /** The version that an engine names. */
    public static TlsVersion ofProtocol(String name) {
        return Arrays.stream(values())
                .filter(version -> version.protocol.equals(name))
                .findFirst()
                .orElse(UNKNOWN);
    }
}
