/** JMH and side-by-side load; never shipped. */
module dev.weir.bench {
    requires static transitive org.jspecify;
    requires dev.weir.ebpf;
    requires dev.weir.engine;
    requires dev.weir.gate;
    requires dev.weir.script;
    requires dev.weir.net;
    requires dev.weir.sys;
    requires jmh.core;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.codec.classes.quic;
    requires io.netty.codec.http3;
    requires io.netty.handler;
    requires io.netty.buffer;
}
