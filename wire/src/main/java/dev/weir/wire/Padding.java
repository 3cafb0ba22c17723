package dev.weir.wire;

/**
 * Makes answers as long as many others are, so that who watches an encrypted connection learns little from their lengths (RFC 7830; the policy is
 * that of RFC 8467 section 4.1). One object serves one thread.
 */
public final class Padding {
    /** The option's code. */
    public static final int OPTION = 12;

    /** Answers are padded to the next multiple. */
    public static final int BLOCK = 468;

    private static final int OPTION_HEADER = 4;
    private static final byte[] ZEROS = new byte[BLOCK];

    private final EdnsEditor editor = new EdnsEditor();

    /** Pads a message that has an OPT, in the place of padding that it has; returns its new length or a {@link WireFault} code. */
    public int pad(byte[] message, int length) {
        int bare = editor.removeOption(message, length, OPTION);
        if (bare < 0) {
            return bare;
        }
        int padding = (BLOCK - (bare + OPTION_HEADER) % BLOCK) % BLOCK;
        int padded = editor.appendOption(message, bare, OPTION, ZEROS, 0, padding);
        return padded < 0 ? bare : padded;
    }
}
