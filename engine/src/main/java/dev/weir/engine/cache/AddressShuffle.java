package dev.weir.engine.cache;

import dev.weir.wire.Header;
import dev.weir.wire.Names;
import dev.weir.wire.Octets;
import dev.weir.wire.RecordType;
import java.util.function.IntUnaryOperator;

/**
 * Puts the A and AAAA records of an answer into random order, set by set (Fisher and Yates).
 *
 * <p>Only RDATA changes places, never an owner name that a compression pointer may point at. A set is a run of records with the same owner
 * octets, type, class and RDATA length; what is less regular stays in order.
 */
final class AddressShuffle {
    private AddressShuffle() {}

    static void shuffle(byte[] message, int length, IntUnaryOperator random) {
        int at = Names.endOfPlain(message, length, Header.LENGTH) + 4;
        if (at < Header.LENGTH || Header.qdcount(message) != 1) {
            return;
        }
        int left = Header.ancount(message);
        while (left > 0) {
            int fields = Names.skip(message, length, at);
            int end = fields < 0 || fields + 10 > length ? -1 : fields + 10 + Octets.u16(message, fields + 8);
            if (end < 0 || end > length) {
                return;
            }
            int run = run(message, length, at, fields, end, left);
            if (run > 1) {
                shuffleRun(message, fields + 10, end - fields - 10, end - at, run, random);
            }
            at += run * (end - at);
            left -= run;
        }
    }

    /** How many records from this one on are of one set of addresses; 1 for other records. */
    private static int run(byte[] message, int length, int at, int fields, int end, int left) {
        int type = Octets.u16(message, fields);
        int stride = end - at;
        int run = 1;
        if (type != RecordType.A && type != RecordType.AAAA) {
            return run;
        }
        while (run < left && at + (run + 1) * stride <= length && isSame(message, at, at + run * stride, fields - at)) {
            run++;
        }
        return run;
    }

    private static boolean isSame(byte[] message, int first, int other, int ownerLength) {
        for (int i = 0; i < ownerLength + 4; i++) {
            if (message[first + i] != message[other + i]) {
                return false;
            }
        }
        return Octets.u16(message, first + ownerLength + 8) == Octets.u16(message, other + ownerLength + 8);
    }

    private static void shuffleRun(
            byte[] message, int rdOffset, int rdLength, int stride, int count, IntUnaryOperator random) {
        for (int i = count - 1; i > 0; i--) {
            int j = random.applyAsInt(i + 1);
            for (int k = 0; i != j && k < rdLength; k++) {
                byte octet = message[rdOffset + i * stride + k];
                message[rdOffset + i * stride + k] = message[rdOffset + j * stride + k];
                message[rdOffset + j * stride + k] = octet;
            }
        }
    }
}
