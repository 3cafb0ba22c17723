package dev.weir.web.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.SCrypt;
import org.jspecify.annotations.Nullable;

/**
 * A password or an API key as the configuration has it: plain, or as {@link #hash} writes it, which is dnsdist's form of scrypt (RFC 7914):
 *
 * <pre>
 *   $scrypt$ln=10,p=1,r=8$salt, 16 octets in base64$hash, 32 octets in base64
 * </pre>
 *
 * <p>A hashed one costs milliseconds of a processor until the right value has come once. From then on a keyed digest tells right from wrong, as it
 * does for the last wrong ones, so that whoever asks again and again costs little. Any thread.
 */
public final class Credential {
    /** dnsdist's: N is 2 to this power. */
    public static final int WORK_FACTOR = 10;

    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int BLOCK_SIZE = 8;
    private static final int PARALLEL = 1;
    private static final int MOST_WORK = 20;
    private static final int MOST_WRONG = 100;
    private static final Pattern HASHED = Pattern.compile(
            "\\$scrypt\\$ln=(\\d{1,2}),p=(\\d{1,2}),r=(\\d{1,2})\\$([A-Za-z0-9+/=]{1,200})\\$([A-Za-z0-9+/=]{1,200})");

    private final byte[] key = random(HASH_BYTES);
    private final @Nullable Scrypt hashed;

    /** The digest of the right value; null until it is known. */
    private volatile byte @Nullable [] digest;

    /** Digests of the last wrong ones. */
    private final Set<ByteBuffer> wrong = new LinkedHashSet<>();

    /** What is known of a value. */
    public enum Verdict {
        RIGHT,
        WRONG,
        /** To know more is not worth what it costs now. */
        UNTRIED
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Scrypt(int workFactor, int parallel, int blockSize, byte[] salt, byte[] hash) {
        byte[] of(String value) {
            return SCrypt.generate(octets(value), salt, 1 << workFactor, blockSize, parallel, hash.length);
        }
    }

    private Credential(@Nullable Scrypt hashed) {
        this.hashed = hashed;
    }

    /** @param text plain or hashed */
    public static Credential of(String text) {
        Scrypt parsed = parse(text);
        Credential credential = new Credential(parsed);
        if (parsed == null) {
            credential.digest = credential.digest(text);
        }
        return credential;
    }

    private static @Nullable Scrypt parse(String text) {
        Matcher parts = HASHED.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        try {
            Scrypt scrypt = new Scrypt(
                    Integer.parseInt(parts.group(1)),
                    Integer.parseInt(parts.group(2)),
                    Integer.parseInt(parts.group(3)),
                    Base64.getDecoder().decode(parts.group(4)),
                    Base64.getDecoder().decode(parts.group(5)));
            boolean bearable = scrypt.workFactor > 0
                    && scrypt.workFactor <= MOST_WORK
                    && scrypt.parallel > 0
                    && scrypt.blockSize > 0
                    && scrypt.hash.length > 0;
            return bearable ? scrypt : null;
        } catch (IllegalArgumentException e) {
            // What only looks like one is a plain value.
            return null;
        }
    }

    /** Whether it is kept as a hash. */
    public static boolean isHashed(String text) {
        return parse(text) != null;
    }

    /**
     * Hashes a value under a new salt.
     *
     * @param workFactor 1 to 20; memory and time double with each
     * @throws IllegalArgumentException for another one
     */
    public static String hash(String value, int workFactor) {
        if (workFactor < 1 || workFactor > MOST_WORK) {
            throw new IllegalArgumentException("the work factor is from 1 to " + MOST_WORK + ", not " + workFactor);
        }
        byte[] salt = random(SALT_BYTES);
        byte[] hash = SCrypt.generate(octets(value), salt, 1 << workFactor, BLOCK_SIZE, PARALLEL, HASH_BYTES);
        Base64.Encoder base64 = Base64.getEncoder();
        return "$scrypt$ln=" + workFactor + ",p=" + PARALLEL + ",r=" + BLOCK_SIZE + '$' + base64.encodeToString(salt)
                + '$' + base64.encodeToString(hash);
    }

    /** Whether this is the value; takes as long for nearly right ones as for others. */
    public boolean matches(String value) {
        return verdict(value, () -> true) == Verdict.RIGHT;
    }

    /** @param affordable asked before a trial that costs milliseconds */
    Verdict verdict(String value, BooleanSupplier affordable) {
        byte[] given = digest(value);
        byte[] right = digest;
        if (right != null || hashed == null) {
            return MessageDigest.isEqual(given, right) ? Verdict.RIGHT : Verdict.WRONG;
        }
        if (isKnownAsWrong(given)) {
            return Verdict.WRONG;
        }
        if (!affordable.getAsBoolean()) {
            return Verdict.UNTRIED;
        }
        if (!MessageDigest.isEqual(hashed.of(value), hashed.hash)) {
            rememberAsWrong(given);
            return Verdict.WRONG;
        }
        digest = given;
        return Verdict.RIGHT;
    }

    private boolean isKnownAsWrong(byte[] given) {
        synchronized (wrong) {
            return wrong.contains(ByteBuffer.wrap(given));
        }
    }

    private void rememberAsWrong(byte[] given) {
        synchronized (wrong) {
            wrong.add(ByteBuffer.wrap(given));
            if (wrong.size() > MOST_WRONG) {
                wrong.remove(wrong.iterator().next());
            }
        }
    }

    private byte[] digest(String value) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(key);
            return sha.digest(octets(value));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static byte[] octets(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] random(int length) {
        byte[] octets = new byte[length];
        new SecureRandom().nextBytes(octets);
        return octets;
    }
}
