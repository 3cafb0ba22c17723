package dev.weir.testkit;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** IP addresses between text and bytes, never asking a resolver. */
final class IpText {
    private IpText() {}

    static byte[] parse(String literal) {
        return InetAddress.ofLiteral(literal).getAddress();
    }

    static String format(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + address.length + " bytes", e);
        }
    }
}
