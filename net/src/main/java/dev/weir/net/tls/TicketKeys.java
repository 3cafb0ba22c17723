package dev.weir.net.tls;

import dev.weir.wire.KernelRandom;
import io.netty.internal.tcnative.SessionTicketKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The keys of session tickets, the newest first. Immutable.
 *
 * <p>As dnsdist's files have them, one behind the other:
 *
 * <pre>
 *   octets  0 – 15   name
 *          16 – 47   cipher key
 *          48 – 79   authentication key
 * </pre>
 *
 * The library's tickets are sealed with the first 16 octets of either key: hosts that run Weir can share a file, and each other's sessions.
 */
record TicketKeys(List<byte[]> keys) {
    static final int LENGTH = 80;

    private static final int NAME = 16;
    private static final int CIPHER = 32;
    private static final KernelRandom RANDOM = new KernelRandom();

    TicketKeys {
        keys = List.copyOf(keys);
    }

    /** One new key. */
    static TicketKeys random() {
        return new TicketKeys(List.of(newKey()));
    }

    static byte[] newKey() {
        byte[] key = new byte[LENGTH];
        RANDOM.nextBytes(key);
        return key;
    }

    /** As many as the file holds, at most so many. */
    static TicketKeys read(String path, int most) throws IOException {
        byte[] file = ServerCertificate.contents("ticket key", path);
        if (file.length == 0 || file.length % LENGTH != 0) {
            throw new IOException("ticket key file '" + path + "' has " + file.length
                    + " octets, which is not a multiple of a key's " + LENGTH);
        }
        List<byte[]> keys = new ArrayList<>();
        for (int at = 0; at < file.length && keys.size() < most; at += LENGTH) {
            keys.add(Arrays.copyOfRange(file, at, at + LENGTH));
        }
        return new TicketKeys(keys);
    }

    /** These with another one in front; at most so many. @throws IllegalArgumentException if it has not the length of one */
    TicketKeys with(byte[] newest, int most) {
        if (newest.length != LENGTH) {
            throw new IllegalArgumentException("a ticket key has " + LENGTH + " octets, this one has " + newest.length);
        }
        List<byte[]> all = new ArrayList<>();
        all.add(newest.clone());
        all.addAll(keys);
        return new TicketKeys(all.subList(0, Math.min(all.size(), Math.max(1, most))));
    }

    boolean has(byte[] key) {
        return keys.stream().anyMatch(known -> Arrays.equals(known, key));
    }

    // ---- what the library takes of a key

    static byte[] name(byte[] key) {
        return Arrays.copyOf(key, SessionTicketKey.NAME_SIZE);
    }

    static byte[] cipher(byte[] key) {
        return Arrays.copyOfRange(key, NAME, NAME + SessionTicketKey.AES_KEY_SIZE);
    }

    static byte[] seal(byte[] key) {
        return Arrays.copyOfRange(key, NAME + CIPHER, NAME + CIPHER + SessionTicketKey.HMAC_KEY_SIZE);
    }
}
