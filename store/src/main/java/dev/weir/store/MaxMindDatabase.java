package dev.weir.store;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.store.GeoDatabase;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A database of MaxMind's format: a tree of address bits, whose leaves point to values.
 *
 * <pre>
 *   nodes: two records of 24, 28 or 32 bits each, for the next bit 0 and 1; below the number of nodes: a node, equal: nothing, above: a value
 *   16 zeros
 *   values: a control octet (type:3, size:5) and what the type has; type 0: the type follows; 29 to 31: more of the size follows
 *   0xab 0xcd 0xef "MaxMind.com" and a map that says how the rest is made
 * </pre>
 *
 * <p>All numbers are big-endian. Only what lies on the way to the value that is asked for is read; a pointer points to a value, never to another pointer.
 *
 * @see <a href="https://maxmind.github.io/MaxMind-DB/">MaxMind DB File Format Specification</a>
 */
final class MaxMindDatabase implements GeoDatabase {
    private static final byte[] MARKER = "\253\315\357MaxMind.com".getBytes(StandardCharsets.ISO_8859_1);
    private static final int MOST_METADATA = 128 * 1024;
    private static final int SEPARATOR = 16;
    private static final int DEEPEST = 64;
    private static final int MOST_VALUES = 100_000;
    private static final LogLimit COMPLAINTS = new LogLimit(60);

    private static final int POINTER = 1;
    private static final int TEXT = 2;
    private static final int DOUBLE = 3;
    private static final int OCTETS = 4;
    private static final int MAP = 7;
    private static final int SIGNED = 8;
    private static final int LARGE = 10;
    private static final int ARRAY = 11;
    private static final int TRUTH = 14;
    private static final int FLOAT = 15;

    private final Path path;
    private final @Nullable Layout layout;

