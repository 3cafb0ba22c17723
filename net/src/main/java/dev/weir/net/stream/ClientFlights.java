package dev.weir.net.stream;

import dev.weir.engine.backend.Backend;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What backends work on for one client: its queries in flight, the backend connections that announced it in a PROXY header and so can carry
 * nobody else's, and the zone transfer that waits until it takes more. Belongs to its loop's thread.
 */
final class ClientFlights {
    private final ArrayList<Flight> flights = new ArrayList<>(0);
    private final List<BackendConnection> own = new ArrayList<>(0);
    private @Nullable BackendConnection waiting;
    private boolean over;

    // ---- queries in flight

    void took(Flight flight) {
        flight.placeAtClient = flights.size();
        flights.add(flight);
    }

    void ended(Flight flight) {
        Flight last = flights.removeLast();
        if (last != flight) {
            flights.set(flight.placeAtClient, last);
            last.placeAtClient = flight.placeAtClient;
        }
    }

    // ---- backend connections of this client's own

    /** One that goes to this backend, has announced the client as this flight asks for, and can take it. */
    @Nullable BackendConnection findOwn(Backend backend, Flight flight) {
        for (BackendConnection each : own) {
            if (each.backend() == backend && each.announced(flight.query) && each.hasRoomFor(flight)) {
                return each;
            }
        }
        return null;
    }

    void addOwn(BackendConnection connection) {
        own.add(connection);
    }

    void removeOwn(BackendConnection connection) {
        own.remove(connection);
    }

    /** Whether an idle connection is kept for the client's next query. */
    boolean keepsOwn(BackendConnection connection) {
        return !over && own.size() <= BackendPool.OWN_PER_CLIENT && own.contains(connection);
    }

    // ---- a zone transfer that waits

    /** The client takes no more for now. */
    void pause(BackendConnection transfer) {
        waiting = transfer;
    }

    /** The client takes more, or has gone. */
    void resume() {
        BackendConnection paused = waiting;
        waiting = null;
        if (paused != null) {
            paused.resumeReading();
        }
    }

    // ---- end

    /** The client has gone: nothing is kept for it any more. To be followed by {@link #giveUp}. */
    void close() {
        over = true;
    }

    /** Ends its queries without an answer, and its own connections once they are idle. */
    void giveUp() {
        resume();
        for (Flight each : List.copyOf(flights)) {
            each.giveUp();
        }
        for (BackendConnection each : List.copyOf(own)) {
            each.closeIfIdle();
        }
    }
}
