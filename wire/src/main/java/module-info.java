/** DNS on the wire: views that parse, composers that compose; no I/O. */
module dev.weir.wire {
    requires static transitive org.jspecify;

    exports dev.weir.wire;
}
