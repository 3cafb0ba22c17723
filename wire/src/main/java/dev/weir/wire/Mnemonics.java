package dev.weir.wire;

/** Reads numbers written behind a generic prefix: TYPE123, CLASS1 (RFC 3597 5). */
final class Mnemonics {
    private Mnemonics() {}

    /** The 16-bit number behind {@code prefix}, case aside; {@code -1} when the text is no such thing. */
    static int parseGeneric(String text, String prefix) {
        int digits = text.length() - prefix.length();
        if (digits < 1 || digits > 5 || !text.regionMatches(true, 0, prefix, 0, prefix.length())) {
            return -1;
        }
        int number = 0;
        for (int i = prefix.length(); i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + c - '0';
        }
        return number <= 0xffff ? number : -1;
    }
}
