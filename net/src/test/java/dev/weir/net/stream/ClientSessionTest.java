package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How many, in which order, until when: without a socket, and with times of the test's own. */
class ClientSessionTest {
    private static final long OPENED = 1_000;

    /** Two at a time, three in all, four pieces, and 100, 50 and 500 nanoseconds to read, send and last. */
    private record Limits(boolean piecesGainTime) implements SessionLimits {
        @Override
        public int inFlight() {
            return 2;
        }

        @Override
        public boolean hasAskedEnough(int queries) {
            return queries >= 3;
        }

        @Override
        public boolean tooManyReads(int reads) {
            return reads >= 4;
        }

        @Override
        public long readNanos() {
            return 100;
        }

        @Override
        public long sendNanos() {
            return 50;
        }

        @Override
        public long durationNanos() {
            return 500;
        }
    }

    private final ClientSession session = new ClientSession(new Limits(false), OPENED);

    private long deadline(long nowNanos) {
        return session.deadlineNanos(nowNanos, false, 0);
    }

    @Test
    void takesAsManyAsMayBeWorkedOn() {
        session.took(1_010);
        assertThat(session.mayTake()).isTrue();
        session.took(1_010);
        assertThat(session.mayTake()).isFalse();
        assertThat(session.isFull()).isTrue();
        session.done();
        assertThat(session.mayTake()).isTrue();
        assertThat(session.isDone()).isFalse();
    }

    @Test
    void endsAfterTheLastQueryItMayAsk() {
        for (int i = 0; i < 3; i++) {
            session.took(1_010);
            session.done();
        }
        assertThat(session.mayTake()).isFalse();
        assertThat(session.isDone()).isTrue();
        assertThat(session.queries()).isEqualTo(3);
    }

    @Test
    void isNotDoneWhileAnswersAreOwed() {
        session.took(1_010);
        session.end();
        assertThat(session.isDone()).isFalse();
        session.done();
        assertThat(session.isDone()).isTrue();
    }

    @Test
    void aMessageInPiecesGainsNoTimeAndHasAnEnd() {
        session.received(false, 1_020);
        assertThat(deadline(1_020)).isEqualTo(1_120);
        for (int i = 0; i < 3; i++) {
            assertThat(session.hasTooManyReads()).isFalse();
            session.received(true, 1_050);
        }
        assertThat(deadline(1_050)).isEqualTo(1_120);
        assertThat(session.hasTooManyReads()).isTrue();
        session.took(1_060);
        assertThat(session.hasTooManyReads()).isFalse();
        assertThat(session.reads()).isEqualTo(4);
    }

    @Test
    void piecesGainTimeWhereTheLimitsSaySo() {
        ClientSession patient = new ClientSession(new Limits(true), OPENED);
        patient.received(false, 1_020);
        patient.received(true, 1_050);
        assertThat(patient.deadlineNanos(1_050, false, 0)).isEqualTo(1_150);
    }

    @Test
    void whileWeWorkTheClientNeedNotHurry() {
        session.took(1_010);
        assertThat(deadline(1_300)).isEqualTo(1_400);
        session.done();
        session.passed(1_300);
        assertThat(deadline(1_320)).isEqualTo(1_400);
    }

    @Test
    void outputThatIsNotTakenHasItsOwnLimit() {
        assertThat(session.deadlineNanos(1_200, true, 1_190)).isEqualTo(1_240);
        session.linger(1_222);
        assertThat(session.deadlineNanos(1_200, true, 1_190)).isEqualTo(1_222);
    }

    @Test
    void nothingLastsLongerThanTheSession() {
        session.took(1_450);
        assertThat(deadline(1_480)).isEqualTo(1_500);
    }
}
