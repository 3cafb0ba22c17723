package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.Program;
import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.SyscallException;

/**
 * XDP by netlink, for kernels without XDP links. The program stays on the device until it is taken off: if this process dies, it stays. Works
 * in the network namespace of the thread that attached. Since Linux 4.8.
 */
public final class NetlinkXdp implements XdpAttachment {
    private final NetlinkRoute netlink;
    private final int interfaceIndex;
    private final int flags;
    private boolean attached = true;

    private NetlinkXdp(NetlinkRoute netlink, int interfaceIndex, int flags) {
        this.netlink = netlink;
        this.interfaceIndex = interfaceIndex;
        this.flags = flags;
    }

    /** Attaches where nothing is attached. @throws SyscallException EBUSY if something is */
    public static NetlinkXdp attach(Program program, int interfaceIndex, XdpMode mode) throws SyscallException {
        NetlinkRoute netlink = new NetlinkRoute();
        try {
            netlink.attachXdp(interfaceIndex, program.fd(), mode.flag() | NetlinkRoute.XDP_FLAGS_UPDATE_IF_NOEXIST);
        } catch (SyscallException e) {
            netlink.close();
            throw e;
        }
        return new NetlinkXdp(netlink, interfaceIndex, mode.flag());
    }

    @Override
    public synchronized void update(Program program) throws SyscallException {
        netlink.attachXdp(interfaceIndex, program.fd(), flags);
        attached = true;
    }

    @Override
    public synchronized void detach() throws SyscallException {
        attached = false;
        netlink.detachXdp(interfaceIndex, flags);
    }

    @Override
    public synchronized void close() {
        try {
            if (attached) {
                detach();
            }
        } catch (SyscallException e) {
            // ENODEV: the device went away, and the program with it.
            attached = false;
        } finally {
            netlink.close();
        }
    }
}
