/** eBPF in pure Java: objects, maps, programs, links, ring buffers and feature probes, without libbpf. */
module dev.weir.ebpf {
    requires static transitive org.jspecify;
    requires transitive dev.weir.sys;

    exports dev.weir.ebpf;
    exports dev.weir.ebpf.btf;
    exports dev.weir.ebpf.core;
    exports dev.weir.ebpf.elf;
    exports dev.weir.ebpf.link;
    exports dev.weir.ebpf.map;
    exports dev.weir.ebpf.parse;
    exports dev.weir.ebpf.probe;
    exports dev.weir.ebpf.prog;
    exports dev.weir.ebpf.ring;
}
