package dev.weir.wire;

/** RDATA of a start of authority (RFC 1035 3.3.13); numbers are unsigned 32-bit, times in seconds. */
public record Soa(
        Name mname,
        Name rname,
        long serial,
        long refreshSeconds,
        long retrySeconds,
        long expireSeconds,
        long minimumSeconds) {}
