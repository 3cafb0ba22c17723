package dev.weir.sys;

/**
 * A network device, as netlink describes it.
 *
 * @param index its number in its network namespace
 * @param up whether it is switched on
 * @param mtu the longest packet in bytes
 * @param hardwareType ARPHRD_*, which says what frames start with
 * @param hardwareAddress empty for devices without
 * @param xdpProgramId the XDP program on it, 0 for none
 * @param xdpAttached where that program sits: XDP_ATTACHED_*
 */
public record NetworkInterface(
        int index,
        String name,
        boolean up,
        int mtu,
        int hardwareType,
        byte[] hardwareAddress,
        int xdpProgramId,
        int xdpAttached) {
    /** Ethernet, and whatever looks like it. */
    public static final int ARPHRD_ETHER = 1;

    public static final int ARPHRD_PPP = 512;
    public static final int ARPHRD_RAWIP = 519;
    public static final int ARPHRD_TUNNEL = 768;
    public static final int ARPHRD_TUNNEL6 = 769;
    /** Frames with an Ethernet header. */
    public static final int ARPHRD_LOOPBACK = 772;

    public static final int ARPHRD_SIT = 776;
    public static final int ARPHRD_IPGRE = 778;
    public static final int ARPHRD_IP6GRE = 823;
    /** Neither address nor header: tun, WireGuard. */
    public static final int ARPHRD_NONE = 0xfffe;

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
