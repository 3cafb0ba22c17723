/** What the configuration may say: the vocabulary ledger and the specs built from it. */
module dev.weir.config {
    requires static transitive org.jspecify;
    requires transitive dev.weir.engine;
    requires org.snakeyaml.engine;

    exports dev.weir.config;
    exports dev.weir.config.change;
    exports dev.weir.config.reference;
    exports dev.weir.config.web;
    exports dev.weir.config.yaml;
}
