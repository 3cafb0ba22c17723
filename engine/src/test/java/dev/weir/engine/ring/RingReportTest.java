package dev.weir.engine.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.wire.Rcode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rings summed up: lists of the most frequent, latencies, and the tree of names. */
class RingReportTest {
    private final Rings rings = new Rings();
    private final Asker asker = new Asker();

    private void answer(String name, int rcode, long micros) {
        asker.answer(rings.newWriter(), name, rcode, micros);
    }

    private static List<String> texts(List<RingReport.Row> rows) {
        return rows.stream()
                .map(row -> row.key() + " " + row.count() + " " + row.percent())
                .toList();
    }

    @Test
    void namesAreCountedInLowerCaseAndByTheirLastLabels() {
        RingWriter writer = rings.newWriter();
        asker.ask(writer, 1, "192.0.2.1", "WWW.Example.org.");
        asker.ask(writer, 1, "192.0.2.1", "www.example.org.");
        asker.ask(writer, 1, "192.0.2.2", "mail.example.org.");
        asker.ask(writer, 1, "2001:db8::1", ".");
        RingReport report = new RingReport(rings);
        assertThat(texts(report.queries(1, RingReport.ALL_LABELS)))
                .containsExactly("www.example.org. 2 50.0", "Rest 2 50.0");
        assertThat(texts(report.queries(10, 2))).containsExactly("example.org. 3 75.0", ". 1 25.0", "Rest 0 0.0");
        assertThat(texts(report.queries(10, 0))).containsExactly(". 4 100.0", "Rest 0 0.0");
        assertThat(texts(report.clients(1))).containsExactly("192.0.2.1 2 50.0", "Rest 2 50.0");
    }

    @Test
    void withoutEntriesAllIsRest() {
        assertThat(texts(new RingReport(rings).bandwidth(10))).containsExactly("Rest 0 100.0");
    }

    @Test
    void answersAreChosenByCodeLatencyAndWhetherTheyCame() {
        answer("a.", Rcode.NOERROR, 1000);
        answer("b.", Rcode.NXDOMAIN, 1001);
        answer("c.", Rcode.NOERROR, RingCursor.TIMEOUT);
        RingReport report = new RingReport(rings);
        assertThat(texts(report.responses(9, Rcode.NOERROR, RingReport.ALL_LABELS)))
                .containsExactly("a. 1 100.0", "Rest 0 0.0");
        assertThat(texts(report.responses(9, Rcode.NXDOMAIN, RingReport.ALL_LABELS)))
                .containsExactly("b. 1 100.0", "Rest 0 0.0");
        assertThat(texts(report.slow(9, 1, RingReport.ALL_LABELS))).containsExactly("b. 1 100.0", "Rest 0 0.0");
        assertThat(texts(report.timeouts(9, RingReport.ALL_LABELS))).containsExactly("c. 1 100.0", "Rest 0 0.0");
        assertThat(report.latency().sumMicros()).isEqualTo(2001);
        assertThat(report.latency().total()).isEqualTo(2);
    }

    @Test
    void samplesStandForAllThatWereNotKept() {
        rings.configure(RingSpec.DEFAULT.withSamplingRate(5));
        RingWriter writer = rings.newWriter();
        for (int i = 0; i < 50; i++) {
            asker.ask(writer, 1, "192.0.2.1", "a.");
        }
        assertThat(texts(new RingReport(rings).queries(1, 1))).containsExactly("a. 50 100.0", "Rest 0 0.0");
    }

