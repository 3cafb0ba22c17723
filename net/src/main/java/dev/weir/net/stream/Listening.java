package dev.weir.net.stream;

/** What a connection's limits need to know of its listener. Any thread. */
interface Listening {
    /** Queries of one connection worked on at a time; 0 and 1 mean one after the other. */
    int maxInFlight();

    /** Whether it has nearly as many connections as it may have. */
    boolean overloaded(int thresholdPercent);
}
