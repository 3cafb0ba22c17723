/** How people and programs look in: console, HTTP API, metrics, dashboard. */
module dev.weir.web {
    requires static transitive org.jspecify;
    requires transitive dev.weir.engine;
    requires dev.weir.config;
    requires com.fasterxml.jackson.core;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires transitive io.netty.transport;
    requires org.bouncycastle.provider;
    requires org.jline;

    exports dev.weir.web.console;
    exports dev.weir.web.http;
    exports dev.weir.web.api;
    exports dev.weir.web.dashboard;
}