    /** The order and the counts that dnsdist 1.7.3 shows for these names. */
    @Test
    void theTreeIsSeenFromItsLeaves() {
        answer("a.b.example.net.", Rcode.NOERROR, 1);
        answer("WWW.example.org.", Rcode.NOERROR, 1);
        answer("www.Example.org.", Rcode.NXDOMAIN, 1);
        answer("example.org.", Rcode.SERVFAIL, 1);
        answer("drop.example.org.", Rcode.NOERROR, RingCursor.TIMEOUT);
        answer("a\\.b\\\\.z.", Rcode.REFUSED, 1);
        answer(".", Rcode.NOERROR, 1);
        NameTree tree = new NameTree();
        tree.addAll(rings.responses().all());
        List<String> seen = new ArrayList<>();
        tree.visit((node, self, subtree) -> seen.add(node.fullName() + " " + node.labels() + " " + node.children() + " "
                + self.queries() + " " + kinds(subtree)));
        int queryAndAnswer = 12 + 4;
        assertThat(seen)
                .containsExactly(
                        "a.b.example.net. 4 0 1 1/1/0/0/0/" + (queryAndAnswer + 17),
                        "b.example.net. 3 1 0 1/1/0/0/0/" + (queryAndAnswer + 17),
                        "example.net. 2 1 0 1/1/0/0/0/" + (queryAndAnswer + 17),
                        "net. 1 1 0 1/1/0/0/0/" + (queryAndAnswer + 17),
                        "drop.example.org. 3 0 1 1/0/0/0/1/0",
                        "WWW.example.org. 3 0 2 2/1/1/0/0/" + 2 * (queryAndAnswer + 17),
                        "example.org. 2 2 1 4/1/1/1/1/" + (3 * queryAndAnswer + 2 * 17 + 13),
                        "org. 1 1 0 4/1/1/1/1/" + (3 * queryAndAnswer + 2 * 17 + 13),
                        "a\\.b\\\\.z. 2 0 1 1/0/0/0/0/" + (queryAndAnswer + 8),
                        "z. 1 1 0 1/0/0/0/0/" + (queryAndAnswer + 8),
                        " 0 3 0 6/2/1/1/1/" + (5 * queryAndAnswer + 3 * 17 + 13 + 8));
    }

    private static String kinds(NameTree.Counts counts) {
        assertThat(counts.hits()).isZero();
        return counts.queries() + "/" + counts.noerrors() + "/" + counts.nxdomains() + "/" + counts.servfails() + "/"
                + counts.drops() + "/" + counts.bytes();
    }

    /** Room for the root and five more: later names count below the last name above them that is there, so that subtrees stay right. */
    @Test
    void whatFindsNoRoomInTheTreeCountsAbove() {
        answer("www.example.org.", Rcode.NOERROR, 1);
        answer("mail.example.org.", Rcode.NXDOMAIN, 1);
        for (int i = 0; i < 50; i++) {
            answer("n" + i + ".deep.example.org.", Rcode.SERVFAIL, 1);
        }
        answer("www.example.com.", Rcode.NOERROR, 1);
        NameTree tree = new NameTree(6);
        tree.addAll(rings.responses().all());
        List<String> seen = new ArrayList<>();
        tree.visit((node, self, subtree) ->
                seen.add(node.fullName() + " " + self.queries() + " " + subtree.queries() + " " + subtree.servfails()));
        assertThat(seen)
                .containsExactly(
                        "deep.example.org. 0 50 50",
                        "mail.example.org. 1 1 0",
                        "www.example.org. 1 1 0",
                        "example.org. 0 52 50",
                        "org. 0 52 50",
                        " 0 53 50");
        assertThat(tree.unseen()).isEqualTo(51);
    }

    @Test
    void aTreeForgetsAndIsUsedAgain() {
        NameTree tree = new NameTree(6);
        for (int round = 0; round < 3; round++) {
            rings.configure(RingSpec.DEFAULT);
            for (int i = 0; i < 10; i++) {
                answer("n" + (10 * round + i) + ".example.", Rcode.NOERROR, 1);
            }
            tree.clear();
            tree.addAll(rings.responses().all());
            List<String> seen = new ArrayList<>();
            tree.visit((node, self, subtree) -> seen.add(node + " " + self.queries() + " " + subtree.queries()));
            String first = "n" + 10 * round;
            assertThat(seen).hasSize(6).contains(first + ".example. 1 1", "example. 0 10", " 0 10");
            assertThat(tree.unseen()).isEqualTo(6);
        }
    }

    @Test
    void aListHasRoomForSoManyKeys() {
        TopList<Integer> list = new TopList<>();
        list.add(-1, 10);
        for (int key = 0; key < 300_000; key++) {
            list.add(key, 1);
        }
        list.add(-1, 10);
        assertThat(list.size()).isEqualTo(1 << 17);
        assertThat(list.rows(1).getFirst().count()).isEqualTo(20);
        assertThat(list.rows(1).getLast().count()).as("Rest").isEqualTo(300_000);
    }
}
