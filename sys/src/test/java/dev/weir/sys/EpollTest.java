package dev.weir.sys;

import static dev.weir.sys.Loopback.bound;
import static dev.weir.sys.Loopback.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.BitSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class EpollTest {
    private static final int FIVE_SECONDS = 5_000;

    @Test
    void signalOfAnotherThreadWakes() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        try (Epoll epoll = new Epoll(4);
                EventFd wake = new EventFd()) {
            epoll.add(wake.fd(), Epoll.READABLE, -7);
            assertThat(epoll.await(0)).isZero();
            Thread other = Thread.ofPlatform().start(() -> {
                try {
                    waiting.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                wake.signal();
                wake.signal();
            });
            waiting.countDown();
            assertThat(epoll.await(FIVE_SECONDS)).isEqualTo(1);
            assertThat(epoll.tag(0)).isEqualTo(-7);
            assertThat(epoll.ready(0)).isEqualTo(Epoll.READABLE);
            other.join();
            assertThat(wake.drain()).isEqualTo(2);
            assertThat(wake.drain()).isZero();
            assertThat(epoll.await(0)).isZero();
        }
    }

    @Test
    void reportsWhichOfManyIsReady() throws Exception {
        try (Epoll epoll = new Epoll(4);
                UdpSocket first = bound(Loopback.V4);
                UdpSocket second = bound(Loopback.V6);
                UdpSocket client = UdpSocket.open(6);
                ReceiveBatch batch = new ReceiveBatch(4, 64)) {
            epoll.add(first.fd(), Epoll.READABLE, 1);
            epoll.add(second.fd(), Epoll.READABLE, 2);
            client.connect(second.localEndpoint());
            client.send(bytes("x"), 0, 1);
            assertThat(epoll.await(FIVE_SECONDS)).isEqualTo(1);
            assertThat(epoll.tag(0)).isEqualTo(2);
            assertThat(batch.receive(second)).isEqualTo(1);
            epoll.modify(first.fd(), Epoll.READABLE | Epoll.WRITABLE, Integer.MAX_VALUE);
            assertThat(epoll.await(FIVE_SECONDS)).isEqualTo(1);
            assertThat(epoll.tag(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(epoll.ready(0)).isEqualTo(Epoll.WRITABLE);
            epoll.remove(first.fd());
            assertThat(epoll.await(0)).isZero();
        }
    }

    @Test
    void manyReportsKeepTheirTags() throws Exception {
        try (Epoll epoll = new Epoll(8);
                EventFd a = new EventFd();
                EventFd b = new EventFd();
                EventFd c = new EventFd()) {
            epoll.add(a.fd(), Epoll.READABLE, 0);
            epoll.add(b.fd(), Epoll.READABLE, 1);
            epoll.add(c.fd(), Epoll.READABLE, 2);
            a.signal();
            b.signal();
            c.signal();
            assertThat(epoll.await(FIVE_SECONDS)).isEqualTo(3);
            BitSet tags = new BitSet();
            for (int i = 0; i < 3; i++) {
                assertThat(epoll.ready(i)).isEqualTo(Epoll.READABLE);
                tags.set(epoll.tag(i));
            }
            assertThat(tags.cardinality()).isEqualTo(3);
            assertThat(tags.length()).isEqualTo(3);
        }
    }

    @Test
    void addingTwiceSaysSo() throws Exception {
        try (Epoll epoll = new Epoll(1);
                EventFd wake = new EventFd()) {
            epoll.add(wake.fd(), Epoll.READABLE, 0);
            assertThatExceptionOfType(SyscallException.class)
                    .isThrownBy(() -> epoll.add(wake.fd(), Epoll.READABLE, 0))
                    .withMessage("epoll_ctl(EPOLL_CTL_ADD, " + wake.fd() + "): EEXIST: already exists");
        }
    }

    @Test
    void closedEventFdIgnoresSignals() throws Exception {
        EventFd wake = new EventFd();
        wake.close();
        try (EventFd heir = new EventFd()) {
            wake.signal();
            assertThat(heir.drain()).as("the number went to another descriptor").isZero();
        }
    }

    @Test
    void closedEpollAnswersEbadf() throws Exception {
        Epoll epoll = new Epoll(1);
        epoll.close();
        assertThat(epoll.await(0)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void pinningNarrowsTheCallingThreadOnly() throws Exception {
        BitSet before = Affinity.current();
        BitSet[] inside = new BitSet[1];
        int cpu = before.nextSetBit(0);
        Thread pinned = Thread.ofPlatform().start(() -> {
            try {
                Affinity.pin(cpu);
                inside[0] = Affinity.current();
            } catch (SyscallException e) {
                throw new AssertionError(e);
            }
        });
        pinned.join();
        assertThat(inside[0].stream()).containsExactly(cpu);
        assertThat(Affinity.current()).isEqualTo(before);
        assertThatExceptionOfType(SyscallException.class)
                .isThrownBy(() -> Affinity.pin(8191))
                .withMessage("sched_setaffinity([8191]): EINVAL: invalid argument");
    }
}