    MaxMindDatabase(Path path) {
        this.path = path;
        Layout read = null;
        try {
            read = Layout.of(MappedFile.open(path));
        } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException | InternalError e) {
            complain(e.toString());
        }
        this.layout = read;
    }

    /** How a file is made. */
    private record Layout(MappedFile file, long nodes, int recordBits, int version, long values) {
        static Layout of(MappedFile file) {
            long start = metadata(file);
            Reader reader = new Reader(file, start);
            if (!(reader.read(start) instanceof Map<?, ?> map
                    && map.get("node_count") instanceof Long nodes
                    && map.get("record_size") instanceof Long bits
                    && map.get("ip_version") instanceof Long version)) {
                throw new IllegalArgumentException("its description is broken");
            }
            if (bits != 24 && bits != 28 && bits != 32) {
                throw new IllegalArgumentException("it has records of " + bits + " bits");
            }
            long values = nodes * (bits / 4) + SEPARATOR;
            return new Layout(file, nodes, (int) (long) bits, (int) (long) version, values);
        }

        private static long metadata(MappedFile file) {
            long last = Math.max(0, file.size() - MOST_METADATA);
            for (long at = file.size() - MARKER.length; at >= last; at--) {
                if (file.compare(at, MARKER.length, MARKER) == 0) {
                    return at + MARKER.length;
                }
            }
            throw new IllegalArgumentException("it is no MaxMind database");
        }

        long record(long node, int bit) {
            long at = node * (recordBits / 4);
            return switch (recordBits) {
                case 24 -> big(at + 3L * bit, 3);
                case 32 -> big(at + 4L * bit, 4);
                default -> {
                    int middle = file.u8(at + 3);
                    yield bit == 0
                            ? (long) (middle >>> 4) << 24 | big(at, 3)
                            : (long) (middle & 15) << 24 | big(at + 4, 3);
                }
            };
        }

        private long big(long at, int octets) {
            long value = 0;
            for (int i = 0; i < octets; i++) {
                value = value << 8 | file.u8(at + i);
            }
            return value;
        }

        /** Where the value of an address stands, or -1. */
        long find(IpAddress address) {
            if (address.isV6() && version == 4) {
                return -1;
            }
            byte[] octets = address.octets();
            int zeros = address.isV4() && version == 6 ? 96 : 0;
            long node = 0;
            for (int bit = 0; bit < zeros + 8 * octets.length && node < nodes; bit++) {
                int own = bit - zeros;
                node = record(node, own < 0 ? 0 : octets[own >>> 3] >>> (7 - (own & 7)) & 1);
            }
            return node <= nodes ? -1 : values + node - nodes - SEPARATOR;
        }
    }

    @Override
    public boolean exists(IpAddress address) {
        return ask(address, (layout, at) -> at >= 0 ? Boolean.TRUE : null) != null;
    }

    @Override
    public @Nullable Object query(IpAddress address, List<String> keys) {
        return ask(address, (layout, at) -> {
            Reader reader = new Reader(layout.file, layout.values);
            long place = at;
            for (int i = 0; i < keys.size() && place >= 0; i++) {
                place = reader.child(place, keys.get(i));
            }
            return place < 0 ? null : reader.read(place);
        });
    }

    private interface Question {
        @Nullable Object of(Layout layout, long at);
    }

    private @Nullable Object ask(IpAddress address, Question question) {
        Layout now = layout;
        try {
            return now == null ? null : question.of(now, now.find(address));
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException | InternalError broken) {
            complain(broken.toString());
            return null;
        }
    }

    private void complain(String why) {
        if (COMPLAINTS.admit(System.nanoTime()) > 0) {
            Log.error("Unable to read a MaxMind database", "rules", "path", path, "error", why);
        }
    }

    /** Reads values; pointers count from {@code base}. Made for one look-up. */
    private static final class Reader {
        private final MappedFile file;
        private final long base;
        private int seen;

        // Of the value that was begun last.
        private int type;
        private long size;
        private long start;

        /** Behind a pointer, or behind the value's head: where the walk goes on that is not for the value itself. */
        private long behindPointer;

        Reader(MappedFile file, long base) {
            this.file = file;
            this.base = base;
        }

        /** Reads a value's head, through a pointer. */
        private void begin(long at) {
            if (++seen > MOST_VALUES) {
                throw new IllegalArgumentException("a value has too many parts");
            }
            behindPointer = -1;
            head(at);
            if (type == POINTER) {
                long target = target();
                long behind = start;
                head(base + target);
                if (type == POINTER) {
                    throw new IllegalArgumentException("a pointer points to a pointer");
                }
                behindPointer = behind;
            }
        }

        private void head(long at) {
            int control = file.u8(at);
            long next = at + 1;
            type = control >>> 5;
            size = control & 31;
            if (type == POINTER) {
                start = next;
                return;
            }
            if (type == 0) {
                type = 7 + file.u8(next++);
            }
            if (size >= 29) {
                int more = (int) size - 28;
                long read = 0;
                for (int i = 0; i < more; i++) {
                    read = read << 8 | file.u8(next++);
                }
                size = read + (more == 1 ? 29 : more == 2 ? 285 : 65_821);
            }
            start = next;
        }

        /** Where a pointer points to; {@link #start} is behind it afterwards. */
        private long target() {
            int octets = (int) (size >>> 3) + 1;
            long target = octets == 4 ? 0 : size & 7;
            for (int i = 0; i < octets; i++) {
                target = target << 8 | file.u8(start + i);
            }
            start += octets;
            return target + (octets == 2 ? 2048 : octets == 3 ? 526_336 : 0);
        }

        /** Where the part of a map or list stands; -1 if there is none. */
        long child(long at, String key) {
            begin(at);
            if (type == MAP) {
                byte[] wanted = key.getBytes(StandardCharsets.UTF_8);
                long entries = size;
                long next = start;
                for (long i = 0; i < entries; i++) {
                    begin(next);
                    boolean found = type == TEXT && file.compare(start, size, wanted) == 0;
                    next = behindPointer >= 0 ? behindPointer : start + size;
                    if (found) {
                        return next;
                    }
                    next = skip(next, 0);
                }
            } else if (type == ARRAY && key.matches("[0-9]{1,9}")) {
                long entries = size;
                long next = start;
                int wanted = Integer.parseInt(key);
                for (long i = 0; i < entries; i++) {
                    if (i == wanted) {
                        return next;
                    }
                    next = skip(next, 0);
                }
            }
            return -1;
        }

        /** The offset behind a value. */
        private long skip(long at, int depth) {
            if (++seen > MOST_VALUES || depth > DEEPEST) {
                throw new IllegalArgumentException("a value is too deep, or has too many parts");
            }
            head(at);
            if (type == POINTER) {
                target();
                return start;
            }
            if (type != MAP && type != ARRAY) {
                return type == TRUTH ? start : start + size;
            }
            long parts = type == MAP ? 2 * size : size;
            long next = start;
            for (long i = 0; i < parts; i++) {
                next = skip(next, depth + 1);
            }
            return next;
        }

        Object read(long at) {
            return read(at, 0);
        }

        private Object read(long at, int depth) {
            if (depth > DEEPEST) {
                throw new IllegalArgumentException("a value is too deep");
            }
            begin(at);
            return switch (type) {
                case TEXT -> new String(octets(), StandardCharsets.UTF_8);
                case OCTETS -> octets();
                case DOUBLE -> Double.longBitsToDouble(number());
                case FLOAT -> (double) Float.intBitsToFloat((int) number());
                case TRUTH -> size != 0;
                case LARGE -> new BigInteger(1, octets()).toString();
                case SIGNED -> (long) (int) number();
                case MAP -> map(depth);
                case ARRAY -> array(depth);
                case 5, 6, 9 -> number();
                default -> throw new IllegalArgumentException("a value of the type " + type);
            };
        }

        private byte[] octets() {
            return file.copy(start, size);
        }

        private long number() {
            if (size > 8) {
                throw new IllegalArgumentException("a number of " + size + " octets");
            }
            long value = 0;
            for (int i = 0; i < size; i++) {
                value = value << 8 | file.u8(start + i);
            }
            return value;
        }

        private Map<String, Object> map(int depth) {
            Map<String, Object> map = new LinkedHashMap<>();
            long entries = size;
            long next = start;
            for (long i = 0; i < entries; i++) {
                Object key = read(next, depth + 1);
                next = skip(next, 0);
                map.put(String.valueOf(key), read(next, depth + 1));
                next = skip(next, 0);
            }
            return map;
        }

        private List<Object> array(int depth) {
            List<Object> list = new ArrayList<>();
            long entries = size;
            long next = start;
            for (long i = 0; i < entries; i++) {
                list.add(read(next, depth + 1));
                next = skip(next, 0);
            }
            return list;
        }
    }
}
