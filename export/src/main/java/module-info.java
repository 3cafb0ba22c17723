/** What leaves the process about queries. */
module dev.weir.export {
    requires static transitive org.jspecify;
    requires transitive dev.weir.engine;

    exports dev.weir.export;
}
