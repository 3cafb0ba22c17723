package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.Program;
import dev.weir.sys.ChannelSocket;
import dev.weir.sys.Fd;
import dev.weir.sys.SocketFilter;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.nio.channels.DatagramChannel;

/**
 * A socket filter on a socket: its return value is how many bytes of a packet to keep, 0 drops it. For UDP sockets the packet starts with the
 * UDP header. The socket keeps the program until it is detached or closed. Since Linux 3.19.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/socket.7.html">socket(7)</a>
 */
public final class SocketAttachment implements AutoCloseable {
    private final Target socket;
    private boolean attached = true;

    private SocketAttachment(Target socket) {
        this.socket = socket;
    }

    /** A socket that stays the caller's. */
    private interface Target {
        void attach(Program program) throws SyscallException;

        void detach() throws SyscallException;

        boolean isOpen();
    }

    private record Owned(Fd fd) implements Target {
        @Override
        public void attach(Program program) throws SyscallException {
            SocketFilter.attach(fd, program.fd());
        }

        @Override
        public void detach() throws SyscallException {
            SocketFilter.detach(fd);
        }

        @Override
        public boolean isOpen() {
            return fd.isOpen();
        }
    }

    private record OfChannel(DatagramChannel channel, int number) implements Target {
        @Override
        public void attach(Program program) throws SyscallException {
            SocketFilter.attach(isOpen() ? number : -1, program.fd());
        }

        @Override
        public void detach() throws SyscallException {
            SocketFilter.detach(isOpen() ? number : -1);
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }
    }

    /**
     * Attaches to a channel, in place of the filter that it may have. Close the attachment before the channel. Nobody else may change the
     * channel's option SO_BROADCAST meanwhile, by which its descriptor is found.
     */
    public static SocketAttachment attach(DatagramChannel channel, Program program) throws IOException {
        return attached(new OfChannel(channel, ChannelSocket.descriptorOf(channel)), program);
    }

    /** Attaches to a socket that is known by its descriptor, in place of the filter that it may have. */
    public static SocketAttachment attach(Fd socket, Program program) throws SyscallException {
        return attached(new Owned(socket), program);
    }

    private static SocketAttachment attached(Target socket, Program program) throws SyscallException {
        socket.attach(program);
        return new SocketAttachment(socket);
    }

    /** Replaces the program in one step: no packet passes between. */
    public synchronized void update(Program program) throws SyscallException {
        socket.attach(program);
        attached = true;
    }

    /** Takes the filter off. */
    public synchronized void detach() throws SyscallException {
        attached = false;
        socket.detach();
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
