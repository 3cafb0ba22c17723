package dev.weir.net.dnscrypt;

import dev.weir.engine.listen.DnscryptCertificates.Pair;
import dev.weir.wire.KeyedHash;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What we have in common with clients that asked lately: agreeing on it takes many times as long as a query's encryption, and clients keep their
 * keys for a while. One place for each hash of a client's key, in which the latest client is; bounded, and belongs to one data thread.
 */
final class AgreedKeys {
    /** A power of two. At some 150 octets each. */
    private static final int PLACES = 1024;

    /** @param shared null: the client's key is one that nobody may have */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Agreed(Pair pair, byte[] clientKey, byte @Nullable [] shared) {}

    private final MessageBox box;
    private final @Nullable Agreed[] places = new @Nullable Agreed[PLACES];
    private final KeyedHash hash = KeyedHash.random();
    private List<Pair> known = List.of();

    AgreedKeys(MessageBox box) {
        this.box = box;
    }

    /**
     * The key for messages between a client and the resolver's key of a certificate.
     *
     * @param served all that the listener has now: what was agreed on with former ones is forgotten
     * @param offset where the client's public key stands
     * @return null for a public key that does not hide anything
     */
    byte @Nullable [] find(List<Pair> served, Pair pair, Construction construction, byte[] message, int offset) {
        if (served != known) {
            known = served;
            Arrays.fill(places, null);
        }
        int end = offset + MessageBox.KEY_BYTES;
        int place = hash.place(hash.octets(KeyedHash.START, message, offset, end)) & PLACES - 1;
        Agreed there = places[place];
        if (there != null
                && there.pair == pair
                && Arrays.equals(there.clientKey, 0, MessageBox.KEY_BYTES, message, offset, end)) {
            return there.shared;
        }
        byte[] shared = box.agree(construction, pair.privateKey(), message, offset);
        places[place] = new Agreed(pair, Arrays.copyOfRange(message, offset, end), shared);
        return shared;
    }
}
