package dev.weir.wire.planted;

import java.net.DatagramSocket;
import java.net.SocketException;

/** A class in wire's name space that opens a socket: what {@link dev.weir.compat.HouseRulesTest} must find. */
public final class Violation {
    private Violation() {}

    static DatagramSocket open() throws SocketException {
        return new DatagramSocket();
    }
}
