package dev.weir.net.stream;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import org.jspecify.annotations.Nullable;

/** The queries that one connection to a backend carries, by age and by id. Belongs to its loop's thread. */
final class BackendFlights {
    private static final int IDS = 1 << 16;

    /** As many as can be told apart on one connection. */
    static final int MOST = IDS;

    private @Nullable Flight oldest;
    private @Nullable Flight youngest;

    /** Null while there was never more than one at a time. */
    private @Nullable IntObjectMap<Flight> byId;

    private int count;

    /** Of these, queries whose clients have gone. */
    private int forsaken;

    private boolean transferring;
    private int nextId;

    /** @param firstId nobody else is to guess which ids follow */
    BackendFlights(int firstId) {
        this.nextId = firstId & IDS - 1;
    }

    /** Queries that wait for their answers, those of clients that have gone included. */
    int count() {
        return count;
    }

    /** The one that has waited longest, from where {@link Flight#younger} leads to the others. */
    @Nullable Flight oldest() {
        return oldest;
    }

    boolean hasTransfer() {
        return transferring;
    }

    /** Adds a query and gives it an id that no other has. */
    void add(Flight flight) {
        Flight first = oldest;
        flight.older = youngest;
        flight.younger = null;
        if (youngest == null) {
            oldest = flight;
        } else {
            youngest.younger = flight;
        }
        youngest = flight;
        flight.id = freeId();
        if (byId == null && first != null) {
            byId = new IntObjectHashMap<>();
            byId.put(first.id, first);
        }
        if (byId != null) {
            byId.put(flight.id, flight);
        }
        count++;
        transferring |= flight.transfer != null;
    }

    private int freeId() {
        int id = nextId;
        while (find(id) != null) {
            id = id + 1 & IDS - 1;
        }
        nextId = id + 1 & IDS - 1;
        return id;
    }

    @Nullable Flight find(int id) {
        if (byId != null) {
            return byId.get(id);
        }
        return oldest != null && oldest.id == id ? oldest : null;
    }

    void remove(Flight flight) {
        if (flight.older == null) {
            oldest = flight.younger;
        } else {
            flight.older.younger = flight.younger;
        }
        if (flight.younger == null) {
            youngest = flight.older;
        } else {
            flight.younger.older = flight.older;
        }
        if (byId != null) {
            byId.remove(flight.id);
        }
        flight.carrier = null;
        forsaken -= flight.forsaken ? 1 : 0;
        count--;
        transferring &= flight.transfer == null;
    }

    /** The client of one has gone. */
    void forsake() {
        forsaken++;
    }

    /** Whether nobody waits for any of them. */
    boolean onlyForsaken() {
        return count > 0 && forsaken == count;
    }

    /** Gives up all of them: the oldest, from where {@link Flight#younger} leads to the others. */
    @Nullable Flight removeAll() {
        Flight first = oldest;
        oldest = null;
        youngest = null;
        byId = null;
        count = 0;
        return first;
    }
}
