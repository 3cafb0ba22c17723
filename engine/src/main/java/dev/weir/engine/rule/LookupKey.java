package dev.weir.engine.rule;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.query.Query;
import dev.weir.engine.store.KeyValueStore;
import dev.weir.wire.Name;
import dev.weir.wire.Names;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What of a query is looked up in a store. A closed set; called on data threads. */
public sealed interface LookupKey {
    /**
     * The value of the first key that has one, or null.
     *
     * @param range whether keys are looked for in ranges
     */
    byte @Nullable [] find(KeyValueStore store, Query query, boolean range);

    /** As {@code showRules()} has it. */
    String text();

    private static byte @Nullable [] find(KeyValueStore store, byte[] key, boolean range) {
        return range ? store.lookupRange(key) : store.lookup(key);
    }

    /** The client's address in four or sixteen octets, cut to a network, and its port behind it if that is wanted. */
    record SourceIp(int v4Prefix, int v6Prefix, boolean withPort) implements LookupKey {
        @Override
        public byte @Nullable [] find(KeyValueStore store, Query query, boolean range) {
            return LookupKey.find(
                    store,
                    of(query.origin().client().ip(), query.origin().client().port()),
                    range);
        }

        private byte[] of(IpAddress address, int port) {
            byte[] octets =
                    address.truncate(address.isV4() ? v4Prefix : v6Prefix).octets();
            if (!withPort) {
                return octets;
            }
            byte[] both = java.util.Arrays.copyOf(octets, octets.length + 2);
            both[octets.length] = (byte) (port >>> 8);
            both[octets.length + 1] = (byte) port;
            return both;
        }

        @Override
        public String text() {
            return "source IP (masked to " + v4Prefix + " (v4) / " + v6Prefix + " (v6) bits)"
                    + (withPort ? " including the port" : "");
        }
    }

    /** The name in lower case, in wire format or as text without the final dot. */
    record QName(boolean wire) implements LookupKey {
        @Override
        public byte @Nullable [] find(KeyValueStore store, Query query, boolean range) {
            return LookupKey.find(store, of(query.name(), wire), range);
        }

        @Override
        public String text() {
            return "qname" + (wire ? " in wire format" : "");
        }
    }

    /** The name and its suffixes, the longest first, with at least so many labels. */
    record Suffix(int minLabels, boolean wire) implements LookupKey {
        @Override
        public byte @Nullable [] find(KeyValueStore store, Query query, boolean range) {
            return find(store, query.name(), range);
        }

        /** The same for a name that comes from elsewhere. */
        public byte @Nullable [] find(KeyValueStore store, Name name, boolean range) {
            Name at = name;
            for (int labels = name.countLabels(); labels > 0 && labels >= minLabels; labels--) {
                byte[] value = LookupKey.find(store, of(at, wire), range);
                if (value != null) {
                    return value;
                }
                at = at.parent();
            }
            return null;
        }

        @Override
        public String text() {
            return "suffix" + (wire ? " in wire format" : "")
                    + (minLabels > 0 ? " with at least " + minLabels + " label(s)" : "");
        }
    }

    /** What a tag holds. */
    record TagValue(String tag) implements LookupKey {
        @Override
        public byte @Nullable [] find(KeyValueStore store, Query query, boolean range) {
            String value = query.decided().tag(tag);
            return value == null ? null : LookupKey.find(store, value.getBytes(StandardCharsets.UTF_8), range);
        }

        @Override
        public String text() {
            return "value of the tag named '" + tag + "'";
        }
    }

    /** A name as keys have it. */
    static byte[] of(Name name, boolean wire) {
        if (wire) {
            return name.toLowerWire();
        }
        byte[] octets = name.toLowerWire();
        String text = Names.toString(octets, 0, octets.length);
        return (name.isRoot() ? text : text.substring(0, text.length() - 1))
                .toLowerCase(Locale.ROOT)
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
