package dev.weir.engine.store;

import dev.weir.engine.acl.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a database has of addresses under one path, as a store whose keys are addresses in four or sixteen octets. */
public record GeoStore(GeoDatabase database, List<String> path) implements KeyValueStore {
    public GeoStore {
        path = List.copyOf(path);
    }

    @Override
    public byte @Nullable [] lookup(byte[] key) {
        // A port may stand behind an address.
        int octets = key.length == 6 ? 4 : key.length == 18 ? 16 : key.length;
        if (octets != 4 && octets != 16) {
            return null;
        }
        Object found = database.query(IpAddress.of(Arrays.copyOf(key, octets)), path);
        return switch (found) {
            case null -> null;
            case byte[] raw -> raw;
            case Double number
            when number == Math.rint(number) && Math.abs(number) < 1e15 ->
                String.valueOf(number.longValue()).getBytes(StandardCharsets.UTF_8);
            default -> found.toString().getBytes(StandardCharsets.UTF_8);
        };
    }

    /** Ranges are what such a database is made of: each address is in its own. */
    @Override
    public byte @Nullable [] lookupRange(byte[] key) {
        return lookup(key);
    }

    @Override
    public boolean reload() {
        return true;
    }
}
