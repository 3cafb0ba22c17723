package dev.weir.gate.guard;

import dev.weir.engine.kernel.KernelException;
import dev.weir.sys.NetworkInterface;

/** What frames of a device start with, as a program on it finds them. */
enum LinkHeader {
    ETHERNET,
    /** Nothing: the IP packet comes first. */
    NONE;

    /** @throws KernelException UNSUPPORTED for devices whose frames the guard can't read */
    static LinkHeader of(NetworkInterface device) throws KernelException {
        return switch (device.hardwareType()) {
            case NetworkInterface.ARPHRD_ETHER, NetworkInterface.ARPHRD_LOOPBACK -> ETHERNET;
            case NetworkInterface.ARPHRD_NONE,
                    NetworkInterface.ARPHRD_PPP,
                    NetworkInterface.ARPHRD_RAWIP,
                    NetworkInterface.ARPHRD_TUNNEL,
                    NetworkInterface.ARPHRD_TUNNEL6,
                    NetworkInterface.ARPHRD_SIT,
                    NetworkInterface.ARPHRD_IPGRE,
                    NetworkInterface.ARPHRD_IP6GRE -> NONE;
            default ->
                throw new KernelException(
                        KernelException.Reason.UNSUPPORTED,
                        device.name() + " is of a kind (ARPHRD " + device.hardwareType()
                                + ") whose frames the guard does not know: it reads Ethernet, and devices that carry bare IP packets");
        };
    }
}
