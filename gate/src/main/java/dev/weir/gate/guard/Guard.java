package dev.weir.gate.guard;

import dev.weir.ebpf.link.BpfLink;
import dev.weir.ebpf.link.Xdp;
import dev.weir.ebpf.link.XdpMode;
import dev.weir.ebpf.prog.Program;
import dev.weir.engine.kernel.KernelException;
import dev.weir.gate.guard.AttachRequest.Strangers;
import dev.weir.gate.table.Table;
import dev.weir.sys.Bpf;
import dev.weir.sys.Errno;
import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.NetworkInterface;
import dev.weir.sys.SyscallException;
import dev.weir.sys.VethEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts the guard on devices, replaces it and takes it off. Everything it makes is pinned, so that protection goes on when the process is gone;
 * a process that is killed at any moment leaves the state before or the state after, and doing the same again completes it. Any thread of the
 * devices' network namespace. Needs CAP_BPF and CAP_NET_ADMIN; Linux 5.18.
 */
public final class Guard {
    private final Bpf bpf;
    private final GuardPins pins;

    public Guard(Bpf bpf, GuardPins pins) {
        this.bpf = bpf;
        this.pins = pins;
    }

    /**
     * Guards a device. A guard that is there is replaced in one step, no packet passes between, and its counters go on.
     *
     * @throws KernelException UNAVAILABLE without a BPF file system; FAILED if tables that are pinned don't fit, a stranger's program is on the
     *     device, or the guard there stands in another mode
     */
    public Attached attach(String device, AttachRequest request) throws IOException {
        NetworkInterface target = device(device);
        pins.create(pins.guard(device));
        List<Path> made = new ArrayList<>();
        try (PinnedGuard current = PinnedGuard.open(bpf, pins, device)) {
            checkLink(current, target);
            current.settle();
            List<String> notes = new ArrayList<>();
            try (Stranger stranger = stranger(current, target, request)) {
                // Without a link this is what a process left that died between taking the program off and coming before
                // it.
                if (current.link() == null && (stranger != null || request.strangers() != Strangers.FOLLOW)) {
                    Files.deleteIfExists(pins.chained(device));
                    Files.deleteIfExists(pins.chain(device));
                }
                if (stranger != null && request.strangers() == Strangers.FOLLOW) {
                    stranger.pin(pins.chained(device));
                    made.add(pins.chained(device));
                }
                return attach(target, current, stranger, request, made, notes);
            }
        } catch (IOException | RuntimeException e) {
            forget(made, device);
            throw e;
        }
    }

    private Attached attach(
            NetworkInterface target,
            PinnedGuard current,
            @Nullable Stranger stranger,
            AttachRequest request,
            List<Path> made,
            List<String> notes)
            throws IOException {
        String device = target.name();
        try (Program chained =
                        Files.exists(pins.chained(device)) ? Program.openPinned(bpf, pins.chained(device)) : null;
                NewGuard fresh = NewGuard.load(bpf, pins, target, current, chained, request, notes)) {
            fresh.pin(made);
            fresh.tellIfNoSuffixes();
            XdpMode mode = place(fresh.program(), current, stranger, target, request, notes);
            made.clear();
            fresh.settle();
            return new Attached(
                    device, mode, fresh.program().info().id(), current.link() == null ? 0 : current.programId(), notes);
        }
    }

