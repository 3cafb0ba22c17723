package dev.weir.script.listing;

import java.util.Locale;

/**
 * The columns of a listing: each cell is filled up to its width with one space between two cells, and a longer one pushes what follows
 * to the right. The last cell is not filled up when its width is 0.
 */
final class Columns {
    private final int[] widths;
    private final boolean[] left;
    private final int[] longest;

    /** @param layout one word a column, as printf has it: {@code -30.20} is 30 wide, stands on the left, and cuts text at 20 characters */
    Columns(String layout) {
        String[] words = layout.split(" ", -1);
        widths = new int[words.length];
        left = new boolean[words.length];
        longest = new int[words.length];
        for (int i = 0; i < words.length; i++) {
            String word = words[i];
            left[i] = word.startsWith("-");
            int point = word.indexOf('.');
            int end = point < 0 ? word.length() : point;
            widths[i] = Integer.parseInt(word, left[i] ? 1 : 0, end, 10);
            longest[i] = point < 0 ? Integer.MAX_VALUE : Integer.parseInt(word, point + 1, word.length(), 10);
        }
    }

    /** Appends one line. Floating-point cells must come as text: how many digits they show is the listing's affair. */
    void line(StringBuilder to, Object... cells) {
        if (cells.length != widths.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + widths.length + " columns");
        }
        for (int i = 0; i < cells.length; i++) {
            if (i > 0) {
                to.append(' ');
            }
            String text = cells[i].toString();
            text = text.length() > longest[i] ? text.substring(0, longest[i]) : text;
            String padding = " ".repeat(Math.max(0, widths[i] - text.length()));
            to.append(left[i] ? "" : padding).append(text).append(left[i] ? padding : "");
        }
        to.append('\n');
    }

    /** With one digit behind the point. */
    static String tenths(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
