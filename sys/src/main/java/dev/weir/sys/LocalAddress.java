package dev.weir.sys;

/** Whether an address is one of this host's: asked of the kernel by binding a socket to it for a moment. */
public final class LocalAddress {
    private LocalAddress() {}

    /** Returns true if the kernel says that the host does not have the address; false also if it can't be asked. */
    public static boolean isGone(InetEndpoint address) {
        try (UdpSocket socket = UdpSocket.open(address.family())) {
            socket.bind(address);
            return false;
        } catch (SyscallException e) {
            return e.errno() == Errno.EADDRNOTAVAIL;
        }
    }
}
