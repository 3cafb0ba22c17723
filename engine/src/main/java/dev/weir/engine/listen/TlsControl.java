package dev.weir.engine.listen;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people may do with the certificates and keys of a listener that runs. Connections that are open keep what they began with. Any thread.
 */
public interface TlsControl {
    /** Reads the files again; all stays as it was if that fails. @throws IOException naming the file */
    void reload() throws IOException;

    /** Serves other certificates from now on; all stays as it was if that fails. @throws IOException naming the file */
    void load(List<CertificateSpec> certificates) throws IOException;

    /** Puts a new random key in front of those there are. */
    void rotateTicketKey();

    /** Takes the keys for tickets from a file, the first one for new tickets. @throws IOException naming the file */
    void loadTicketKeys(String file) throws IOException;

    /** Puts a key in front of those there are. @throws IllegalArgumentException if it has not the length of one */
    void addTicketKey(byte[] key);

    /** Number of keys that tickets are taken for. */
    int ticketKeys();

    /** How long a key makes new tickets; 0: until somebody rotates. */
    long rotationSeconds();

    /** When the next key is made; null if that is not planned. */
    @Nullable Instant nextRotation();

    /** What the configuration asks for; empty if it does not say. */
    String configuredProvider();

    /** What speaks TLS, as {@code getEffectiveTLSProvider} has it. */
    String provider();

    /** Figures that the library keeps. */
    TicketFigures ticketFigures();

    /**
     * What became of clients' tickets.
     *
     * @param unknownKeys made with a key that is not there, or not any more
     * @param inactiveKeys made with a key that makes no new ones any more
     */
    record TicketFigures(long unknownKeys, long inactiveKeys) {}
}
