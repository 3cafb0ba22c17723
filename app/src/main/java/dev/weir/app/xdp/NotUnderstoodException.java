package dev.weir.app.xdp;

/** The command line says something that has no meaning. The message is one line for the operator. */
final class NotUnderstoodException extends Exception {
    private static final long serialVersionUID = 1;

    NotUnderstoodException(String message) {
        super(message);
    }
}
