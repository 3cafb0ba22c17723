package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.UdpClient;
import org.junit.jupiter.api.Test;

/** What becomes of a query when a Lua function fails on it? */
class LuaErrorTest {
    private static DnsMessage askThrough(String config) {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = DnsProcess.start("newServer(\"%s\")\n%s\n".formatted(backend.hostPort(), config));
                UdpClient client = subject.udp()) {
            DnsMessage first = client.ask(DnsQuery.of("first.example.", A));
            DnsMessage second = client.ask(DnsQuery.of("second.example.", A));
            assertThat(second.rcode()).isEqualTo(first.rcode());
            return second;
        }
    }

    @Test
    void failingActionIsServfail() {
        assertThat(askThrough("addAction(AllRule(), LuaAction(function(dq) error(\"boom\") end))")
                        .rcode())
                .isEqualTo(DnsMessage.SERVFAIL);
    }

    @Test
    void failingRuleDoesNotMatch() {
        assertThat(askThrough("addAction(LuaRule(function(dq) error(\"boom\") end), RCodeAction(DNSRCode.REFUSED))")
                        .answerTexts())
                .containsExactly("192.0.2.1");
    }

    @Test
    void failingResponseActionIsServfail() {
        assertThat(askThrough("addResponseAction(AllRule(), LuaResponseAction(function(dr) error(\"boom\") end))")
                        .rcode())
                .isEqualTo(DnsMessage.SERVFAIL);
    }

    @Test
    void failingMaintenanceHarmsNobody() {
        assertThat(askThrough("function maintenance() error(\"boom\") end").answerTexts())
                .containsExactly("192.0.2.1");
    }

    @NewerThanDebian("wants a server from a policy, not its number")
    @Test
    void failingPolicyDropsOrFailsTheQueryOnly() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = DnsProcess.start("""
                        newServer("%s")
                        function choose(servers, dq)
                          if dq.qname:toString() == "bad.example." then error("boom") end
                          return 1
                        end
                        setServerPolicyLua("choose", choose)
                        """.formatted(backend.hostPort()));
                UdpClient client = subject.udp()) {
            client.send(DnsQuery.of("bad.example.", A).packet());
            assertThat(client.ask(DnsQuery.of("good.example.", A)).answerTexts())
                    .containsExactly("192.0.2.1");
            assertThat(backend.queryCount()).isEqualTo(1);
        }
    }
}
