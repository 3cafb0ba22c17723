package dev.weir.store;

import dev.weir.engine.store.GeoDatabase;
import dev.weir.engine.store.KeyValueStore;
import dev.weir.engine.store.StoreOpener;
import java.nio.file.Path;

/** Opens each kind of store. */
public final class FileStores implements StoreOpener {
    @Override
    public KeyValueStore cdb(String file, int refreshSeconds) {
        return new CdbStore(Path.of(file), refreshSeconds, System::nanoTime);
    }

    @Override
    public KeyValueStore lmdb(String file, String database) {
        return new LmdbStore(Path.of(file), database, System::nanoTime);
    }

    @Override
    public GeoDatabase maxMind(String file) {
        return new MaxMindDatabase(Path.of(file));
    }
}
