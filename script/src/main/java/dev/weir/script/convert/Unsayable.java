package dev.weir.script.convert;

/** Something that YAML has no words for; the message says what. */
final class Unsayable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unsayable(String message) {
        super(message, null, false, false);
    }
}
