package dev.weir.script.convert;

/**
 * Something that a configuration says and its conversion does not.
 *
 * @param place {@code file:line}; empty if it is not known
 * @param what the function, and why
 */
public record Leftover(String place, String what) {
    @Override
    public String toString() {
        return place.isEmpty() ? what : place + ": " + what;
    }
}
