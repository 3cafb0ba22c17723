package dev.weir.engine.log;

/**
 * The fixed words of a log line that reads differently in its two forms.
 *
 * <p>Most lines do not need one: {@link Log} also takes text and subsystem directly and derives the plain form.
 *
 * @param subsystem the part of Weir that speaks; with {@code text} it identifies the line
 * @param text the {@code msg} field of the structured form, the same for all lines of this kind
 * @param plain the sentence printed when structured logging is off; <code>{key}</code> stands for the value of that key
 */
public record Message(String subsystem, String text, String plain) {}
