package dev.weir.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was read from a record of the types SVCB and HTTPS (RFC 9460 section 2.2); {@link ServiceBinding} is for those that are made. Immutable.
 *
 * @param priority 0: an alias without parameters
 * @param target the root: the owner itself
 * @param values by key
 */
public record ServiceParameters(int priority, Name target, SortedMap<Integer, byte[]> values) {
    private static final int IPV4 = 4;
    private static final int IPV6 = 16;

    /**
     * Reads RDATA within a message.
     *
     * @return null if it is broken: cut, with keys that do not ascend, or with values that are not what they must be
     */
    public static @Nullable ServiceParameters parse(byte[] message, int offset, int length) {
        int end = offset + length;
        int nameEnd = length < 3 ? -1 : Names.endOfPlain(message, end, offset + 2);
        if (nameEnd < 0) {
            return null;
        }
        SortedMap<Integer, byte[]> values = new TreeMap<>();
        int at = nameEnd;
        while (at < end) {
            int valueEnd = at + 4 > end ? end + 1 : at + 4 + Octets.u16(message, at + 2);
            if (valueEnd > end) {
                return null;
            }
            int key = Octets.u16(message, at);
            byte[] value = Arrays.copyOfRange(message, at + 4, valueEnd);
            if (!values.isEmpty() && values.lastKey() >= key || !isValid(key, value)) {
                return null;
            }
            values.put(key, value);
            at = valueEnd;
        }
        Name target = Name.ofWire(message, offset + 2, nameEnd - offset - 2);
        return new ServiceParameters(Octets.u16(message, offset), target, values);
    }

    private static boolean isValid(int key, byte[] value) {
        return switch (key) {
            case ServiceBinding.MANDATORY -> value.length > 0 && value.length % 2 == 0;
            case ServiceBinding.ALPN -> value.length > 0 && texts(value) != null;
            case ServiceBinding.PORT -> value.length == 2;
            case ServiceBinding.IPV4_HINT -> value.length > 0 && value.length % IPV4 == 0;
            case ServiceBinding.IPV6_HINT -> value.length > 0 && value.length % IPV6 == 0;
            default -> true;
        };
    }

    /** The strings behind their lengths; null if they do not fill the value. */
    private static @Nullable List<String> texts(byte[] value) {
        List<String> all = new ArrayList<>();
        int at = 0;
        while (at < value.length) {
            int end = at + 1 + Octets.u8(value, at);
            if (end > value.length || end == at + 1) {
                return null;
            }
            all.add(new String(value, at + 1, end - at - 1, StandardCharsets.ISO_8859_1));
            at = end;
        }
        return all;
    }

    /** The protocols that are spoken there. */
    public List<String> alpn() {
        byte[] value = values.get(ServiceBinding.ALPN);
        List<String> all = value == null ? null : texts(value);
        return all == null ? List.of() : all;
    }

    /** The keys that must be understood by whoever uses the record. */
    public List<Integer> mandatory() {
        byte[] value = values.get(ServiceBinding.MANDATORY);
        List<Integer> all = new ArrayList<>();
        for (int at = 0; value != null && at < value.length; at += 2) {
            all.add(Octets.u16(value, at));
        }
        return all;
    }

    /** The port, or another one if none is given. */
    public int portOr(int usual) {
        byte[] value = values.get(ServiceBinding.PORT);
        return value == null ? usual : Octets.u16(value, 0);
    }

    /** A value as a text; empty if it is not given. */
    public String text(int key) {
        byte[] value = values.get(key);
        return value == null ? "" : new String(value, StandardCharsets.ISO_8859_1);
    }

    /** Addresses of the target, in four and sixteen octets. */
    public List<byte[]> hints() {
        List<byte[]> all = new ArrayList<>();
        split(values.get(ServiceBinding.IPV4_HINT), IPV4, all);
        split(values.get(ServiceBinding.IPV6_HINT), IPV6, all);
        return all;
    }

    private static void split(byte @Nullable [] value, int size, List<byte[]> to) {
        for (int at = 0; value != null && at < value.length; at += size) {
            to.add(Arrays.copyOfRange(value, at, at + size));
        }
    }
}
