package dev.weir.sys;

/**
 * A network device, as netlink describes it.
 *
 * @param index its number in its network namespace
 * @param up whether it is switched on
 * @param mtu the longest packet in bytes
 * @param hardwareAddress empty for devices without
 * @param xdpProgramId the XDP program on it, 0 for none
 * @param xdpAttached where that program sits: XDP_ATTACHED_*
 */
public record NetworkInterface(
        int index, String name, boolean up, int mtu, byte[] hardwareAddress, int xdpProgramId, int xdpAttached) {
    /** No program. */
    public static final int XDP_ATTACHED_NONE = 0;
    /** In the driver. */
    public static final int XDP_ATTACHED_DRV = 1;
    /** Behind the driver, for every kind of device. */
    public static final int XDP_ATTACHED_SKB = 2;
    /** In the network card. */
    public static final int XDP_ATTACHED_HW = 3;
    /** More than one program, in different places. */
    public static final int XDP_ATTACHED_MULTI = 4;
}
