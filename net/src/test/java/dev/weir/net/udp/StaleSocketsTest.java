package dev.weir.net.udp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.ProvenWay;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.UdpClient;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Sockets to a backend that seem to lead nowhere are replaced; health checks are played by the test. */
class StaleSocketsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofMillis(300);
    private static final IpAddress HERE = IpAddress.parse("127.0.0.1");

    private final AtomicInteger asked = new AtomicInteger();

    private boolean isAnswered(UdpClient client) {
        DnsQuery query = DnsQuery.of("n" + asked.incrementAndGet() + ".example.", DnsMessage.A);
        return client.tryExchange(query.packet(), SOON).isPresent();
    }

    private static Set<Integer> ports(FakeBackend server) {
        return server.received().stream()
                .map(received -> received.from().getPort())
                .collect(Collectors.toSet());
    }

    /** As behind a translation of addresses that has lost the old flow: nothing that leaves by the first port arrives anywhere. */
    @Test
    void checksAreAnsweredAndQueriesAreNot() {
        Set<Integer> first = ConcurrentHashMap.newKeySet();
        try (FakeBackend server = FakeBackend.start(query -> {
                    if (first.isEmpty()) {
                        first.add(query.from().getPort());
                    }
                    return first.contains(query.from().getPort())
                            ? Reply.drop()
                            : Reply.send(FakeBackend.addressOrNothing(query.query(), "192.0.2.1"));
                });
                Balancer balancer = new Balancer()) {
            Backend backend = balancer.backend(server, b -> b.udpTimeout = 1);
            balancer.start();
            try (UdpClient client = balancer.client()) {
                assertThat(isAnswered(client)).isFalse();
                Await.until("an answer", LIMIT, () -> {
                    backend.reachedBy(new ProvenWay(HERE, System.nanoTime()));
                    return isAnswered(client);
                });
                Await.until("nothing is waited for", LIMIT, () -> backend.outstanding() == 0);
            }
            assertThat(ports(server)).hasSize(2);
        }
    }

    @Test
    void withoutChecksUnansweredQueriesSayNothing() {
        try (FakeBackend server = FakeBackend.start(query -> Reply.drop());
                Balancer balancer = new Balancer()) {
            Backend backend = balancer.backend(server, b -> b.udpTimeout = 1);
            balancer.start();
            try (UdpClient client = balancer.client()) {
                for (int i = 0; i < 3; i++) {
                    isAnswered(client);
                    Await.until("given up", LIMIT, () -> backend.outstanding() == 0);
                }
            }
            assertThat(ports(server)).hasSize(1);
        }
    }

    /** What was sent by the old socket is answered all the same, and the next checks from there change nothing. */
    @Test
    void checksLeaveFromAnotherAddress() {
        try (FakeBackend server = FakeBackend.start(query -> {
                    DnsMessage answer = FakeBackend.addressOrNothing(query.query(), "192.0.2.1");
                    return query.name().startsWith("slow")
                            ? Reply.later(Duration.ofSeconds(1), answer)
                            : Reply.send(answer);
                });
                Balancer balancer = new Balancer()) {
            Backend backend = balancer.backend(server, b -> b.udpTimeout = 20);
            balancer.start();
            try (UdpClient client = balancer.client();
                    UdpClient patient = balancer.client()) {
                Await.until("a first answer", LIMIT, () -> isAnswered(client));
                backend.reachedBy(new ProvenWay(HERE, System.nanoTime()));
                Await.until("a second answer", LIMIT, () -> isAnswered(client));
                assertThat(ports(server)).hasSize(1);
                byte[] slow = DnsQuery.of("slow.example.", DnsMessage.A).packet();
                patient.send(slow);
                Await.until("it has arrived", LIMIT, () -> server.received().stream()
                        .anyMatch(query -> query.name().startsWith("slow")));
                Await.until("another port", LIMIT, () -> {
                    backend.reachedBy(new ProvenWay(IpAddress.parse("127.0.0.77"), System.nanoTime()));
                    return isAnswered(client) && ports(server).size() == 2;
                });
                assertThat(patient.receive(LIMIT)).isPresent();
                int until = server.queryCount() + 10;
                Await.until("ten more", LIMIT, () -> isAnswered(client) && server.queryCount() >= until);
                assertThat(ports(server)).hasSize(2);
                assertThat(backend.outstanding()).isZero();
            }
        }
    }
}
