package dev.weir.web.console;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The secret that both ends of a console connection share: 32 bytes, written in base64 in {@code setKey}. */
public final class ConsoleKey {
    /** The key length of XSalsa20. */
    public static final int LENGTH_BYTES = 32;

    private final byte[] bytes;

    private ConsoleKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads the text of {@code setKey}: null when it is not base64, or not of 32 bytes. */
    public static @Nullable ConsoleKey parse(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            return null;
        }
        return bytes.length == LENGTH_BYTES ? new ConsoleKey(bytes) : null;
    }

    /**
     * A key of 32 bytes.
     *
     * @throws IllegalArgumentException for any other number
     */
    public static ConsoleKey of(byte[] bytes) {
        if (bytes.length != LENGTH_BYTES) {
            throw new IllegalArgumentException("a console key has " + LENGTH_BYTES + " bytes, not " + bytes.length);
        }
        return new ConsoleKey(bytes.clone());
    }

    /** Whether a message comes out of its box as it went in: {@code testCrypto()}. */
    public boolean works() {
        byte[] message = "weir".getBytes(StandardCharsets.US_ASCII);
        byte[] nonce = new byte[SecretBox.NONCE_BYTES];
        SecretBox box = new SecretBox(bytes);
        byte[] opened = box.open(box.seal(message, nonce), nonce);
        return Arrays.equals(message, opened);
    }

    /** Makes a new key: what {@code makeKey()} prints. */
    public static ConsoleKey random() {
        byte[] bytes = new byte[LENGTH_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new ConsoleKey(bytes);
    }

    /** The key as {@code setKey} takes it. */
    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    byte[] bytes() {
        return bytes;
    }

    /** Says nothing: keys do not belong in logs. */
    @Override
    public String toString() {
        return "ConsoleKey";
    }
}
