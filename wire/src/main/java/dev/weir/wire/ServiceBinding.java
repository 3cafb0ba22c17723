package dev.weir.wire;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a record of the types SVCB and HTTPS says: priority, target and parameters (RFC 9460 2). Immutable.
 *
 * <pre>
 *   u16 priority, 0: an alias without parameters
 *   name target, uncompressed; the root: the owner itself
 *   u16 key, u16 length, value, in ascending order of keys
 * </pre>
 *
 * @param ipv4Hints addresses of the target, four octets each
 * @param ipv6Hints sixteen octets each
 */
public record ServiceBinding(int priority, Name target, byte[] rdata, List<byte[]> ipv4Hints, List<byte[]> ipv6Hints) {
    public static final int MANDATORY = 0;
    public static final int ALPN = 1;
    public static final int NO_DEFAULT_ALPN = 2;
    public static final int PORT = 3;
    public static final int IPV4_HINT = 4;
    public static final int ECH = 5;
    public static final int IPV6_HINT = 6;

    private static final int MOST = 0xffff;

    public ServiceBinding {
        ipv4Hints = List.copyOf(ipv4Hints);
        ipv6Hints = List.copyOf(ipv6Hints);
    }

    /** Begins one. */
    public static Builder to(int priority, Name target) {
        return new Builder(priority, target);
    }

    /**
     * The key behind a name, such as {@code port} or {@code key7}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static int key(String name) {
        return switch (name) {
            case "mandatory" -> MANDATORY;
            case "alpn" -> ALPN;
            case "no-default-alpn" -> NO_DEFAULT_ALPN;
            case "port" -> PORT;
            case "ipv4hint" -> IPV4_HINT;
            case "ech" -> ECH;
            case "ipv6hint" -> IPV6_HINT;
            default -> numbered(name);
        };
    }

    private static int numbered(String name) {
        if (name.matches("key[0-9]{1,5}") && Integer.parseInt(name.substring(3)) <= MOST) {
            return Integer.parseInt(name.substring(3));
        }
        throw new IllegalArgumentException("'" + name + "' is not a parameter of SVCB records");
    }

    /** One under construction. Not for several threads at once. */
    public static final class Builder {
        private final int priority;
        private final Name target;
        private final SortedSet<Integer> mandatory = new TreeSet<>();
        private final List<byte[]> alpn = new ArrayList<>();
        private final List<byte[]> ipv4Hints = new ArrayList<>();
        private final List<byte[]> ipv6Hints = new ArrayList<>();
        private final Map<Integer, byte[]> others = new TreeMap<>();

        private Builder(int priority, Name target) {
            this.priority = priority;
            this.target = target;
        }

        /** A key that clients must understand to use the record. */
        public Builder mandatory(int key) {
            mandatory.add(key);
            return this;
        }

        /**
         * A protocol spoken there.
         *
         * @throws IllegalArgumentException unless its name has 1 to 255 octets
         */
        public Builder alpn(byte[] protocol) {
            if (protocol.length == 0 || protocol.length > 0xff) {
                throw new IllegalArgumentException("the name of a protocol has 1 to 255 octets");
            }
            alpn.add(protocol.clone());
            return this;
        }

        /** The protocol that the scheme implies is not spoken there. */
        public Builder noDefaultAlpn() {
            others.put(NO_DEFAULT_ALPN, new byte[0]);
            return this;
        }

        public Builder port(int port) {
            others.put(PORT, new byte[] {(byte) (port >>> 8), (byte) port});
            return this;
        }

        /** An address of the target, in four or sixteen octets. */
        public Builder hint(byte[] address) {
            (address.length == 4 ? ipv4Hints : ipv6Hints).add(address.clone());
            return this;
        }

        /** The configuration of Encrypted Client Hello. */
        public Builder ech(byte[] configuration) {
            return parameter(ECH, configuration);
        }

        /** Any other parameter. */
        public Builder parameter(int key, byte[] value) {
            others.put(key, value.clone());
            return this;
        }

        /** @throws IllegalArgumentException if it is longer than a record can be */
        public ServiceBinding build() {
            Map<Integer, byte[]> all = new TreeMap<>(others);
            if (!mandatory.isEmpty()) {
                all.put(MANDATORY, keys());
            }
            if (!alpn.isEmpty()) {
                all.put(ALPN, protocols());
            }
            if (!ipv4Hints.isEmpty()) {
                all.put(IPV4_HINT, joined(ipv4Hints));
            }
            if (!ipv6Hints.isEmpty()) {
                all.put(IPV6_HINT, joined(ipv6Hints));
            }
            ByteArrayOutputStream rdata = new ByteArrayOutputStream();
            putU16(rdata, priority);
            rdata.writeBytes(target.toWire());
            if (priority != 0) {
                all.forEach((key, value) -> {
                    putU16(rdata, key);
                    putU16(rdata, value.length);
                    rdata.writeBytes(value);
                });
            }
            if (rdata.size() > MOST) {
                throw new IllegalArgumentException("SVCB parameters of " + rdata.size() + " octets fit no record");
            }
            return new ServiceBinding(priority, target, rdata.toByteArray(), ipv4Hints, ipv6Hints);
        }

        private byte[] keys() {
            ByteArrayOutputStream value = new ByteArrayOutputStream();
            mandatory.forEach(key -> putU16(value, key));
            return value.toByteArray();
        }

        private byte[] protocols() {
            ByteArrayOutputStream value = new ByteArrayOutputStream();
            for (byte[] protocol : alpn) {
                value.write(protocol.length);
                value.writeBytes(protocol);
            }
            return value.toByteArray();
        }

        private static byte[] joined(List<byte[]> parts) {
            ByteArrayOutputStream value = new ByteArrayOutputStream();
            parts.forEach(value::writeBytes);
            return value.toByteArray();
        }

        private static void putU16(ByteArrayOutputStream target, int value) {
            target.write(value >>> 8);
            target.write(value);
        }
    }
}
