package dev.weir.engine.listen;

/** What a transport tells people of the connections that it has. Any thread. */
public interface ConnectionReport {
    /** Of a process without such a transport. */
    ConnectionReport NONE = new ConnectionReport() {
        @Override
        public int outgoingTlsSessions() {
            return 0;
        }

        @Override
        public void logConnections(boolean overHttp) {}
    };

    /** Number of sessions of TLS that connections to backends can take up again. */
    int outgoingTlsSessions();

    /**
     * Writes into the log, soon, what connections of clients and to backends there are.
     *
     * @param overHttp those with HTTP, or those without
     */
    void logConnections(boolean overHttp);
}
