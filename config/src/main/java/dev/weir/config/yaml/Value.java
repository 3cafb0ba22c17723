package dev.weir.config.yaml;

import java.util.List;

/**
 * A value of a file, of the type that the table wants there.
 *
 * @param content a Boolean, Long, Double, String, {@code byte[]} (of {@code !!binary}), {@link Section}, or a list of values
 * @param textLine where a text begins, which is below its key for a block
 */
public record Value(YamlPlace place, Object content, int textLine) {
    public Section section() {
        return (Section) content;
    }

    /** The elements of a list. */
    @SuppressWarnings("unchecked") // the reader makes no others
    public List<Value> elements() {
        return (List<Value>) content;
    }

    /** A single value as text; empty for maps and lists. */
    public String text() {
        return content instanceof List<?> || content instanceof Section ? "" : content.toString();
    }
}
