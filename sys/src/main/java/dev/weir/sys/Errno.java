package dev.weir.sys;

/**
 * Error numbers of Linux, the same on x86_64 and aarch64.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/errno.3.html">errno(3)</a>
 */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int E2BIG = 7;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int EPIPE = 32;
    public static final int ERANGE = 34;
    public static final int ENOSYS = 38;
    public static final int ELOOP = 40;
    public static final int ENODATA = 61;
    public static final int EPROTO = 71;
    public static final int EOVERFLOW = 75;
    public static final int ENOTSOCK = 88;
    public static final int EDESTADDRREQ = 89;
    public static final int EMSGSIZE = 90;
    public static final int EPROTOTYPE = 91;
    public static final int ENOPROTOOPT = 92;
    public static final int EPROTONOSUPPORT = 93;
    /** The kernel's own "not supported", which should never reach user space but does, from bpf(2) among others. */
    public static final int ENOTSUPP = 524;

    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ENETRESET = 102;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int EISCONN = 106;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTDOWN = 112;
    public static final int EHOSTUNREACH = 113;
    public static final int EALREADY = 114;
    public static final int EINPROGRESS = 115;
    public static final int ESTALE = 116;
    public static final int ECANCELED = 125;
    public static final int EKEYREJECTED = 129;

    private Errno() {}

    /** Returns name and meaning, as in {@code EADDRINUSE: address already in use}; for an unknown number {@code errno 4095}. */
    public static String describe(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM: operation not permitted";
            case ENOENT -> "ENOENT: no such file or directory";
            case ESRCH -> "ESRCH: no such process";
            case EINTR -> "EINTR: interrupted by a signal";
            case EIO -> "EIO: input/output error";
            case ENXIO -> "ENXIO: no such device or address";
            case E2BIG -> "E2BIG: argument list too long";
            case EBADF -> "EBADF: bad file descriptor";
            case EAGAIN -> "EAGAIN: resource temporarily unavailable";
            case ENOMEM -> "ENOMEM: out of memory";
            case EACCES -> "EACCES: permission denied";
            case EFAULT -> "EFAULT: bad address";
            case EBUSY -> "EBUSY: device or resource busy";
            case EEXIST -> "EEXIST: already exists";
            case ENODEV -> "ENODEV: no such device";
            case ENOTDIR -> "ENOTDIR: not a directory";
            case EINVAL -> "EINVAL: invalid argument";
            case ENFILE -> "ENFILE: too many open files in the system";
            case EMFILE -> "EMFILE: too many open files";
            case EFBIG -> "EFBIG: file too large";
            case ENOSPC -> "ENOSPC: no space left";
            case EROFS -> "EROFS: read-only file system";
            case EPIPE -> "EPIPE: broken pipe";
            case ERANGE -> "ERANGE: result out of range";
            case ENOSYS -> "ENOSYS: not implemented by this kernel";
            case ELOOP -> "ELOOP: too many levels of symbolic links";
            case ENODATA -> "ENODATA: no data available";
            case EPROTO -> "EPROTO: protocol error";
            case EOVERFLOW -> "EOVERFLOW: value too large";
            case ENOTSOCK -> "ENOTSOCK: not a socket";
            case EDESTADDRREQ -> "EDESTADDRREQ: destination address required";
            case EMSGSIZE -> "EMSGSIZE: message too long";
            case EPROTOTYPE -> "EPROTOTYPE: wrong protocol type for socket";
            case ENOPROTOOPT -> "ENOPROTOOPT: socket option not available";
            case EPROTONOSUPPORT -> "EPROTONOSUPPORT: protocol not supported";
            case EOPNOTSUPP -> "EOPNOTSUPP: operation not supported";
            case ENOTSUPP -> "ENOTSUPP: operation not supported";
            case EAFNOSUPPORT -> "EAFNOSUPPORT: address family not supported";
            case EADDRINUSE -> "EADDRINUSE: address already in use";
            case EADDRNOTAVAIL -> "EADDRNOTAVAIL: address not available on this host";
            case ENETDOWN -> "ENETDOWN: network is down";
            case ENETUNREACH -> "ENETUNREACH: network unreachable";
            case ENETRESET -> "ENETRESET: connection dropped by the network";
            case ECONNABORTED -> "ECONNABORTED: connection aborted";
            case ECONNRESET -> "ECONNRESET: connection reset by peer";
            case ENOBUFS -> "ENOBUFS: no buffer space available";
            case EISCONN -> "EISCONN: already connected";
            case ENOTCONN -> "ENOTCONN: not connected";
            case ETIMEDOUT -> "ETIMEDOUT: timed out";
            case ECONNREFUSED -> "ECONNREFUSED: connection refused";
            case EHOSTDOWN -> "EHOSTDOWN: host is down";
            case EHOSTUNREACH -> "EHOSTUNREACH: no route to host";
            case EALREADY -> "EALREADY: already in progress";
            case EINPROGRESS -> "EINPROGRESS: in progress";
            case ESTALE -> "ESTALE: stale handle";
            case ECANCELED -> "ECANCELED: cancelled";
            case EKEYREJECTED -> "EKEYREJECTED: key rejected";
            default -> "errno " + errno;
        };
    }

    /** Returns the symbolic name, as in {@code EADDRINUSE}; for an unknown number {@code errno 4095}. */
    public static String name(int errno) {
        String description = describe(errno);
        int colon = description.indexOf(':');
        return colon < 0 ? description : description.substring(0, colon);
    }
}
