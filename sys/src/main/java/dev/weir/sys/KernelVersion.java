package dev.weir.sys;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of Linux, as in {@code 5.18}: what comes after the second number adds no features. */
public record KernelVersion(int major, int minor) implements Comparable<KernelVersion> {
    private static final Pattern TWO_NUMBERS = Pattern.compile("(\\d+)\\.(\\d+).*");

    /** Returns the running kernel's, 0.0 if it does not say. */
    public static KernelVersion running() {
        return parse(System.getProperty("os.version", ""));
    }

    /** Reads a version such as {@code 6.1.0-18-amd64}; 0.0 for what is none. */
    public static KernelVersion parse(String text) {
        Matcher matcher = TWO_NUMBERS.matcher(text);
        return matcher.matches()
                ? new KernelVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
                : new KernelVersion(0, 0);
    }

    /** Returns whether this is older than another version, as in {@code 5.8}. */
    public boolean isBefore(String other) {
        return compareTo(parse(other)) < 0;
    }

    @Override
    public int compareTo(KernelVersion other) {
        return major == other.major ? Integer.compare(minor, other.minor) : Integer.compare(major, other.major);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
