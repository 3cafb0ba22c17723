package dev.weir.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Addresses as the command line writes them: {@code 192.0.2.1}, {@code 192.0.2.1:53}, {@code 2001:db8::1}, {@code [2001:db8::1]:53}. */
final class AddressText {
    private AddressText() {}

    /** Reads an address; null when it is none, host names included, for names are not resolved. */
    static @Nullable InetSocketAddress parse(String text, int defaultPort) {
        String host = text;
        String port = "";
        int closing = text.lastIndexOf(']');
        int colon = text.lastIndexOf(':');
        if (text.startsWith("[") && closing > 0) {
            host = text.substring(1, closing);
            if (colon == closing + 1) {
                port = text.substring(colon + 1);
            } else if (closing != text.length() - 1) {
                return null;
            }
        } else if (colon >= 0 && text.indexOf(':') == colon) {
            host = text.substring(0, colon);
            port = text.substring(colon + 1);
        }
        try {
            int number = port.isEmpty() ? defaultPort : Integer.parseInt(port);
            return new InetSocketAddress(InetAddress.ofLiteral(host), number);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
