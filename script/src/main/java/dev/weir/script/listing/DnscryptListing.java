package dev.weir.script.listing;

import dev.weir.engine.listen.DnscryptCertificates.Pair;
import dev.weir.engine.listen.ListenSpec;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** What is printed of listeners for DNSCrypt, their certificates and keys. */
public final class DnscryptListing {
    private static final Columns BINDS = new Columns("-3 -20.20 -20.20");
    private static final Columns CERTIFICATES = new Columns("-4 -8 -7 -21.21 -21.21");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private DnscryptListing() {}

    /** {@code showDNSCryptBinds()}. */
    public static String binds(List<ListenSpec.Dnscrypt> listeners) {
        StringBuilder text = new StringBuilder();
        BINDS.line(text, "#", "Address", "Provider Name");
        int number = 0;
        for (ListenSpec.Dnscrypt listener : listeners) {
            BINDS.line(
                    text,
                    number++,
                    listener.address(),
                    listener.certificates().providerName().toStringNoDot());
        }
        return text.toString();
    }

    /** {@code printCertificates()}. */
    public static String certificates(List<Pair> pairs) {
        StringBuilder text = new StringBuilder();
        CERTIFICATES.line(text, "#", "Serial", "Version", "From", "To");
        int number = 1;
        for (Pair pair : pairs) {
            CERTIFICATES.line(
                    text,
                    number++,
                    pair.certificate().serial(),
                    pair.certificate().version(),
                    time(pair.certificate().startSeconds()),
                    time(pair.certificate().endSeconds()));
        }
        return text.toString();
    }

    private static String time(long epochSeconds) {
        return TIME.format(Instant.ofEpochSecond(epochSeconds).atZone(ZoneId.systemDefault()));
    }

    /** A provider's public key as people compare it: sixteen groups of four digits. */
    public static String fingerprint(byte[] publicKey) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < publicKey.length; i += 2) {
            text.append(i == 0 ? "" : ":").append(HEX.formatHex(publicKey, i, Math.min(i + 2, publicKey.length)));
        }
        return text.toString();
    }
}
