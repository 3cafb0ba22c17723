/** How people look in: the console now, HTTP API and dashboard later. */
module dev.weir.web {
    requires static transitive org.jspecify;
    requires transitive dev.weir.engine;
    requires org.bouncycastle.provider;
    requires org.jline;

    exports dev.weir.web.console;
}
