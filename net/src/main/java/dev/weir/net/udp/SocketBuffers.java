package dev.weir.net.udp;

import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.model.Setting;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UdpSocket;

/**
 * The buffers of a UDP socket: what {@code setUDPSocketBufferSizes} says, and room for a stall where it says nothing.
 *
 * <p>Linux' default holds about 280 small datagrams: a thread that the scheduler or a garbage collection holds up for some milliseconds of a
 * flood loses queries of honest clients with it.
 */
public final class SocketBuffers {
    /** Octets asked for, which the kernel doubles: about 5,000 small datagrams, 50 ms of 100,000 a second. */
    private static final int ROOM_FOR_A_STALL = 2 << 20;

    private SocketBuffers() {}

    /** Sets both. */
    public static void configure(UdpSocket socket, LiveSettings settings) throws SyscallException {
        if (settings.number(Setting.UDP_RECEIVE_BUFFER_SIZE) > 0) {
            socket.receiveBufferBytes(settings.number(Setting.UDP_RECEIVE_BUFFER_SIZE));
        } else {
            socket.atLeastReceiveBufferBytes(ROOM_FOR_A_STALL);
        }
        if (settings.number(Setting.UDP_SEND_BUFFER_SIZE) > 0) {
            socket.sendBufferBytes(settings.number(Setting.UDP_SEND_BUFFER_SIZE));
        }
    }
}
