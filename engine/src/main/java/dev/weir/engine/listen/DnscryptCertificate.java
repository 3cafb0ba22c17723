package dev.weir.engine.listen;

import dev.weir.wire.Octets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A certificate of DNSCrypt: which key a resolver has for a while, and how clients encrypt with it, signed by its provider. Immutable.
 *
 * <pre>
 *   octets   0 –   3  "DNSC"
 *            4 –   5  construction (es-version): 1 for X25519-XSalsa20Poly1305, 2 for X25519-XChaCha20Poly1305
 *            6 –   7  minor version of the protocol, 0
 *            8 –  71  Ed25519 signature of all that follows
 *           72 – 103  the resolver's public key
 *          104 – 111  what queries begin with that are encrypted for this key (client magic)
 *          112 – 115  serial number
 *          116 – 119  valid from, seconds of Unix time
 *          120 – 123  valid until and including, seconds of Unix time
 *          124 –      extensions, which have no meaning yet
 * </pre>
 *
 * <p>Source: the DNSCrypt protocol, version 2, section 12.
 */
public final class DnscryptCertificate {
    /** Octets of one without extensions. */
    public static final int LENGTH = 124;

    /** Octets of keys, the provider's private one aside. */
    public static final int KEY_BYTES = 32;

    /** Octets of a client magic. */
    public static final int MAGIC_BYTES = 8;

    /** The longest one that a TXT record holds in one string. */
    private static final int MOST = 255;

    private static final int MAGIC = 0x444e5343;
    private static final int VERSION = 4;
    private static final int MINOR_VERSION = 6;
    private static final int SIGNATURE = 8;

    /** Where what is signed begins. */
    public static final int SIGNED = 72;

    private static final int CLIENT_MAGIC = 104;
    private static final int SERIAL = 112;
    private static final int START = 116;
    private static final int END = 120;

    private final byte[] octets;

    private DnscryptCertificate(byte[] octets) {
        this.octets = octets;
    }

    /** @throws IllegalArgumentException if it is none */
    public static DnscryptCertificate parse(byte[] octets) {
        if (octets.length < LENGTH || octets.length > MOST || Octets.i32(octets, 0) != MAGIC) {
            throw new IllegalArgumentException("no certificate of DNSCrypt");
        }
        DnscryptCertificate read = new DnscryptCertificate(octets.clone());
        if (read.version() != 1 && read.version() != 2) {
            throw new IllegalArgumentException("its version " + read.version() + " is neither 1 nor 2");
        }
        return read;
    }

    /**
     * Composes one whose signature is still to be made.
     *
     * @param version 1 or 2
     * @param startSeconds and {@code endSeconds}: of Unix time
     */
    public static byte[] composeUnsigned(
            int version, byte[] resolverPublicKey, long serial, long startSeconds, long endSeconds) {
        byte[] octets = new byte[LENGTH];
        Octets.putU32(octets, 0, MAGIC);
        Octets.putU16(octets, VERSION, version);
        System.arraycopy(resolverPublicKey, 0, octets, SIGNED, KEY_BYTES);
        System.arraycopy(resolverPublicKey, 0, octets, CLIENT_MAGIC, MAGIC_BYTES);
        Octets.putU32(octets, SERIAL, serial);
        Octets.putU32(octets, START, startSeconds);
        Octets.putU32(octets, END, endSeconds);
        return octets;
    }

    /** Puts a signature of what stands from {@link #SIGNED} on into a composed one. */
    public static void sign(byte[] unsigned, byte[] signature) {
        System.arraycopy(signature, 0, unsigned, SIGNATURE, SIGNED - SIGNATURE);
    }

    /** All of it, as clients get it. */
    public byte[] toOctets() {
        return octets.clone();
    }

    /** The construction, which is called es-version too. */
    public int version() {
        return Octets.u16(octets, VERSION);
    }

    public byte[] magic() {
        return part(0, VERSION);
    }

    public byte[] versionOctets() {
        return part(VERSION, MINOR_VERSION);
    }

    public byte[] minorVersion() {
        return part(MINOR_VERSION, SIGNATURE);
    }

    public byte[] signature() {
        return part(SIGNATURE, SIGNED);
    }

    public byte[] resolverPublicKey() {
        return part(SIGNED, CLIENT_MAGIC);
    }

    public byte[] clientMagic() {
        return part(CLIENT_MAGIC, SERIAL);
    }

    /** Whether a message was encrypted for it, as far as its first octets tell; there must be {@link #MAGIC_BYTES}. */
    public boolean isMeantBy(byte[] message) {
        return Octets.u64(message, 0) == Octets.u64(octets, CLIENT_MAGIC);
    }

    public long serial() {
        return Octets.u32(octets, SERIAL);
    }

    /** Valid from, in seconds of Unix time. */
    public long startSeconds() {
        return Octets.u32(octets, START);
    }

    /** Valid until and including, in seconds of Unix time. */
    public long endSeconds() {
        return Octets.u32(octets, END);
    }

    public boolean isValidAt(long epochSeconds) {
        return epochSeconds >= startSeconds() && epochSeconds <= endSeconds();
    }

    private byte[] part(int from, int to) {
        return Arrays.copyOfRange(octets, from, to);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DnscryptCertificate certificate && Arrays.equals(octets, certificate.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return "certificate " + serial();
    }
}
