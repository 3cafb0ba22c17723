package dev.weir.ebpf.link;

/**
 * Where on the way of a packet XDP runs.
 *
 * @see <a href="https://docs.kernel.org/networking/filter.html">kernel documentation</a>
 */
public enum XdpMode {
    /** The driver's if it has XDP, else generic. */
    ANY(0),
    /** After the kernel made its socket buffer; every device, but slow. Since Linux 4.12. */
    GENERIC(1 << 1),
    /** In the driver, before any buffer is made. Since Linux 4.8; veth since 4.19. */
    NATIVE(1 << 2),
    /** In the network card itself. The program must have been loaded for the device. */
    OFFLOAD(1 << 3);

    private final int flag;

    XdpMode(int flag) {
        this.flag = flag;
    }

    /** Returns the XDP_FLAGS_* of the mode. */
    int flag() {
        return flag;
    }
}
