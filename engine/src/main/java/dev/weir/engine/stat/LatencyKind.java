package dev.weir.engine.stat;

/** The ways of clients whose latencies are averaged apart. */
public enum LatencyKind {
    UDP,
    TCP,
    DOT,
    DOH,
    DOQ,
    DOH3
}
