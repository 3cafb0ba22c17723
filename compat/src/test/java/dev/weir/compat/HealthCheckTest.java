package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.UdpClient;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When is a backend up, and what does a health check look like? */
class HealthCheckTest {
    private static final Duration LIMIT = Await.PATIENCE;

    private static DnsProcess checking(FakeBackend backend, String options) {
        return DnsProcess.start("newServer({address=\"%s\", checkInterval=1, checkTimeout=300, %s})\n"
                .formatted(backend.hostPort(), options));
    }

    private static boolean up(DnsProcess subject) {
        return subject.console("tostring(getServer(0):isUp())").equals("true");
    }

    @Test
    void defaultQuery() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = checking(backend, "")) {
            Await.until("up", LIMIT, () -> up(subject));
            assertThat(backend.healthCheckCount()).isPositive();
        }
    }

    @Test
    void configuredQuery() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = checking(
                        backend, "checkName=\"check.example.\", checkType=\"AAAA\", checkClass=3, setCD=true")) {
            Await.until("checked", LIMIT, () -> backend.queryCount() > 0);
            DnsMessage query = backend.last().query();
            assertThat(query.question()).isEqualTo(new DnsMessage.Question("check.example.", DnsMessage.AAAA, 3));
            assertThat(query.has(DnsMessage.RD | DnsMessage.CD)).isTrue();
            Await.until("up", LIMIT, () -> up(subject));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, false, true",
        "3, false, true",
        "5, false, true",
        "2, false, false",
        "3, true, false",
        "5, true, false",
        "0, true, true"
    })
    void rcodesThatCount(int rcode, boolean mustResolve, boolean expectedUp) {
        try (FakeBackend backend = FakeBackend.start(q -> Reply.send(q.query().reply(rcode)));
                DnsProcess subject =
                        checking(backend, "checkName=\"check.example.\", mustResolve=%s".formatted(mustResolve))) {
            if (expectedUp) {
                Await.until("up", LIMIT, () -> up(subject));
            } else {
                Await.until("checked twice", LIMIT, () -> backend.queryCount() >= 2);
                assertThat(up(subject)).isFalse();
            }
        }
    }

    @Test
    void answerToAnotherQuestionDoesNotCount() {
        try (FakeBackend backend =
                        FakeBackend.start(q -> Reply.send(q.query().reply(0).withQuestion("other.example.", A)));
                DnsProcess subject = checking(backend, "checkName=\"check.example.\"")) {
            Await.until("checked twice", LIMIT, () -> backend.queryCount() >= 2);
            assertThat(up(subject)).isFalse();
        }
    }

    @Test
    void downAfterFailuresUpAfterRise() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = checking(backend, "maxCheckFailures=2, rise=2")) {
            Await.until("up", LIMIT, () -> up(subject));
            backend.setHealthy(false);
            int before = backend.healthCheckCount();
            Await.until("down", LIMIT, () -> !up(subject));
            assertThat(backend.healthCheckCount() - before).isGreaterThanOrEqualTo(2);
            backend.setHealthy(true);
            int atRecovery = backend.healthCheckCount();
            Await.until("up", LIMIT, () -> up(subject));
            assertThat(backend.healthCheckCount() - atRecovery).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void firstCheckDecidesAtOnce() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1")) {
            backend.setHealthy(false);
            try (DnsProcess subject = checking(backend, "maxCheckFailures=5")) {
                Await.until("the first check timed out", LIMIT, () -> backend.healthCheckCount() > 0 && !up(subject));
                assertThat(subject.console("showServers()")).contains(" down ");
            }
        }
    }

    @Test
    void functionChoosesTheQuery() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = checking(
                        backend,
                        "checkFunction=function(name, qtype, qclass, dh) dh:setCD(true) return newDNSName(\"lua.example.\"), DNSQType.TXT, qclass end")) {
            Await.until("checked", LIMIT, () -> backend.queryCount() > 0);
            DnsMessage query = backend.last().query();
            assertThat(query.question().name()).isEqualTo("lua.example.");
            assertThat(query.question().type()).isEqualTo(DnsMessage.TXT);
            assertThat(query.has(DnsMessage.CD)).isTrue();
            assertThat(subject.process().isAlive()).isTrue();
        }
    }

    @NewerThanDebian("has no validators")
    @Test
    void aFunctionJudgesTheAnswer() {
        try (FakeBackend backend = FakeBackend.start(query -> FakeBackend.Reply.send(
                        query.query().reply(DnsMessage.NOERROR, DnsMessage.Rr.a(query.name(), 60, "192.0.2.1"))));
                DnsProcess subject = DnsProcess.start("""
                        seen, wanted = 0, "\\192\\0\\2\\1"
                        newServer({address="%s", checkName="check.example."}):setHealthCheckResponseValidator(function(answer, dh)
                          seen = seen + 1
                          return dh:getRD() and answer:sub(-4) == wanted
                        end)
                        """.formatted(backend.hostPort()))) {
            Await.until("up", LIMIT, () -> up(subject));
            subject.console("wanted = 'another'");
            Await.until("down", LIMIT, () -> !up(subject));
            assertThat(Integer.parseInt(subject.console("seen"))).isGreaterThanOrEqualTo(2);
            subject.console("wanted = nil + 1");
            subject.console("wanted = '\\192\\0\\2\\1'");
            Await.until("up", LIMIT, () -> up(subject));
            assertThat(subject.console("getServer(0):setHealthCheckResponseValidator(function() return false end)"))
                    .isEqualTo("setHealthCheckResponseValidator cannot be used at runtime!");
        }
    }

    @Test
    void overTcpWhenTold() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = checking(backend, "checkName=\"check.example.\", checkTCP=true")) {
            Await.until("checked", LIMIT, () -> backend.queryCount() > 0);
            assertThat(backend.last().tcp()).isTrue();
            Await.until("up", LIMIT, () -> up(subject));
        }
    }

    @NewerThanDebian("has no lazy checks")
    @Test
    void lazyServersAreCheckedOnlyWhenQueriesFail() {
        AtomicInteger failing = new AtomicInteger();
        try (FakeBackend backend = FakeBackend.start(q -> failing.get() == 1
                        ? Reply.drop()
                        : Reply.send(FakeBackend.addressOrNothing(q.query(), "192.0.2.1")));
                DnsProcess subject = DnsProcess.start("""
                        setUDPTimeout(1)
                        newServer({address="%s", healthCheckMode="lazy", checkTimeout=300, lazyHealthCheckSampleSize=10,
                                   lazyHealthCheckMinSampleCount=5, lazyHealthCheckThreshold=50, lazyHealthCheckFailedInterval=1})
                        seconds=0
                        function maintenance() seconds=seconds+1 end
                        """.formatted(backend.hostPort()));
                UdpClient client = subject.udp()) {
            int atStart = backend.healthCheckCount();
            client.ask(DnsQuery.of("good.example.", A));
            Await.until("three seconds", LIMIT, () -> Integer.parseInt(subject.console("tostring(seconds)")) >= 3);
            assertThat(backend.healthCheckCount()).as("healthy: no checks").isEqualTo(atStart);
            failing.set(1);
            backend.setHealthy(false);
            for (int i = 0; i < 12; i++) {
                client.send(DnsQuery.of("bad" + i + ".example.", A).packet());
            }
            Await.until("down", LIMIT, () -> !up(subject));
            assertThat(backend.healthCheckCount()).isGreaterThan(atStart);
            failing.set(0);
            backend.setHealthy(true);
            Await.until("up", LIMIT, () -> up(subject));
        }
    }

    @Test
    void forcedStatesAreShownInCapitals() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = checking(backend, "")) {
            subject.console("getServer(0):setDown()");
            assertThat(subject.console("showServers()")).contains(" DOWN ");
            subject.console("getServer(0):setUp()");
            assertThat(subject.console("showServers()")).contains(" UP ");
            subject.console("getServer(0):setAuto(true)");
            Await.until("up", LIMIT, () -> subject.console("showServers()").contains(" up "));
        }
    }
}
