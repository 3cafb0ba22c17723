package dev.weir.script.function;

import dev.weir.engine.listen.CertificateSpec;
import dev.weir.engine.listen.TlsSpec;
import dev.weir.engine.listen.TlsVersion;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.Options;
import java.util.List;
import java.util.Optional;

/** Certificates and the options of TLS that listeners have. */
final class TlsOptions {
    private TlsOptions() {}

    static TlsSpec read(Args args, List<CertificateSpec> certificates, Options options) {
        String keyFile = options.string("ticketKeyFile", "");
        TlsSpec.Sessions usual = TlsSpec.Sessions.DEFAULT;
        // A key that other hosts have too must not be replaced by one that they have not.
        long rotation =
                options.longInteger("ticketsKeysRotationDelay", keyFile.isEmpty() ? usual.rotationSeconds() : 0);
        TlsSpec.Sessions sessions = new TlsSpec.Sessions(
                options.bool("sessionTickets", usual.tickets()),
                options.integer("numberOfTicketsKeys", usual.ticketKeys(), 1, 1000),
                keyFile,
                rotation,
                options.longInteger("sessionTimeout", usual.timeoutSeconds()),
                options.longInteger("numberOfStoredSessions", usual.stored()));
        TlsSpec.Ciphers ciphers = new TlsSpec.Ciphers(
                version(args, options),
                options.string("ciphers", ""),
                options.string("ecdheCurves", ""),
                options.bool("preferServerCiphers", true));
        withoutEffect(options);
        return new TlsSpec(
                certificates,
                options.string("provider", ""),
                ciphers,
                sessions,
                options.strings("ocspResponses", List.of()),
                options.string("keyLogFile", ""),
                options.bool("ignoreTLSConfigurationErrors", false),
                options.bool("proxyProtocolOutsideTLS", false),
                options.bool("padResponses", false));
    }

    private static TlsVersion version(Args args, Options options) {
        String text = options.string("minTLSVersion", "");
        if (text.isEmpty()) {
            return TlsSpec.Ciphers.DEFAULT.minVersion();
        }
        Optional<TlsVersion> version = TlsVersion.ofOption(text);
        if (version.isEmpty()) {
            args.complain("option 'minTLSVersion': '" + text + "' is not a version, tls1.2 is taken");
        }
        return version.orElse(TlsSpec.Ciphers.DEFAULT.minVersion());
    }

    /** What the library decides by itself: taken, and told if it asks for something else. */
    private static void withoutEffect(Options options) {
        options.bool("releaseBuffers", true);
        options.bool("readAhead", true);
        options.bool("ktls", false);
        options.bool("tlsAsyncMode", false);
        options.string("ciphersTLS13", "");
        options.bool("enableRenegotiation", false);
    }
}
