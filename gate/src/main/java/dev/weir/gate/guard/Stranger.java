package dev.weir.gate.guard;

import dev.weir.ebpf.link.BpfLink;
import dev.weir.ebpf.link.XdpMode;
import dev.weir.ebpf.prog.Program;
import dev.weir.engine.kernel.KernelException;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfKind;
import dev.weir.sys.Errno;
import dev.weir.sys.LinkInfo;
import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.NetworkInterface;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Someone else's XDP program on a device. Needs CAP_SYS_ADMIN to be named and to be taken off. */
final class Stranger implements AutoCloseable {
    private final Bpf bpf;
    private final NetworkInterface device;
    private final @Nullable Program program;
    private boolean byLink;

    private Stranger(Bpf bpf, NetworkInterface device, @Nullable Program program) {
        this.bpf = bpf;
        this.device = device;
        this.program = program;
    }

    static Stranger on(Bpf bpf, NetworkInterface device) {
        Program program = null;
        try {
            program = Program.open(bpf, device.xdpProgramId());
        } catch (SyscallException e) {
            // It has gone meanwhile, or we may not know: its number must do as a name.
            return new Stranger(bpf, device, null);
        }
        return new Stranger(bpf, device, program);
    }

    /**
     * Pins it.
     *
     * @throws KernelException UNAVAILABLE if it can't be opened
     */
    void pin(Path pin) throws IOException {
        if (program == null) {
            throw new KernelException(
                    KernelException.Reason.UNAVAILABLE,
                    this + " on " + device.name() + " can't be opened, which --chain needs CAP_SYS_ADMIN for");
        }
        program.pin(pin);
    }

    /** Takes it off, be it attached by a link or by netlink. */
    void evict() throws SyscallException {
        for (int id : bpf.ids(BpfKind.LINK)) {
            try (BpfLink link = BpfLink.open(bpf, id)) {
                LinkInfo info = link.info();
                if (info.type() == LinkInfo.XDP
                        && info.interfaceIndex() == device.index()
                        && info.programId() == device.xdpProgramId()) {
                    link.detach();
                    byLink = true;
                    return;
                }
            } catch (SyscallException e) {
                if (e.errno() != Errno.ENOENT) {
                    throw e;
                }
            }
        }
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            netlink.detachXdp(device.index(), flags());
        }
    }

    /** Undoes {@link #evict}, where that is possible; returns a sentence on what became of it. */
    String comeBack() {
        if (program == null) {
            return this + " is off the device, too: its owner must attach it again";
        }
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            netlink.attachXdp(device.index(), program.fd(), flags() | NetlinkRoute.XDP_FLAGS_UPDATE_IF_NOEXIST);
            return this + " is in its place again" + (byLink ? ", though no longer by its owner's link" : "");
        } catch (SyscallException e) {
            return this + " is off the device, too, and did not go back: " + e.getMessage();
        }
    }

    private int flags() {
        XdpMode mode = XdpMode.of(device);
        return mode == null ? 0 : mode.flag();
    }

    @Override
    public void close() {
        if (program != null) {
            program.close();
        }
    }

    @Override
    public String toString() {
        String name = program == null ? "" : program.name();
        String owner =
                switch (name) {
                    case "xdp_dispatcher" -> " of libxdp, which calls the programs that xdp-loader and others load,";
                    case "cil_xdp_entry", "bpf_xdp_entry" -> " of Cilium";
                    default -> "";
                };
        return "program" + (name.isEmpty() ? "" : " \"" + name + "\"") + owner + " (id " + device.xdpProgramId() + ")";
    }
}
