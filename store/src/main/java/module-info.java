/** Key-value stores in files. */
module dev.weir.store {
    requires static transitive org.jspecify;
    requires transitive dev.weir.engine;

    exports dev.weir.store;
}
