package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.BulkExchange;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Do {@code whashed} and {@code chashed} send each of a thousand names where dnsdist sends it? A fleet whose instances are replaced one by
 * one otherwise loses the caches behind it. The choices in {@code spreading.tsv} are those of Debian's dnsdist 1.7.3: against it, with
 * {@code -Dweir.subject=dnsdist}, this test holds too.
 */
class SpreadingLikeDnsdistTest {
    private static final int NAMES = 1_000;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    /**
     * One configuration and what came of it.
     *
     * @param perturbation the number given to {@code setWHashedPertubation}
     * @param weights one per server
     * @param ids the last digits of the servers' ids
     * @param order their {@code order} options
     * @param down numbers of the servers that are down
     * @param choices the number of the server for each name, one digit each
     */
    record Case(
            String policy,
            String perturbation,
            List<String> weights,
            List<String> ids,
            List<String> order,
            List<String> down,
            String choices) {
        static Case of(String line) {
            String[] fields = line.split("\t", -1);
            return new Case(
                    fields[0],
                    fields[1],
                    list(fields[2]),
                    list(fields[3]),
                    list(fields[4]),
                    list(fields[5]),
                    fields[6]);
        }

        private static List<String> list(String field) {
            return field.isEmpty() ? List.of() : List.of(field.split(",", -1));
        }

        @Override
        public String toString() {
            return policy + " of " + weights + " down " + down + " with " + perturbation;
        }
    }

    static List<Case> cases() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(SpreadingLikeDnsdistTest.class.getResourceAsStream("spreading.tsv"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Case::of)
                    .toList();
        }
    }

    /** Of one to six labels in both cases, up to 200 octets long; the same ones each time. */
    private static List<byte[]> questions() {
        Random random = new Random(1996);
        List<byte[]> questions = new ArrayList<>();
        for (int i = 0; i < NAMES; i++) {
            StringBuilder name = new StringBuilder();
            int longest = 1 + random.nextInt(30);
            for (int labels = 1 + random.nextInt(6); labels > 0; labels--) {
                for (int letters = 1 + random.nextInt(longest); letters > 0; letters--) {
                    name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
                }
                name.append('.');
            }
            questions.add(DnsQuery.of(name.toString(), DnsMessage.A).packet());
        }
        return questions;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void chooses(Case asked) {
        List<FakeBackend> backends = new ArrayList<>();
        StringBuilder config = new StringBuilder();
        for (int i = 0; i < asked.weights.size(); i++) {
            FakeBackend backend = FakeBackend.answering("192.0.2." + i);
            backends.add(backend);
            config.append("""
                    newServer({address="%s", name="s%d", weight=%s, order=%s, id="abcdef00-0000-0000-0000-%s"})
                    for _, server in ipairs(getServers()) do
                      if server.name == "s%d" then server:set%s() end
                    end
                    """.formatted(
                            backend.hostPort(),
                            i,
                            asked.weights.get(i),
                            asked.order.get(i),
                            "0".repeat(12 - asked.ids.get(i).length()) + asked.ids.get(i),
                            i,
                            asked.down.contains("" + i) ? "Down" : "Up"));
        }
        config.append("setServerPolicy(%s)\nsetWHashedPertubation(%s)\n".formatted(asked.policy, asked.perturbation));
        StringBuilder choices = new StringBuilder();
        try (DnsProcess subject = DnsProcess.start(config.toString())) {
            for (byte[] answer : BulkExchange.udp(subject.address(), questions())) {
                choices.append(answer[answer.length - 1]);
            }
        } finally {
            backends.forEach(FakeBackend::close);
        }
        assertThat(choices).hasToString(asked.choices);
    }
}
