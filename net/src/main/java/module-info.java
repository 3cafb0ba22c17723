/** Listeners and backend links: batched UDP agents of our own, streams on Netty. */
module dev.weir.net {
    requires static transitive org.jspecify;
    requires transitive dev.weir.engine;
    requires transitive dev.weir.sys;
    // TCP_QUICKACK.
    requires jdk.net;
    requires org.bouncycastle.provider;
    requires io.netty.common;
    requires io.netty.buffer;
    requires transitive io.netty.transport;
    requires io.netty.codec;
    requires io.netty.handler;
    requires io.netty.codec.http;
    requires io.netty.codec.http2;
    requires io.netty.codec.classes.quic;
    requires io.netty.codec.http3;
    requires io.netty.tcnative.classes.openssl;

    exports dev.weir.net;
    exports dev.weir.net.dnscrypt;
    exports dev.weir.net.health;
    exports dev.weir.net.udp;
    exports dev.weir.net.stream;
    exports dev.weir.net.tls;
}
