package dev.weir.net.stream;

import dev.weir.engine.query.Query;
import dev.weir.net.http.HttpQuestion;
import org.jspecify.annotations.Nullable;

/** One request over HTTP with DNS in it, from its query to its answer. */
final class DohExchange implements StreamClient {
    final HttpQuestion question;
    private final DohRequests requests;
    private @Nullable ClientFlights flights;
    private boolean closed;

    DohExchange(DohRequests requests, HttpQuestion question) {
        this.requests = requests;
        this.question = question;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public ClientFlights flights() {
        ClientFlights known = flights;
        if (known == null) {
            // Most answers come from the cache.
            flights = known = new ClientFlights();
        }
        return known;
    }

    /** Nobody waits any more. */
    void close() {
        if (!closed) {
            closed = true;
            flights().close();
            flights().giveUp();
        }
    }

    @Override
    public boolean pass(Query query, BackendConnection from) {
        // Zones are not transferred over HTTP.
        return false;
    }

    @Override
    public void reply(Query query) {
        requests.ended(this, query, true);
    }

    @Override
    public void abandon(Query query) {
        requests.ended(this, query, false);
    }
}
