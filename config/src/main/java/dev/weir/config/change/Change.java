package dev.weir.config.change;

/**
 * One thing in which two configurations differ.
 *
 * @param subject what kind of thing
 * @param text which one, and in what it differs
 */
public record Change(Kind kind, Subject subject, String text) {
    /** How they differ. */
    public enum Kind {
        ADDED('+'),
        REMOVED('-'),
        CHANGED('~');

        final char sign;

        Kind(char sign) {
            this.sign = sign;
        }
    }

    /** What they differ in. */
    public enum Subject {
        LISTENER,
        SERVER,
        POOL,
        CACHE,
        RULE,
        SETTING;

        /** Its name for people and programs. */
        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** As in {@code + server 192.0.2.1:53}. */
    @Override
    public String toString() {
        return kind.sign + " " + subject.word() + " " + text;
    }
}
