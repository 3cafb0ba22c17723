/** The bridge: packet filters in the kernel behind the engine's port. */
module dev.weir.gate {
    requires static transitive org.jspecify;
    requires transitive dev.weir.engine;
    requires transitive dev.weir.ebpf;
    requires transitive dev.weir.wire;
    requires dev.weir.sys;

    exports dev.weir.gate;
    exports dev.weir.gate.guard;
    exports dev.weir.gate.table;
    exports dev.weir.gate.filter;
}
