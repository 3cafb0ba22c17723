package dev.weir.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Composes databases of MaxMind's format, version 2: an IPv6 tree, in which IPv4 networks stand below ::/96. */
public final class MaxMindFile {
    private static final byte[] MARKER = "\253\315\357MaxMind.com".getBytes(StandardCharsets.ISO_8859_1);
    private static final int SEPARATOR = 16;

    private final int recordBits;
    private final List<int[]> nodes = new ArrayList<>();
    private final List<byte[]> values = new ArrayList<>();

    /** @param recordBits 24, 28 or 32 */
    public MaxMindFile(int recordBits) {
        this.recordBits = recordBits;
        nodes.add(new int[2]);
    }

    /** Sets what is known of a network. Records are 0 for nothing, above 0 for a node, below 0 for a value. */
    public MaxMindFile put(String address, int prefix, Map<String, Object> value) {
        byte[] octets = IpText.parse(address);
        boolean four = octets.length == 4;
        byte[] whole = new byte[16];
        System.arraycopy(octets, 0, whole, four ? 12 : 0, octets.length);
        int bits = prefix + (four ? 96 : 0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, value);
        values.add(out.toByteArray());
        int node = 0;
        for (int bit = 0; bit < bits; bit++) {
            int side = whole[bit >>> 3] >>> (7 - (bit & 7)) & 1;
            if (bit == bits - 1) {
                nodes.get(node)[side] = -values.size();
            } else {
                if (nodes.get(node)[side] <= 0) {
                    nodes.add(new int[2]);
                    nodes.get(node)[side] = nodes.size() - 1;
                }
                node = nodes.get(node)[side];
            }
        }
        return this;
    }

    /** The file's octets. */
    public byte[] compose() {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        List<Integer> places = new ArrayList<>();
        for (byte[] value : values) {
            places.add(data.size());
            data.writeBytes(value);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int[] node : nodes) {
            long left = record(node[0], places);
            long right = record(node[1], places);
            if (recordBits == 28) {
                big(out, left & 0xffffff, 3);
                out.write((int) (left >>> 24 << 4 | right >>> 24));
                big(out, right & 0xffffff, 3);
            } else {
                big(out, left, recordBits / 8);
                big(out, right, recordBits / 8);
            }
        }
        out.writeBytes(new byte[SEPARATOR]);
        out.writeBytes(data.toByteArray());
        out.writeBytes(MARKER);
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("node_count", (long) nodes.size());
        about.put("record_size", (long) recordBits);
        about.put("ip_version", 6L);
        about.put("database_type", "Test");
        write(out, about);
        return out.toByteArray();
    }

    private long record(int entry, List<Integer> places) {
        return entry > 0 ? entry : entry == 0 ? nodes.size() : (long) nodes.size() + SEPARATOR + places.get(-entry - 1);
    }

    private static void big(ByteArrayOutputStream out, long value, int octets) {
        for (int i = octets - 1; i >= 0; i--) {
            out.write((int) (value >>> 8 * i));
        }
    }

    private static void write(ByteArrayOutputStream out, Object value) {
        switch (value) {
            case String text -> {
                byte[] octets = text.getBytes(StandardCharsets.UTF_8);
                head(out, 2, octets.length);
                out.writeBytes(octets);
            }
            case Long number -> {
                head(out, 9, 8);
                big(out, number, 8);
            }
            case Double number -> {
                head(out, 3, 8);
                out.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
            }
            case Boolean truth -> head(out, 14, truth ? 1 : 0);
            case List<?> list -> {
                head(out, 11, list.size());
                list.forEach(each -> write(out, each));
            }
            case Map<?, ?> map -> {
                head(out, 7, map.size());
                map.forEach((key, each) -> {
                    write(out, key);
                    write(out, each);
                });
            }
            default -> throw new IllegalArgumentException(value.toString());
        }
    }

    private static void head(ByteArrayOutputStream out, int type, int size) {
        int low = size < 29 ? size : size < 285 ? 29 : 30;
        out.write((type <= 7 ? type << 5 : 0) | low);
        if (type > 7) {
            out.write(type - 7);
        }
        if (low == 29) {
            out.write(size - 29);
        } else if (low == 30) {
            big(out, size - 285, 2);
        }
    }
}
