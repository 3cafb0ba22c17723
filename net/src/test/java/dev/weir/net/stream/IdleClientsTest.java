package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdleClientsTest {
    private static final long SECOND = 1_000_000_000L;

    private final long start = System.nanoTime();
    private final IdleClients clients = new IdleClients();
    private final List<String> gone = new ArrayList<>();

    private final class Fake implements IdleClients.Client {
        final String name;
        final IdleClients.Place place = new IdleClients.Place(this);
        boolean busy;

        Fake(String name, int second) {
            this.name = name;
            active(second);
        }

        void active(int second) {
            clients.active(place, start + second * SECOND);
        }

        @Override
        public boolean isIdle() {
            return !busy;
        }

        @Override
        public void evict() {
            clients.remove(place);
            gone.add(name);
        }

        @Override
        public void leaveClosedListener() {
            evict();
        }
    }

    private boolean close(int second) {
        return clients.closeLongest(start + second * SECOND);
    }

    @Test
    void whoHasBeenIdleLongestGoesFirst() {
        Fake a = new Fake("a", 0);
        new Fake("b", 1);
        Fake c = new Fake("c", 2);
        new Fake("d", 3);
        a.active(4);
        clients.remove(c.place);
        while (close(5)) {
            // one after the other
        }
        assertThat(gone).containsExactly("b", "d", "a");
        assertThat(clients.longestIdleSince()).isEqualTo(IdleClients.NOBODY);
    }

    @Test
    void whoWaitsForAnAnswerStaysForAWhile() {
        new Fake("waits", 0).busy = true;
        new Fake("idle", 1);
        assertThat(close(2)).isTrue();
        assertThat(close(3)).isFalse();
        assertThat(close(6)).isTrue();
        assertThat(gone).containsExactly("idle", "waits");
    }

    @Test
    void loopsCompareByTheirFirst() {
        Fake a = new Fake("a", 0);
        long first = clients.longestIdleSince();
        new Fake("b", 1);
        assertThat(clients.longestIdleSince()).isEqualTo(first);
        a.active(2);
        assertThat(clients.longestIdleSince()).isEqualTo(first + SECOND);
    }

    @Test
    void eachMayLeaveWhileAllAreAsked() {
        new Fake("a", 0);
        new Fake("b", 1);
        new Fake("c", 2);
        clients.forEach(IdleClients.Client::leaveClosedListener);
        assertThat(gone).containsExactly("a", "b", "c");
        assertThat(clients.longestIdleSince()).isEqualTo(IdleClients.NOBODY);
    }
}
