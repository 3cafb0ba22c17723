package dev.weir.net.dnscrypt;

import dev.weir.engine.listen.DnscryptCertificate;
import dev.weir.engine.listen.DnscryptCertificates;
import dev.weir.engine.query.Query;
import dev.weir.engine.walk.SealedQueries;
import dev.weir.wire.Header;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Opens the queries of one listener. Belongs to the data thread that makes it.
 *
 * <pre>
 *   octets  0 –  7   client magic: which certificate
 *           8 – 39   the client's public key
 *          40 – 51   the client's half of the nonce; the other half is 0
 *          52 – 67   tag
 *          68 –      encrypted: the query, an octet 0x80, octets 0
 * </pre>
 *
 * <p>Whatever nonce a client chooses is taken, also twice: a client that gets no answer may send the same again, and each answer has a nonce of
 * its own. Source: the DNSCrypt protocol, version 2, sections 2 to 6.
 */
public final class DnscryptQueries implements SealedQueries {
    private static final int CLIENT_KEY = DnscryptCertificate.MAGIC_BYTES;
    private static final int NONCE = CLIENT_KEY + MessageBox.KEY_BYTES;

    /** Octets of the half of a nonce that each side chooses. */
    static final int HALF_NONCE_BYTES = MessageBox.NONCE_BYTES / 2;

    private static final int TAG = NONCE + HALF_NONCE_BYTES;
    private static final int TEXT = TAG + MessageBox.TAG_BYTES;

    /** Smaller datagrams are not taken: their answers would have no room. */
    private static final int LEAST_DATAGRAM = 256;

    /** The longest datagram without what encryption adds. */
    private static final int MOST_TEXT = 4096;

    private static final int MANY = 256;
    private static final int PADDING_START = 0x80;

    private final DnscryptCertificates certificates;
    private final SecureRandom random = new SecureRandom();
    private final MessageBox box = new MessageBox();
    private final AgreedKeys keys = new AgreedKeys(box);
    private final AnswerEnvelope envelope = new AnswerEnvelope(box, random, MANY);
    private final byte[] nonce = new byte[MessageBox.NONCE_BYTES];
    private volatile @Nullable Thread owner;

    public DnscryptQueries(DnscryptCertificates certificates) {
        this.certificates = certificates;
    }

    @Override
    public int mostOctets() {
        return MOST_TEXT + TEXT;
    }

    @Override
    public boolean open(Query query) {
        if (owner == null) {
            owner = Thread.currentThread();
        }
        byte[] message = query.packet();
        int length = query.length();
        boolean datagram = query.origin().overUdp();
        if (length < TEXT + Header.LENGTH || datagram && length < LEAST_DATAGRAM) {
            return false;
        }
        DnscryptCertificates.Pair pair = certificates.meantBy(message);
        if (pair == null) {
            return false;
        }
        Construction construction = Construction.ofVersion(pair.certificate().version());
        byte[] shared = keys.find(certificates.pairs(), pair, construction, message, CLIENT_KEY);
        System.arraycopy(message, NONCE, nonce, 0, HALF_NONCE_BYTES);
        if (shared == null || !box.open(construction, shared, nonce, message, TAG, length - TAG)) {
            return false;
        }
        int textLength = withoutPadding(message, length) - TEXT;
        System.arraycopy(message, TEXT, message, 0, Math.max(0, textLength));
        query.setLength(Math.max(0, textLength));
        query.origin()
                .setSeal(new DnscryptSeal(
                        this,
                        construction,
                        shared,
                        Arrays.copyOf(nonce, HALF_NONCE_BYTES),
                        datagram ? length : AnswerEnvelope.LONGEST_MESSAGE));
        return true;
    }

    /** Where the query ends: at the padding's first octet, which is the last that is not 0. */
    private static int withoutPadding(byte[] message, int length) {
        int end = length - 1;
        while (end > TEXT && message[end] == 0) {
            end--;
        }
        return message[end] == (byte) PADDING_START ? end : TEXT;
    }

    /** Answers may come on another thread, which has nothing of ours at hand. */
    AnswerEnvelope envelope() {
        return Thread.currentThread() == owner ? envelope : new AnswerEnvelope(new MessageBox(), random, 1);
    }
}
