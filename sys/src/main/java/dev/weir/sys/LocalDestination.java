package dev.weir.sys;

import java.net.InetAddress;

/** A network, often of one address, that the kernel takes packets to for its own host's. */
public record LocalDestination(InetAddress address, int prefixBits) {}
