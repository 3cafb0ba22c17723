package dev.weir.sys;

import java.net.InetAddress;

/** An address of a network device. */
public record InterfaceAddress(int interfaceIndex, InetAddress address, int prefixBits) {}
