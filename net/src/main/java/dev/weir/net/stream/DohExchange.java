package dev.weir.net.stream;

import dev.weir.engine.query.Query;
import dev.weir.net.http.HttpQuestion;

/** One request over HTTP with DNS in it, from its query to its answer. */
final class DohExchange implements StreamClient {
    final HttpQuestion question;
    private final DohConnection connection;
    private final ClientFlights flights = new ClientFlights();
    private boolean closed;

    DohExchange(DohConnection connection, HttpQuestion question) {
        this.connection = connection;
        this.question = question;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public ClientFlights flights() {
        return flights;
    }

    /** Nobody waits any more. */
    void close() {
        if (!closed) {
            closed = true;
            flights.close();
            flights.giveUp();
        }
    }

    @Override
    public boolean pass(Query query, BackendConnection from) {
        // Zones are not transferred over HTTP.
        return false;
    }

    @Override
    public void reply(Query query) {
        connection.ended(this, query, true);
    }

    @Override
    public void abandon(Query query) {
        connection.ended(this, query, false);
    }
}
