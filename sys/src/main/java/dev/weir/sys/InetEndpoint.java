package dev.weir.sys;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An IP address and port in the primitive form of this room, as an object for the control plane.
 *
 * @param family 4 or 6
 * @param hi the upper 64 bits of an IPv6 address; 0 for IPv4
 * @param lo the lower 64 bits of an IPv6 address, or an IPv4 address in the low 32 bits
 * @param port 0 to 65535
 * @param scopeId interface index of a link-local IPv6 address, else 0
 */
public record InetEndpoint(int family, long hi, long lo, int port, int scopeId) {
    /** Checks family and port, and that an IPv4 address has no bits outside its 32. */
    public InetEndpoint {
        if (family != 4 && family != 6) {
            throw new IllegalArgumentException("address family " + family + " is neither 4 nor 6");
        }
        if (family == 4 && (hi != 0 || lo >>> 32 != 0)) {
            throw new IllegalArgumentException("an IPv4 address has 32 bits");
        }
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("port " + port + " is not within 0 to 65535");
        }
    }

    /** Returns the same address in this form. @throws IllegalArgumentException if the address is an unresolved name */
    public static InetEndpoint of(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            throw new IllegalArgumentException("unresolved address " + address);
        }
        ByteBuffer bytes = ByteBuffer.wrap(ip.getAddress());
        return ip instanceof Inet6Address v6
                ? new InetEndpoint(6, bytes.getLong(), bytes.getLong(), address.getPort(), v6.getScopeId())
                : new InetEndpoint(4, 0, Integer.toUnsignedLong(bytes.getInt()), address.getPort(), 0);
    }

    /** Returns the same address as the JDK's type. */
    public InetSocketAddress toInetSocketAddress() {
        try {
            InetAddress ip = family == 4
                    ? InetAddress.getByAddress(
                            ByteBuffer.allocate(4).putInt((int) lo).array())
                    : Inet6Address.getByAddress(
                            null,
                            ByteBuffer.allocate(16).putLong(hi).putLong(lo).array(),
                            scopeId == 0 ? -1 : scopeId);
            return new InetSocketAddress(ip, port);
        } catch (UnknownHostException e) {
            throw new AssertionError("the length is right", e);
        }
    }

    /** Returns whether this is 0.0.0.0 or ::, which binds to all addresses. */
    public boolean isWildcard() {
        return hi == 0 && lo == 0;
    }

    /** Returns {@code 192.0.2.1:53}, {@code [2001:db8::1]:53} or {@code [fe80::1%2]:53}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(48);
        if (family == 4) {
            text.append(lo >>> 24).append('.').append(lo >>> 16 & 0xFF).append('.');
            text.append(lo >>> 8 & 0xFF).append('.').append(lo & 0xFF);
        } else {
            appendV6(text.append('['));
            if (scopeId != 0) {
                text.append('%').append(scopeId);
            }
            text.append(']');
        }
        return text.append(':').append(port).toString();
    }

    /** Appends the form of RFC 5952: the first of the longest runs of two or more zero groups becomes {@code ::}. */
    private void appendV6(StringBuilder text) {
        int runStart = -1;
        int runLength = 1;
        for (int start = 0; start < 8; start++) {
            int end = start;
            while (end < 8 && group(end) == 0) {
                end++;
            }
            if (end - start > runLength) {
                runStart = start;
                runLength = end - start;
            }
        }
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
            } else {
                if (i > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(i)));
            }
        }
    }

    private int group(int index) {
        long half = index < 4 ? hi : lo;
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xFFFF;
    }
}
