/** The balancer without sockets or files: one query's walk, and everything it meets. */
module dev.weir.engine {
    requires static transitive org.jspecify;
    requires transitive dev.weir.wire;

    exports dev.weir.engine.cache;
    exports dev.weir.engine.log;
}
