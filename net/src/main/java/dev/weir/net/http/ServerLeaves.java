package dev.weir.net.http;

/** The server takes no more requests on this connection (RFC 9113 section 6.8). */
public enum ServerLeaves {
    NOW
}
