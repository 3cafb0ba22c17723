package dev.weir.ebpf.link;

import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.NetworkInterface;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

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

    /** Returns the mode of the program on a device, ANY if there are several in different modes, null if there is none. */
    public static @Nullable XdpMode of(NetworkInterface device) {
        return switch (device.xdpAttached()) {
            case NetworkInterface.XDP_ATTACHED_DRV -> NATIVE;
            case NetworkInterface.XDP_ATTACHED_SKB -> GENERIC;
            case NetworkInterface.XDP_ATTACHED_HW -> OFFLOAD;
            case NetworkInterface.XDP_ATTACHED_MULTI -> ANY;
            default -> null;
        };
    }

    /**
     * Returns the mode of the program on a device of the calling thread's network namespace; null if there is none, or no such device.
     *
     * @throws IOException if the kernel does not answer
     */
    public static @Nullable XdpMode on(int interfaceIndex) throws IOException {
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            for (NetworkInterface device : netlink.interfaces()) {
                if (device.index() == interfaceIndex) {
                    return of(device);
                }
            }
        }
        return null;
    }

    /** Returns the XDP_FLAGS_* of the mode. */
    public int flag() {
        return flag;
    }
}
