package dev.weir.sys;

/**
 * A network device, as netlink describes it.
 *
 * @param index its number in its network namespace
 * @param up whether it is switched on
 * @param mtu the longest packet in bytes
 * @param hardwareAddress empty for devices without
 * @param xdpProgramId the XDP program on it, 0 for none
 */
public record NetworkInterface(int index, String name, boolean up, int mtu, byte[] hardwareAddress, int xdpProgramId) {}
