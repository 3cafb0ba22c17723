package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.Program;
import dev.weir.sys.Fd;
import dev.weir.sys.SocketFilter;
import dev.weir.sys.SyscallException;

/**
 * A socket filter on a socket: its return value is how many bytes of a packet to keep, 0 drops it. For UDP sockets the packet starts with the
 * UDP header. The socket keeps the program until it is detached or closed. Since Linux 3.19.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/socket.7.html">socket(7)</a>
 */
public final class SocketAttachment implements AutoCloseable {
    private final Fd socket;
    private boolean attached = true;

    private SocketAttachment(Fd socket) {
        this.socket = socket;
    }

    /** Attaches, in place of the filter that the socket may have. The socket stays the caller's. */
    public static SocketAttachment attach(Fd socket, Program program) throws SyscallException {
        SocketFilter.attach(socket, program.fd());
        return new SocketAttachment(socket);
    }

    /** Replaces the program in one step: no packet passes between. */
    public synchronized void update(Program program) throws SyscallException {
        SocketFilter.attach(socket, program.fd());
        attached = true;
    }

    /** Takes the filter off. */
    public synchronized void detach() throws SyscallException {
        attached = false;
        SocketFilter.detach(socket);
    }

    /** Takes the filter off, unless that was done or the socket is closed. */
    @Override
    public synchronized void close() {
        if (attached && socket.isOpen()) {
            try {
                detach();
            } catch (SyscallException e) {
                // ENOENT: someone else took it off, which is what closing is for.
                attached = false;
            }
        }
    }
}
