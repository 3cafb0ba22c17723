package dev.weir.engine.store;

/** Opens stores. A file that can't be read yet is said, and finds nothing until it can. Implemented by who reads files. */
public interface StoreOpener {
    /** @param refreshSeconds how often to look whether the file is newer; 0: never */
    KeyValueStore cdb(String file, int refreshSeconds);

    /** @param database its name in the file */
    KeyValueStore lmdb(String file, String database);

    GeoDatabase maxMind(String file);
}
