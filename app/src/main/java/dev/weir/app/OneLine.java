package dev.weir.app;

import org.jspecify.annotations.Nullable;

/** A failure as one line for people: its message, or its kind where that says more. */
final class OneLine {
    private OneLine() {}

    /** The first cause that says something, without line breaks; the kind of an error or of what has no message stands in front. */
    static String of(Throwable failure) {
        Throwable told = failure;
        while (told.getCause() != null && (told.getMessage() == null || isWrapper(told))) {
            told = told.getCause();
        }
        String message = told.getMessage();
        boolean plain = message != null && !(told instanceof Error) && !(told instanceof NullPointerException);
        return unbroken(plain ? message : told.toString());
    }

    /** Its message only repeats what it wraps. */
    private static boolean isWrapper(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause != null && cause.toString().equals(failure.getMessage())
                || failure instanceof ExceptionInInitializerError;
    }

    private static String unbroken(@Nullable String text) {
        return String.valueOf(text).strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
