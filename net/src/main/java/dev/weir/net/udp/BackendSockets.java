package dev.weir.net.udp;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.ProvenWay;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.model.LiveSettings;
import dev.weir.sys.Errno;
import dev.weir.sys.LocalAddress;
import dev.weir.sys.SyscallException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that one agent has open to one backend. Belongs to the agent's thread.
 *
 * <p>A connected socket keeps the local address, and with {@code source} the interface, that it began with. When the host gets other ones
 * (DHCP, a tunnel that comes and goes) it is of no use any more, but nobody says so. Three signs are looked at, a few times a second:
 *
 * <ul>
 *   <li>sending fails with an error that is about addresses, routes or interfaces;
 *   <li>health checks, whose sockets are fresh, leave from another local address;
 *   <li>queries are not answered, although checks that were sent later are, or although the host has lost the address.
 * </ul>
 *
 * <p>Sockets are then replaced, once a second at the most, and less often when that has not helped before. Those replaced still take
 * answers until the last query they sent has timed out, so that a false alarm costs nothing.
 */
final class BackendSockets {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long MOST_PATIENCE_NANOS = 60 * SECOND_NANOS;
    private static final LogLimit OPEN_ERRORS = new LogLimit(10);
    private static final LogLimit REPLACEMENTS = new LogLimit(10);

    private final UdpBackendLink link;
    private final BackendLinks links;
    private final Backend backend;
    private final LiveSettings settings;

    private List<BackendSocket> sockets = new ArrayList<>();
    private List<BackendSocket> replaced = List.of();
    private long replacedNanos;
    private boolean everOpened;
    private long nextOpenNanos;
    private int next;

    /** The latest error that was about the way; 0 for none since the sockets were opened. */
    private int errno;

    /** The way that sockets were replaced for. */
    private @Nullable ProvenWay heeded;

    /** When an answer came last, or when the sockets were opened. */
    private long aliveNanos;

    /** Whether a query sent since then has timed out, and when it was sent. */
    private boolean unanswered;

    private long unansweredSentNanos;

    /** Not before then are sockets replaced for want of answers, and how long to wait after the next time. */
    private long patientUntilNanos;

    private long patienceNanos = SECOND_NANOS;

    private enum Reason {
        SENDING_FAILS("sending fails"),
        CHECKS_ELSEWHERE("health checks leave from another local address"),
        ADDRESS_GONE("this host has lost the local address"),
        UNANSWERED("health checks are answered, queries are not");

        private final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    BackendSockets(UdpBackendLink link, BackendLinks links, LiveSettings settings) {
        this.link = link;
        this.links = links;
        this.backend = link.backend();
        this.settings = settings;
    }

    /** Whether there is a socket; tries to open them if there is none, once a second at the most. */
    boolean isReady(long nowNanos) {
        if (sockets.isEmpty() && mayOpen(nowNanos)) {
            open(nowNanos, List.of());
        }
        return !sockets.isEmpty();
    }

    private boolean mayOpen(long nowNanos) {
        return !everOpened || nowNanos - nextOpenNanos >= 0;
    }

    /** One of the sockets, in turn, or drawn at random. */
    BackendSocket choose(@Nullable UnpredictableIds random) {
        int count = sockets.size();
        if (count == 1) {
            return sockets.getFirst();
        }
        if (random != null) {
            return sockets.get(random.below(count));
        }
        next = next + 1 < count ? next + 1 : 0;
        return sockets.get(next);
    }

    // ---- signs

    /** Queries could not be sent. */
    void sendFailed(int sendErrno) {
        if (isAboutTheWay(sendErrno)) {
            errno = sendErrno;
        }
    }

    private static boolean isAboutTheWay(int errno) {
        return switch (errno) {
            // EINVAL is what IPv4 says when the socket's local address is not the host's any more.
            case Errno.EINVAL, Errno.EADDRNOTAVAIL -> true;
            case Errno.ENODEV, Errno.ENXIO, Errno.ENETDOWN, Errno.ENETUNREACH, Errno.EHOSTUNREACH -> true;
            case Errno.EBADF, Errno.ENOTCONN, Errno.EDESTADDRREQ -> true;
            default -> false;
        };
    }

    /** An answer was accepted: the way works. */
    void answered(long nowNanos) {
        aliveNanos = nowNanos;
        unanswered = false;
        patienceNanos = SECOND_NANOS;
    }

    /** A query sent at this time has not been answered in time. */
    void timedOut(long sentNanos) {
        if (sentNanos - aliveNanos >= 0) {
            unanswered = true;
            unansweredSentNanos = sentNanos;
        }
    }

