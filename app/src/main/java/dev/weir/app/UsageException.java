package dev.weir.app;

/** The command line cannot be understood. The message is one line for the operator. */
final class UsageException extends Exception {
    UsageException(String message) {
        super(message);
    }
}
