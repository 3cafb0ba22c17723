package dev.weir.net.dnscrypt;

import dev.weir.engine.query.Query;
import dev.weir.wire.Header;
import dev.weir.wire.ResponseEditor;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Encrypts answers. Not for several threads.
 *
 * <pre>
 *   octets  0 –  7   "r6fnvWj8"
 *           8 – 19   the client's half of the nonce
 *          20 – 31   our half, at random
 *          32 – 47   tag
 *          48 –      encrypted: the answer, an octet 0x80, octets 0 up to a multiple of 64
 * </pre>
 *
 * <p>Source: the DNSCrypt protocol, version 2, sections 7 to 10.
 */
final class AnswerEnvelope {
    /** What the length in front of a message over TCP can say. */
    static final int LONGEST_MESSAGE = 0xffff;

    private static final byte[] MAGIC = {0x72, 0x36, 0x66, 0x6e, 0x76, 0x57, 0x6a, 0x38};
    private static final int NONCE = MAGIC.length;
    private static final int TEXT = NONCE + MessageBox.NONCE_BYTES + MessageBox.TAG_BYTES;
    private static final int UNIT = 64;
    private static final int UNITS_OF_PADDING = 4;

    private final MessageBox box;
    private final SecureRandom random;
    private final ResponseEditor editor = new ResponseEditor();
    private final byte[] nonce = new byte[MessageBox.NONCE_BYTES];
    private final byte[] spare;
    private int spareUsed;

    /** @param answers how many are to be expected: random octets are cheaper in blocks */
    AnswerEnvelope(MessageBox box, SecureRandom random, int answers) {
        this.box = box;
        this.random = random;
        this.spare = new byte[DnscryptQueries.HALF_NONCE_BYTES * answers];
        this.spareUsed = spare.length;
    }

    /** Puts the encrypted answer in the place of the query's packet, cut to header and question with TC if it is longer than it may be. */
    void enclose(Query query, Construction construction, byte[] shared, byte[] clientNonce, int mostOctets) {
        int most = (mostOctets - TEXT) / UNIT * UNIT;
        if (query.length() >= most) {
            truncate(query, most);
        }
        byte[] answer = query.packet();
        int length = query.length();
        int padded = Math.min(most, (length / UNIT + 1 + moreUnits(construction, shared, clientNonce)) * UNIT);
        byte[] sealed = answer.length >= TEXT + padded ? answer : new byte[TEXT + padded];
        System.arraycopy(answer, 0, sealed, TEXT, length);
        sealed[TEXT + length] = (byte) 0x80;
        Arrays.fill(sealed, TEXT + length + 1, TEXT + padded, (byte) 0);
        System.arraycopy(MAGIC, 0, sealed, 0, NONCE);
        System.arraycopy(clientNonce, 0, nonce, 0, clientNonce.length);
        ourHalf();
        System.arraycopy(nonce, 0, sealed, NONCE, nonce.length);
        box.seal(construction, shared, nonce, sealed, TEXT, padded);
        query.setPacket(sealed, TEXT + padded);
    }

    private void truncate(Query query, int most) {
        int length = editor.truncate(query.packet(), query.length());
        if (length < 0 || length >= most) {
            length = Header.LENGTH;
            Header.setCounts(query.packet(), 0, 0, 0, 0);
            Header.set(query.packet(), Header.TC, true);
        }
        query.setLength(length);
    }

    /**
     * How much longer than it must be an answer gets, so that its length says little: always the same for one client's nonce, since who gets many
     * answers to the same could else tell the shortest (section 8).
     */
    private int moreUnits(Construction construction, byte[] shared, byte[] clientNonce) {
        System.arraycopy(clientNonce, 0, nonce, 0, clientNonce.length);
        Arrays.fill(nonce, clientNonce.length, nonce.length, (byte) 0xff);
        return box.number(construction, shared, nonce) & UNITS_OF_PADDING - 1;
    }

    /** Random octets for the second half of the nonce, from a block of them. */
    private void ourHalf() {
        if (spareUsed == spare.length) {
            random.nextBytes(spare);
            spareUsed = 0;
        }
        System.arraycopy(spare, spareUsed, nonce, DnscryptQueries.HALF_NONCE_BYTES, DnscryptQueries.HALF_NONCE_BYTES);
        spareUsed += DnscryptQueries.HALF_NONCE_BYTES;
    }
}
