package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.UdpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules with regular expressions: what they match, and what names made for them cost other clients. */
class ExpressionRulesTest {
    private static FakeBackend backend;
    private static DnsProcess subject;

    @BeforeAll
    static void start() {
        backend = FakeBackend.answering("192.0.2.1");
        subject = DnsProcess.start("""
                newServer("%s")
                addAction(RE2Rule("re2\\\\.[a-z]+"), RCodeAction(DNSRCode.REFUSED))
                addAction(RE2Rule("(?i)any\\\\.case"), RCodeAction(DNSRCode.REFUSED))
                addAction(RegexRule("posix[0-9]\\\\.x"), RCodeAction(DNSRCode.REFUSED))
                addAction(RegexRule("^$"), RCodeAction(DNSRCode.REFUSED))
                addAction(RegexRule("^([a-z]{1,5}[0-9]{0,3}){3,20}\\\\.evil$"), RCodeAction(DNSRCode.REFUSED))
                addAction(RegexRule("^([a-z0-9]+){2,10}\\\\.evil$"), RCodeAction(DNSRCode.REFUSED))
                addAction(RegexRule("^([a-f0-9]{2,8}){4,16}\\\\.tunnel"), RCodeAction(DNSRCode.REFUSED))
                addAction(RE2Rule("^(?:[a-z0-9]+[-.]?){2,20}\\\\.com$"), RCodeAction(DNSRCode.REFUSED))
                """.formatted(backend.hostPort()));
    }

    @AfterAll
    static void stop() {
        subject.close();
        backend.close();
    }

    private static boolean refused(String name) {
        try (UdpClient client = subject.udp()) {
            return client.ask(DnsQuery.of(name, A)).rcode() == 5;
        }
    }

    @Test
    void re2RuleTakesTheWholeNameAsTheClientWroteIt() {
        assertThat(refused("re2.abc.")).isTrue();
        assertThat(refused("re2.abc.d.")).isFalse();
        assertThat(refused("x.re2.abc.")).isFalse();
        assertThat(refused("RE2.abc.")).isFalse();
        assertThat(refused("aNy.CaSe.")).isTrue();
    }

    @Test
    void regexRuleSearchesInEitherCase() {
        assertThat(refused("a.POSIX1.xyz.")).isTrue();
        assertThat(refused("a.posix.xyz.")).isFalse();
    }

    @Test
    void theRootIsAnEmptyText() {
        assertThat(refused(".")).isTrue();
    }

    /** One packet each, then an honest one by another client, who is answered like before. */
    @Test
    void namesMadeToKeepExpressionsBusyHarmNobody() {
        try (UdpClient honest = subject.udp();
                UdpClient other = subject.udp()) {
            for (int length = 20; length <= 48; length += 4) {
                for (String name : new String[] {
                    "a".repeat(length) + ".evi.",
                    "f0".repeat(length / 2) + ".tunne.",
                    "a1".repeat(length / 2) + "-com.",
                    "ab1".repeat(length / 3) + ".evil.x."
                }) {
                    other.send(DnsQuery.of(name, A).packet());
                    assertThat(honest.ask(DnsQuery.of("honest.example.", A)).answerTexts())
                            .as("beside " + name)
                            .containsExactly("192.0.2.1");
                }
            }
        }
        assertThat(refused("abc12de3f4.evil.")).isTrue();
        assertThat(refused("0a1b2c3d4e.tunnel.x.")).isTrue();
        assertThat(refused("a-b.c.com.")).isTrue();
    }
}
