package dev.weir.net.dnscrypt;

import org.bouncycastle.crypto.engines.ChaChaEngine;
import org.bouncycastle.crypto.engines.Salsa20Engine;

/**
 * What a certificate's queries are encrypted with: the stream cipher behind Poly1305, and how its state of sixteen words is laid out. Words
 * are little-endian.
 *
 * <pre>
 *   Salsa20                              ChaCha20
 *    c0   key0  key1  key2                c0    c1    c2    c3
 *   key3   c1   in0   in1                key0  key1  key2  key3
 *   in2   in3    c2   key4               key4  key5  key6  key7
 *   key5  key6  key7   c3                in0   in1   in2   in3
 * </pre>
 *
 * The sixteen octets "in" are, in the stream, eight of nonce and eight of counter with Salsa20, and the other way round with ChaCha20. Both make
 * of the first sixteen octets of a nonce a key of its own (HSalsa20, HChaCha20), so that 24 octets may be chosen at random.
 *
 * <ol>
 *   <li>D. J. Bernstein: Extending the Salsa20 nonce. 2008
 *   <li>draft-irtf-cfrg-xchacha-03, section 2.2
 * </ol>
 */
enum Construction {
    XSALSA20(new int[] {0, 5, 10, 15}, new int[] {1, 2, 3, 4, 11, 12, 13, 14}, new int[] {6, 7, 8, 9}, 0, 2) {
        @Override
        void core(int[] state, int[] block) {
            Salsa20Engine.salsaCore(ROUNDS, state, block);
        }
    },
    XCHACHA20(new int[] {0, 1, 2, 3}, new int[] {4, 5, 6, 7, 8, 9, 10, 11}, new int[] {12, 13, 14, 15}, 2, 0) {
        @Override
        void core(int[] state, int[] block) {
            ChaChaEngine.chachaCore(ROUNDS, state, block);
        }
    };

    private static final int ROUNDS = 20;

    /** "expand 32-byte k". */
    private static final int[] CONSTANTS = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

    @SuppressWarnings("ImmutableEnumChecker") // written by nobody
    private final int[] constants;

    @SuppressWarnings("ImmutableEnumChecker") // written by nobody
    private final int[] key;

    @SuppressWarnings("ImmutableEnumChecker") // written by nobody
    private final int[] input;

    private final int nonce;
    private final int counter;

    Construction(int[] constants, int[] key, int[] input, int nonce, int counter) {
        this.constants = constants;
        this.key = key;
        this.input = input;
        this.nonce = nonce;
        this.counter = counter;
    }

    /** The one of a certificate's version, which is 1 or 2. */
    static Construction ofVersion(int version) {
        return version == 2 ? XCHACHA20 : XSALSA20;
    }

    /** One block of the stream: the rounds over the state, and the state added to what they make. */
    abstract void core(int[] state, int[] block);

    /** Puts constants and a key of eight words into a state. */
    final void start(int[] state, int[] keyWords) {
        for (int i = 0; i < constants.length; i++) {
            state[constants[i]] = CONSTANTS[i];
        }
        for (int i = 0; i < key.length; i++) {
            state[key[i]] = keyWords[i];
        }
    }

    /** Makes a key of another, which stands in the state, and four words; it needs the state and a block for itself. */
    final void hash(int[] state, int[] block, int in0, int in1, int in2, int in3, int[] to) {
        state[input[0]] = in0;
        state[input[1]] = in1;
        state[input[2]] = in2;
        state[input[3]] = in3;
        core(state, block);
        // Without the state's own words, which are the key and nobody else's business.
        for (int i = 0; i < 4; i++) {
            to[i] = block[constants[i]] - CONSTANTS[i];
            to[4 + i] = block[input[i]] - state[input[i]];
        }
    }

    /** Sets the last eight octets of the nonce and begins the stream. */
    final void begin(int[] state, int nonce0, int nonce1) {
        state[input[nonce]] = nonce0;
        state[input[nonce + 1]] = nonce1;
        state[input[counter]] = 0;
        state[input[counter + 1]] = 0;
    }

    /** The next block; messages are far shorter than what one word counts. */
    final void next(int[] state) {
        state[input[counter]]++;
    }
}
