package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static dev.weir.testkit.DnsMessage.ECS_OPTION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsMessage.Rr;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.UdpClient;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** EDNS client subnet (RFC 7871): what is told to backends, and what comes back to clients? */
class EdnsClientSubnetTest {
    private static final DnsQuery QUERY = DnsQuery.of("www.example.", A);

    /** Family, source prefix, scope prefix, address. */
    private static final byte[] CLIENTS_OWN = {0, 1, 24, 0, (byte) 198, 51, 100};

    private FakeBackend backend;
    private DnsProcess subject;

    private void start(String serverOptions, String more) {
        start(serverOptions, more, 24);
    }

    /** A backend that echoes the option with this scope. */
    private void start(String serverOptions, String more, int scope) {
        backend = FakeBackend.start(q -> Reply.send(withScope(q.query(), scope)));
        subject = DnsProcess.start("newServer({address=\"%s\", useClientSubnet=true, %s})\n%s\n"
                .formatted(backend.hostPort(), serverOptions, more));
    }

    private static DnsMessage withScope(DnsMessage query, int scope) {
        DnsMessage reply = FakeBackend.addressOrNothing(query, "192.0.2.1");
        Optional<byte[]> subnet = query.option(ECS_OPTION);
        if (subnet.isEmpty()) {
            return reply;
        }
        byte[] echoed = subnet.get().clone();
        echoed[3] = (byte) scope;
        byte[] option = new byte[echoed.length + 4];
        option[1] = ECS_OPTION;
        option[3] = (byte) echoed.length;
        System.arraycopy(echoed, 0, option, 4, echoed.length);
        List<Rr> additionals = new ArrayList<>(List.of(new Rr(".", DnsMessage.OPT, 1232, 0, option)));
        return new DnsMessage(
                reply.id(), reply.flags(), reply.questions(), reply.answers(), reply.authorities(), additionals);
    }

    @AfterEach
    void stop() {
        subject.close();
        backend.close();
    }

    private DnsMessage askFrom(String local, DnsQuery query) {
        try (UdpClient client = UdpClient.between(InetAddress.ofLiteral(local), subject.address())) {
            return client.ask(query);
        }
    }

    private byte[] seenByBackend() {
        return backend.last().query().option(ECS_OPTION).orElseThrow();
    }

    @Test
    void subnetIsAddedToPlainQueriesAndEdnsRemovedFromAnswers() {
        start("", "");
        DnsMessage answer = askFrom("127.1.2.3", QUERY);
        assertThat(seenByBackend()).containsExactly(0, 1, 24, 0, 127, 1, 2);
        assertThat(answer.opt()).isEmpty();
        assertThat(answer.answerTexts()).containsExactly("192.0.2.1");
    }

    @Test
    void onlyTheSubnetIsRemovedWhenTheClientHadEdns() {
        start("", "");
        DnsMessage answer = askFrom("127.1.2.3", QUERY.edns(1400));
        assertThat(seenByBackend()).containsExactly(0, 1, 24, 0, 127, 1, 2);
        assertThat(answer.opt()).isPresent();
        assertThat(answer.option(ECS_OPTION)).isEmpty();
    }

    @Test
    void otherOptionsGoAlong() {
        start("", "");
        askFrom("127.1.2.3", QUERY.option(65001, (byte) 1, (byte) 2));
        assertThat(backend.last().query().option(65001)).hasValue(new byte[] {1, 2});
        assertThat(seenByBackend()).containsExactly(0, 1, 24, 0, 127, 1, 2);
    }

    @Test
    void clientsOwnSubnetIsKept() {
        start("", "");
        DnsMessage answer = askFrom("127.1.2.3", QUERY.option(ECS_OPTION, CLIENTS_OWN));
        assertThat(seenByBackend()).containsExactly(CLIENTS_OWN);
        assertThat(answer.option(ECS_OPTION)).isPresent();
    }

    @Test
    void clientsOwnSubnetIsReplacedWhenTold() {
        start("", "setECSOverride(true)");
        askFrom("127.1.2.3", QUERY.option(ECS_OPTION, CLIENTS_OWN));
        assertThat(seenByBackend()).containsExactly(0, 1, 24, 0, 127, 1, 2);
    }

    @Test
    void prefixLengthIsConfigured() {
        start("", "setECSSourcePrefixV4(20)");
        askFrom("127.1.255.3", QUERY);
        assertThat(seenByBackend()).containsExactly(0, 1, 20, 0, 127, 1, (byte) 0xF0);
    }

    @Test
    void rulesMayForbidIt() {
        start("", "addAction(AllRule(), SetDisableECSAction())");
        askFrom("127.1.2.3", QUERY);
        assertThat(backend.last().query().option(ECS_OPTION)).isEmpty();
    }

    @Test
    void cacheIsPerSubnet() {
        start("", "getPool(\"\"):setCache(newPacketCache(100, {parseECS=true}))");
        askFrom("127.1.2.3", QUERY);
        askFrom("127.1.2.99", QUERY);
        assertThat(backend.queryCount()).isEqualTo(1);
        askFrom("127.1.3.3", QUERY);
        assertThat(backend.queryCount()).isEqualTo(2);
    }

    @Test
    void scopeZeroAnswersAreForEverybody() {
        start("disableZeroScope=false", "getPool(\"\"):setCache(newPacketCache(100, {parseECS=true}))", 0);
        askFrom("127.1.2.3", QUERY);
        askFrom("127.9.9.9", QUERY);
        assertThat(backend.queryCount()).isEqualTo(1);
    }

    @Test
    void scopeZeroIsNotUsedWhenDisabled() {
        start("disableZeroScope=true", "getPool(\"\"):setCache(newPacketCache(100, {parseECS=true}))", 0);
        askFrom("127.1.2.3", QUERY);
        askFrom("127.9.9.9", QUERY);
        assertThat(backend.queryCount()).isEqualTo(2);
    }
}