    /**
     * A few times a second: replaces sockets that seem to be of no use, and closes those replaced that nobody waits for.
     *
     * @param timeoutNanos how long a query may be waited for
     */
    void tick(long nowNanos, long timeoutNanos) {
        if (!replaced.isEmpty() && nowNanos - replacedNanos - timeoutNanos >= 0) {
            closeReplaced();
        }
        if (sockets.isEmpty() || !mayOpen(nowNanos)) {
            return;
        }
        ProvenWay way = backend.provenWay();
        Reason reason = reasonToReplace(way, nowNanos);
        if (reason == null) {
            return;
        }
        int sendErrno = errno;
        IpAddress before = sockets.getFirst().local();
        if (replace(nowNanos)) {
            heeded = reason == Reason.CHECKS_ELSEWHERE ? way : null;
            tell(reason, sendErrno, before, nowNanos);
        }
    }

    private @Nullable Reason reasonToReplace(@Nullable ProvenWay way, long nowNanos) {
        if (errno != 0) {
            return Reason.SENDING_FAILS;
        }
        if (way != null && isElsewhere(way)) {
            return Reason.CHECKS_ELSEWHERE;
        }
        if (!unanswered || nowNanos - patientUntilNanos < 0) {
            return null;
        }
        boolean checked = way != null && way.sentNanos() - unansweredSentNanos > 0;
        if (!checked
                && !LocalAddress.isGone(
                        SocketAddresses.toSocket(sockets.getFirst().local(), 0))) {
            return null;
        }
        patientUntilNanos = nowNanos + patienceNanos;
        patienceNanos = Math.min(2 * patienceNanos, MOST_PATIENCE_NANOS);
        return checked ? Reason.UNANSWERED : Reason.ADDRESS_GONE;
    }

    /**
     * Whether checks leave from an address that no socket has. Sockets are replaced once for each such address: where several routes are
     * used in turn, new sockets need not get it either.
     */
    private boolean isElsewhere(ProvenWay way) {
        if (heeded != null && way.startsAt(heeded.local())) {
            return false;
        }
        for (BackendSocket socket : sockets) {
            if (way.startsAt(socket.local())) {
                return false;
            }
        }
        return true;
    }

    private void tell(Reason reason, int sendErrno, IpAddress before, long nowNanos) {
        long times = REPLACEMENTS.admit(nowNanos);
        if (times > 0) {
            Log.info(
                    "Replaced the sockets to a backend",
                    "net",
                    "backend.name",
                    backend.name(),
                    "backend.address",
                    backend.address(),
                    "reason",
                    reason == Reason.SENDING_FAILS ? reason.words + ": " + Errno.describe(sendErrno) : reason.words,
                    "local.address.before",
                    before,
                    "local.address",
                    sockets.getFirst().local(),
                    "count",
                    times);
        }
    }

    // ---- opening and closing

    /** Opens new sockets in place of those there are; if not even one can be opened, the old ones stay. */
    boolean replace(long nowNanos) {
        closeReplaced();
        List<BackendSocket> old = sockets;
        sockets = new ArrayList<>();
        open(nowNanos, old);
        if (sockets.isEmpty()) {
            sockets = old;
            return false;
        }
        replaced = old;
        replacedNanos = nowNanos;
        heeded = null;
        return true;
    }

    /** @param old what may be closed when there is no room for both */
    private void open(long nowNanos, List<BackendSocket> old) {
        if (!everOpened) {
            everOpened = true;
            patientUntilNanos = nowNanos;
        }
        nextOpenNanos = nowNanos + SECOND_NANOS;
        int wanted = Math.max(1, backend.spec().udp().sockets());
        while (sockets.size() < wanted) {
            try {
                sockets.add(links.open(link, backend.spec(), settings));
                errno = 0;
                unanswered = false;
                aliveNanos = nowNanos;
            } catch (SyscallException e) {
                if (old.isEmpty() || e.errno() != Errno.EMFILE && e.errno() != Errno.ENFILE) {
                    complain(e, nowNanos);
                    return;
                }
                links.close(old.removeLast());
            }
        }
    }

    private void complain(SyscallException e, long nowNanos) {
        if (OPEN_ERRORS.admit(nowNanos) > 0) {
            Log.warning(
                    "Error while opening a socket to a backend",
                    "net",
                    "backend.name",
                    backend.name(),
                    "backend.address",
                    backend.address(),
                    "error",
                    e);
        }
    }

    private void closeReplaced() {
        replaced.forEach(links::close);
        replaced = List.of();
    }

    void close() {
        closeReplaced();
        sockets.forEach(links::close);
        sockets.clear();
    }
}
