/** The program: options, start and stop, signals, and the wiring of all other rooms. */
module dev.weir.app {
    requires static transitive org.jspecify;
    requires dev.weir.sys;
    requires dev.weir.ebpf;
    requires dev.weir.wire;
    requires dev.weir.engine;
    requires dev.weir.config;
    requires dev.weir.net;
    requires dev.weir.gate;
    requires dev.weir.script;
    requires dev.weir.lua;
    requires dev.weir.export;
    requires dev.weir.store;
    requires dev.weir.web;
}
