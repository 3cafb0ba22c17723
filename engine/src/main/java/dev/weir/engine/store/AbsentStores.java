package dev.weir.engine.store;

import dev.weir.engine.acl.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stores that find nothing: for whoever only reads a configuration, and touches no files. */
public record AbsentStores() implements StoreOpener, KeyValueStore, GeoDatabase {
    @Override
    public KeyValueStore cdb(String file, int refreshSeconds) {
        return this;
    }

    @Override
    public KeyValueStore lmdb(String file, String database) {
        return this;
    }

    @Override
    public GeoDatabase maxMind(String file) {
        return this;
    }

    @Override
    public byte @Nullable [] lookup(byte[] key) {
        return null;
    }

    @Override
    public byte @Nullable [] lookupRange(byte[] key) {
        return null;
    }

    @Override
    public boolean reload() {
        return false;
    }

    @Override
    public boolean exists(IpAddress address) {
        return false;
    }

    @Override
    public @Nullable Object query(IpAddress address, List<String> path) {
        return null;
    }
}
