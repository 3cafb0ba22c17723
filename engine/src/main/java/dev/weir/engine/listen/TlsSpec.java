package dev.weir.engine.listen;

import java.util.List;

/**
 * How a listener speaks TLS; pure description, no file is read.
 *
 * @param certificates the first one is for clients that name nobody, or somebody unknown
 * @param provider what the configuration asks for; empty: whatever there is
 * @param ignoreErrors whether the program starts without this listener if a certificate cannot be used
 * @param proxyHeaderOutside whether a PROXY header stands before the handshake instead of behind it
 * @param keyLogFile file for the secrets of all sessions; empty for none
 * @param padResponses whether answers get a length that says little of them (RFC 8467)
 */
public record TlsSpec(
        List<CertificateSpec> certificates,
        String provider,
        Ciphers ciphers,
        Sessions sessions,
        List<String> ocspResponses,
        String keyLogFile,
        boolean ignoreErrors,
        boolean proxyHeaderOutside,
        boolean padResponses) {

    /**
     * What may be agreed on.
     *
     * @param minVersion the oldest version that is spoken
     * @param upTo12 suites of TLS 1.2 and older, in OpenSSL's words; empty for the library's choice
     * @param groups for the exchange of keys, separated by colons; empty for the library's choice
     * @param preferOurs whether the order of our suites counts, not of the client's
     */
    public record Ciphers(TlsVersion minVersion, String upTo12, String groups, boolean preferOurs) {
        public static final Ciphers DEFAULT = new Ciphers(TlsVersion.TLS_1_2, "", "", true);
    }

    /**
     * How clients come back without a full handshake.
     *
     * @param tickets whether clients get tickets
     * @param ticketKeys number of keys that tickets are taken for; the newest one makes new tickets
     * @param ticketKeyFile keys from a file instead of random ones; empty for these
     * @param rotationSeconds how long a key makes new tickets; 0: until somebody rotates
     * @param timeoutSeconds how long a session may be taken up; 0 for the library's choice
     * @param stored sessions remembered for clients without tickets
     */
    public record Sessions(
            boolean tickets,
            int ticketKeys,
            String ticketKeyFile,
            long rotationSeconds,
            long timeoutSeconds,
            long stored) {
        public static final Sessions DEFAULT = new Sessions(true, 5, "", 43_200, 0, 20_480);
    }

    public TlsSpec {
        certificates = List.copyOf(certificates);
        ocspResponses = List.copyOf(ocspResponses);
    }

    /** Without padding. */
    public TlsSpec(
            List<CertificateSpec> certificates,
            String provider,
            Ciphers ciphers,
            Sessions sessions,
            List<String> ocspResponses,
            String keyLogFile,
            boolean ignoreErrors,
            boolean proxyHeaderOutside) {
        this(
                certificates,
                provider,
                ciphers,
                sessions,
                ocspResponses,
                keyLogFile,
                ignoreErrors,
                proxyHeaderOutside,
                false);
    }

    /** These settings with or without padding. */
    public TlsSpec padding(boolean pads) {
        return new TlsSpec(
                certificates,
                provider,
                ciphers,
                sessions,
                ocspResponses,
                keyLogFile,
                ignoreErrors,
                proxyHeaderOutside,
                pads);
    }

    /** All options at their defaults. */
    public static TlsSpec of(List<CertificateSpec> certificates) {
        return new TlsSpec(certificates, "", Ciphers.DEFAULT, Sessions.DEFAULT, List.of(), "", false, false);
    }
}