    private static @Nullable NetworkInterface deviceOrNull(String name) throws IOException {
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            return netlink.networkInterface(name).orElse(null);
        }
    }

    private static NetworkInterface device(String name) throws IOException {
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            List<NetworkInterface> all = netlink.interfaces();
            return all.stream()
                    .filter(device -> device.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new KernelException(
                            KernelException.Reason.ABSENT,
                            "there is no interface " + name + "; there are "
                                    + all.stream().map(NetworkInterface::name).collect(Collectors.joining(", "))));
        }
    }

    /** A link that still holds a program holds it on this device, or its pin is someone else's. */
    private void checkLink(PinnedGuard current, NetworkInterface target) throws IOException {
        if (current.link() == null) {
            // The device went away with its program; what has come since under the same name has none.
            Files.deleteIfExists(pins.link(target.name()));
        } else if (current.deviceIndex() != target.index() || current.programId() != target.xdpProgramId()) {
            throw new KernelException(
                    KernelException.Reason.FAILED,
                    pins.link(target.name()) + " is the link of another device (index " + current.deviceIndex()
                            + "): it was renamed, or lives in another network namespace; guards of different namespaces need different --maps");
        }
    }

    private @Nullable Stranger stranger(PinnedGuard current, NetworkInterface target, AttachRequest request)
            throws IOException {
        if (current.link() != null || target.xdpProgramId() == 0) {
            return null;
        }
        Stranger stranger = Stranger.on(bpf, target);
        if (request.strangers() == Strangers.STAY) {
            try (stranger) {
                throw new KernelException(
                        KernelException.Reason.FAILED,
                        target.name() + " has an XDP program already, " + stranger
                                + ", which is not ours: --chain has the guard come before it, --replace takes it off");
            }
        }
        return stranger;
    }

    private XdpMode place(
            Program program,
            PinnedGuard current,
            @Nullable Stranger stranger,
            NetworkInterface target,
            AttachRequest request,
            List<String> notes)
            throws IOException {
        BpfLink running = current.link();
        if (running != null) {
            replace(running, program, current.program(), target, request);
            return XdpMode.of(target) == XdpMode.NATIVE ? XdpMode.NATIVE : XdpMode.GENERIC;
        }
        if (stranger != null) {
            stranger.evict();
            notes.add(
                    request.strangers() == Strangers.FOLLOW
                            ? stranger + " gets what passes the guard of " + target.name()
                                    + ", and is on it again when the guard goes"
                            : "took " + stranger + " off " + target.name());
        }
        try {
            return create(program, target, stranger == null ? request.mode() : besides(target, request), notes);
        } catch (SyscallException e) {
            if (stranger != null) {
                notes.clear();
                throw new KernelException(
                        KernelException.Reason.FAILED, e.getMessage() + "; " + stranger.comeBack(), e);
            }
            throw e;
        }
    }

    /** A guard goes where the program was that follows it, so that this comes back to the same place. */
    private static AttachMode besides(NetworkInterface target, AttachRequest request) {
        boolean generic = request.strangers() == Strangers.FOLLOW && XdpMode.of(target) == XdpMode.GENERIC;
        return request.mode() == AttachMode.AUTO && generic ? AttachMode.GENERIC : request.mode();
    }

    private static void replace(
            BpfLink link, Program program, @Nullable Program expected, NetworkInterface target, AttachRequest request)
            throws IOException {
        XdpMode mode = XdpMode.of(target);
        boolean asked =
                request.mode() == AttachMode.AUTO || request.mode().name().equals(String.valueOf(mode));
        if (!asked) {
            throw new KernelException(
                    KernelException.Reason.FAILED,
                    "the guard on " + target.name() + " is in " + AttachMode.nameOf(mode)
                            + " mode, and a mode can't be changed without taking it off: " + "weir xdp detach -i "
                            + target.name() + " first");
        }
        if (expected == null) {
            link.update(program);
        } else {
            link.replace(program, expected);
        }
    }

    private XdpMode create(Program program, NetworkInterface target, AttachMode mode, List<String> notes)
            throws SyscallException {
        if (mode != AttachMode.GENERIC && isHeard(target, mode, notes)) {
            try {
                link(program, target, XdpMode.NATIVE);
                return XdpMode.NATIVE;
            } catch (SyscallException e) {
                boolean driver =
                        switch (e.errno()) {
                            case Errno.EPERM, Errno.EBUSY, Errno.EEXIST, Errno.ENODEV -> false;
                            default -> true;
                        };
                if (!driver) {
                    throw e;
                }
                if (mode == AttachMode.NATIVE) {
                    throw SyscallException.explained(
                            e.call(),
                            e.errno(),
                            refusal(target, e.errno()) + ": --mode generic works with every device");
                }
                notes.add(refusal(target, e.errno()) + ": generic mode, which costs more per packet");
            }
        }
        link(program, target, XdpMode.GENERIC);
        return XdpMode.GENERIC;
    }

    /** Why a driver takes no native program. That of a veth asks how long the frames are that the other end sends. */
    private static String refusal(NetworkInterface target, int errno) throws SyscallException {
        Optional<VethEnd> end = Optional.empty();
        if (errno == Errno.ERANGE) {
            try (NetlinkRoute netlink = new NetlinkRoute()) {
                end = netlink.vethEnd(target.index());
            }
        }
        if (end.isEmpty()) {
            return "the driver of " + target.name() + " does not take XDP programs as the device is set up ("
                    + Errno.name(errno) + "; MTU " + target.mtu() + ')';
        }
        NetworkInterface peer = end.get().peer();
        return "the other end of " + target.name() + ", a veth, "
                + (peer == null
                        ? "has too large an MTU"
                        : "is " + peer.name() + ", whose MTU of " + peer.mtu() + " is too large")
                + " for a program that takes frames in one piece";
    }

    /**
     * Whether answers of a native program leave the device: those that leave one end of a veth pair arrive only where the other end polls, which a
     * native XDP program there makes it do.
     */
    private static boolean isHeard(NetworkInterface target, AttachMode mode, List<String> notes)
            throws SyscallException {
        if (target.xdpAttached() == NetworkInterface.XDP_ATTACHED_DRV) {
            // Somebody has had a native program there until now, and knows why.
            return true;
        }
        Optional<VethEnd> end;
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            end = netlink.vethEnd(target.index());
        }
        NetworkInterface peer = end.map(VethEnd::peer).orElse(null);
        if (end.isEmpty() || peer != null && peer.xdpAttached() == NetworkInterface.XDP_ATTACHED_DRV) {
            return true;
        }
        String what = peer == null
                ? "the other end of " + target.name() + ", a veth, can't be seen: if it has no native XDP program,"
                : "the other end of " + target.name() + ", " + peer.name() + ", has no native XDP program, so";
        if (peer == null || mode == AttachMode.NATIVE) {
            notes.add(what + " answers of the guard are lost: attach one there, such as a guard without entries, or"
                    + " --mode generic");
            return true;
        }
        notes.add(what + " answers of a native guard would be lost: generic mode, which costs more per packet; with"
                + " one there, detach this guard and attach it again");
        return false;
    }

    /** Between these two calls the process may die: the link goes with it, and nothing is attached. */
    private void link(Program program, NetworkInterface target, XdpMode mode) throws SyscallException {
        try (BpfLink link = Xdp.link(bpf, program, target.index(), mode)) {
            link.pin(pins.link(target.name()));
        }
    }

    /** Takes back what a failed attempt made. */
    private void forget(List<Path> made, String device) throws IOException {
        for (Path pin : made) {
            Files.deleteIfExists(pin);
        }
        tidy(pins.guard(device));
    }

    /** Removes empty directories, from this one upwards to that of the tables. */
    private void tidy(Path directory) throws IOException {
        for (Path at = directory; at != null && at.startsWith(pins.directory()); at = at.getParent()) {
            if (!Files.isDirectory(at)) {
                continue;
            }
            boolean whole = at.equals(pins.directory());
            try (Stream<Path> content = Files.list(at)) {
                if (content.anyMatch(file -> !whole || !file.equals(pins.mark()))) {
                    return;
                }
            }
            if (whole && !Files.deleteIfExists(pins.mark())) {
                // The operator made it.
                return;
            }
            Files.delete(at);
        }
    }

    /**
     * Takes the guard off a device. The tables stay.
     *
     * @throws KernelException ABSENT if the device has no guard
     */
    public Detached detach(String device) throws IOException {
        if (!Files.isDirectory(pins.guard(device))) {
            List<String> guarded = pins.devices();
            throw new KernelException(
                    KernelException.Reason.ABSENT,
                    "no guard of " + device + " is pinned in " + pins.guards() + "; there "
                            + (guarded.isEmpty() ? "is none at all" : "are those of " + String.join(", ", guarded)));
        }
        int programId = 0;
        List<String> notes = new ArrayList<>();
        try (PinnedGuard current = PinnedGuard.open(bpf, pins, device)) {
            BpfLink link = current.link();
            NetworkInterface target = deviceOrNull(device);
            // A device that is going is gone from the list before its link is: the link goes by itself.
            if (target != null && link != null) {
                programId = current.programId();
                // Deleting the pin would do, but the kernel takes its time over that.
                link.detach();
                bringBack(device, current.deviceIndex(), XdpMode.of(target), notes);
            } else if (target != null && Files.exists(pins.chained(device)) && target.xdpProgramId() == 0) {
                bringBack(device, target.index(), null, notes);
            }
        }
        for (Path pin : List.of(
                pins.link(device),
                pins.program(device),
                pins.stats(device),
                pins.options(device),
                pins.chained(device),
                pins.chain(device),
                pins.nextChain(device),
                pins.nextProgram(device),
                pins.nextStats(device),
                pins.nextOptions(device))) {
            Files.deleteIfExists(pin);
        }
        tidy(pins.guard(device));
        return new Detached(device, programId, notes);
    }

    /** Puts the program that followed the guard to where it was. */
    private void bringBack(String device, int index, @Nullable XdpMode mode, List<String> notes) throws IOException {
        if (!Files.exists(pins.chained(device))) {
            return;
        }
        try (Program chained = Program.openPinned(bpf, pins.chained(device));
                NetlinkRoute netlink = new NetlinkRoute()) {
            netlink.attachXdp(
                    index, chained.fd(), (mode == null ? 0 : mode.flag()) | NetlinkRoute.XDP_FLAGS_UPDATE_IF_NOEXIST);
            notes.add("program \"" + chained.name() + "\" is on " + device + " again");
        }
    }

    /**
     * Removes the pins of all tables. Whoever has them open keeps them until it ends.
     *
     * @return the tables whose pins were removed
     * @throws KernelException FAILED while devices have guards
     */
    public List<String> purge() throws IOException {
        List<String> guarded = pins.devices();
        if (!guarded.isEmpty()) {
            throw new KernelException(
                    KernelException.Reason.FAILED,
                    "the tables are in use by the guards of " + String.join(", ", guarded)
                            + ": weir xdp detach --all --purge takes those off, too");
        }
        List<String> purged = new ArrayList<>();
        for (Table table : Table.values()) {
            if (Files.deleteIfExists(pins.table(table))) {
                purged.add(table.pinName());
            }
        }
        if (Files.deleteIfExists(pins.directory().resolve(GuardPins.CLAIMS))) {
            purged.add(GuardPins.CLAIMS);
        }
        tidy(pins.guards());
        return purged;
    }

    /** Returns where everything is pinned. */
    public GuardPins pins() {
        return pins;
    }
}
