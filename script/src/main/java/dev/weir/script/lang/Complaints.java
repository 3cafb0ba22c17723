package dev.weir.script.lang;

/** Where mistakes go that do not stop a configuration. */
@FunctionalInterface
public interface Complaints {
    /**
     * Reports a mistake at the place that is being executed.
     *
     * @param subject the function, or whatever else the mistake is in
     */
    void complain(String subject, String message);
}
