package dev.weir.web.console;

import java.io.IOException;

/** The other end does not speak the console protocol as it should: wrong key, message too large, closed too early. */
public final class ConsoleException extends IOException {
    public ConsoleException(String message) {
        super(message);
    }
}
