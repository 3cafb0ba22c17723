package dev.weir.engine.listen;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel makes cookies of that let clients send data with their first packet (RFC 7413): hosts behind one address share it
 * ({@code setTCPFastOpenKey}). Four words, written as in {@code net.ipv4.tcp_fastopen_key}.
 */
public record FastOpenKey(int first, int second, int third, int fourth) {
    private static final int WORDS = 4;
    private static final int HEXADECIMAL = 16;
    private static final Pattern WRITTEN =
            Pattern.compile("(\\p{XDigit}{1,8})-(\\p{XDigit}{1,8})-(\\p{XDigit}{1,8})-(\\p{XDigit}{1,8})");

    /** @throws IllegalArgumentException the text is no key; the message does not repeat it */
    public static FastOpenKey parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "a key is four hexadecimal numbers with a '-' between them, as net.ipv4.tcp_fastopen_key has it");
        }
        int[] words = new int[WORDS];
        for (int i = 0; i < WORDS; i++) {
            words[i] = Integer.parseUnsignedInt(matcher.group(i + 1), HEXADECIMAL);
        }
        return new FastOpenKey(words[0], words[1], words[2], words[3]);
    }
}
