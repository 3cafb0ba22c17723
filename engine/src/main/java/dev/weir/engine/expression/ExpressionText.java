package dev.weir.engine.expression;

/** Octets that expressions are matched against, with what {@link Essentials} asks of them. Used again; belongs to one thread. */
public final class ExpressionText {
    private final byte[] octets;
    private int length;
    private long letters;
    private long pairsLow;
    private long pairsHigh;

    /** @param most the longest text it will hold, in octets */
    public ExpressionText(int most) {
        octets = new byte[most];
    }

    /** Empties it. */
    public void clear() {
        length = 0;
    }

    /** Adds an octet; {@link #finish} must follow the last one. */
    public void append(int octet) {
        octets[length++] = (byte) octet;
    }

    /** Adds a text's characters, each one octet. */
    public void append(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            append(text.charAt(i));
        }
    }

    /** Looks at what was added. */
    public void finish() {
        long seen = 0;
        long low = 0;
        long high = 0;
        int before = Essentials.START;
        for (int i = 0; i <= length; i++) {
            int letter = i == length ? Essentials.END : lower(octets[i] & 0xff);
            int pair = Essentials.pairBit(before, letter);
            long bit = 1L << pair;
            low |= pair < 64 ? bit : 0;
            high |= pair < 64 ? 0 : bit;
            seen |= i == length ? 0 : Essentials.letterBit(letter);
            before = letter;
        }
        letters = seen;
        pairsLow = low;
        pairsHigh = high;
    }

    private static int lower(int octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
    }

    byte[] octets() {
        return octets;
    }

    int length() {
        return length;
    }

    long letters() {
        return letters;
    }

    long pairsLow() {
        return pairsLow;
    }

    long pairsHigh() {
        return pairsHigh;
    }
}
