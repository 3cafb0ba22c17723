package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogFormat;
import dev.weir.engine.log.LogSink;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsQuery;
import dev.weir.wire.RecordType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Do query logs hold what dnsdist 1.7.3 was seen to write? */
class QueryLogTest {
    /** dnsdist prints ids as the processor reads them. */
    private static final int ID = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 0x3412 : 0x1234;

    private static final Duration SECONDS = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private Path file(String name) {
        return folder.resolve(name);
    }

    private String text(String name) throws IOException {
        return Files.readString(file(name), StandardCharsets.ISO_8859_1);
    }

    /** Files are written by a thread of their own. */
    private void awaitBytes(String name, int count) {
        Await.until(
                name + " has " + count + " bytes",
                Duration.ofSeconds(20),
                () -> file(name).toFile().length() >= count);
    }

    /** The file once it is as long as it should be; what is too much shows as well. */
    private void assertText(String name, String expected) throws IOException {
        awaitBytes(name, expected.length());
        assertThat(text(name)).isEqualTo(expected);
    }

    /** An answer of our own to each query, after the rules in {@code more}. */
    private Walk walk(World world, String more) {
        world.with("d = '" + folder + "/' " + more + """

                addAction('nx.example.', RCodeAction(DNSRCode.NXDOMAIN))
                addAction('odd.example.', RCodeAction(11))
                addAction(AllRule(), SpoofAction('192.0.2.1'))
                """);
        return new Walk(world);
    }

    private static void ask(Walk walk, String name, int type) {
        walk.ask(DnsQuery.of(name, type).withId(0x1234));
    }

    @Test
    void queriesAsLines() throws IOException {
        Files.writeString(file("q"), "what was there goes\n");
        Walk walk = walk(new World(), "addAction(AllRule(), LogAction(d .. 'q', false))");
        assertThat(text("q")).as("before the first query").isEqualTo("what was there goes\n");
        ask(walk, "www.Example.org.", RecordType.A);
        ask(walk, "a\\032b\\.c.ex\\001.", RecordType.HTTPS);
        assertText(
                "q",
                "Packet from 127.0.0.9:4242 for www.Example.org. A with id " + ID + "\n"
                        + "Packet from 127.0.0.9:4242 for a\\032b\\.c.ex\\001. HTTPS with id " + ID + "\n");
    }

    @Test
    void answersAsLines() throws IOException {
        Walk walk = walk(new World(), "addSelfAnsweredResponseAction(AllRule(), LogResponseAction(d .. 'a'))");
        ask(walk, "www.example.org.", RecordType.A);
        ask(walk, "nx.example.", RecordType.AAAA);
        ask(walk, "odd.example.", RecordType.NS);
        assertText(
                "a",
                "Answer to 127.0.0.9:4242 for www.example.org. A (No Error) with id " + ID + "\n"
                        + "Answer to 127.0.0.9:4242 for nx.example. AAAA (Non-Existent domain) with id " + ID + "\n"
                        + "Answer to 127.0.0.9:4242 for odd.example. NS (Err#11) with id " + ID + "\n");
    }

    @Test
    void appendingKeepsWhatIsThereAndTimesComeFirst() throws IOException {
        Files.writeString(file("q"), "kept\n");
        Walk walk = walk(new World(), "addAction(AllRule(), LogAction(d .. 'q', false, true, false, true, true))");
        ask(walk, "a.example.", RecordType.A);
        awaitBytes(
                "q", "kept\n[1234567890.123456789] Packet from 127.0.0.9:4242 for a.example. A with id 1\n".length());
        assertThat(text("q"))
                .matches(
                        "kept\n\\[\\d{10}\\.\\d{9}\\] Packet from 127\\.0\\.0\\.9:4242 for a\\.example\\. A with id \\d+\n");
    }

    @Test
    void queriesAsRecords() throws IOException {
        Walk walk = walk(new World(), """
                addAction(AllRule(), LogAction(d .. 'b'))
                addAction(AllRule(), LogAction(d .. 't', true, false, false, true, true))
                """);
        ask(walk, "www.Example.org.", RecordType.HTTPS);
        byte[] name = "\3www\7Example\3org\0".getBytes(StandardCharsets.ISO_8859_1);
        byte[] expected = ByteBuffer.allocate(2 + name.length + 2 + 2 + 4 + 2)
                .putShort((short) 0x1234)
                .put(name)
                .order(ByteOrder.nativeOrder())
                .putShort((short) 65)
                .putShort((short) 2)
                .order(ByteOrder.BIG_ENDIAN)
                .put(new byte[] {127, 0, 0, 9})
                .putShort((short) 4242)
                .array();
        awaitBytes("b", expected.length);
        assertThat(Files.readAllBytes(file("b"))).isEqualTo(expected);
        awaitBytes("t", 12 + expected.length);

        ByteBuffer timed = ByteBuffer.wrap(Files.readAllBytes(file("t"))).order(ByteOrder.nativeOrder());
        assertThat(timed.getLong()).isBetween(1_700_000_000L, 10_000_000_000L);
        assertThat(timed.getInt()).isBetween(0, 999_999_999);
        assertThat(timed.slice()).isEqualTo(ByteBuffer.wrap(expected));
    }

    @Test
    void buffersAreWrittenAtTheEndAndNothingIsLostAfterwards() throws IOException {
        World world = new World();
        Walk walk = walk(world, "addAction(AllRule(), LogAction(d .. 'q', false, false, true))");
        ask(walk, "a.example.", RecordType.A);
        assertThat(text("q")).isEmpty();
        world.lua.exitCallbacks();
        assertThat(text("q")).contains("a.example.").doesNotContain("b.example.");
        int before = text("q").length();
        ask(walk, "b.example.", RecordType.A);
        awaitBytes("q", 2 * before);
        assertThat(text("q")).contains("a.example.", "b.example.");
    }

    @Test
    void reloadWritesBuffersAndOpensAnew() throws IOException {
        World world = new World();
        Walk walk = walk(world, "log = LogAction(d .. 'q', false, false, true) addAction(AllRule(), log)");
        ask(walk, "a.example.", RecordType.A);
        Files.move(file("q"), file("q.1"));
        world.ask("log:reload()");
        ask(walk, "b.example.", RecordType.A);
        world.lua.exitCallbacks();
        assertThat(text("q.1")).contains("a.example.").doesNotContain("b.example.");
        assertThat(text("q")).contains("b.example.").doesNotContain("a.example.");
    }

    /** A pipe that nobody reads: queries go on, what has no room is lost and said. */
    @Test
    void aFileThatTakesNothingHoldsUpNoQuery() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", file("pipe").toString()).start().waitFor())
                .isZero();
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        LogSink before = Log.sink((level, line) -> lines.add(new String(line, StandardCharsets.UTF_8)));
        // Open for reading and writing, so that opening it does not wait; read by nobody at first.
        try (RandomAccessFile pipe = new RandomAccessFile(file("pipe").toFile(), "rw")) {
            Walk walk = walk(new World(), "addAction(AllRule(), LogAction(d .. 'pipe', false, true))");
            String name = ("x".repeat(60) + ".").repeat(4);
            for (int i = 0; i < 50_000; i++) {
                ask(walk, name, RecordType.A);
            }
            byte[] buffer = new byte[1 << 16];
            long end = System.nanoTime() + SECONDS.toNanos();
            while (System.nanoTime() < end && lines.stream().noneMatch(QueryLogTest::tellsOfLosses)) {
                pipe.read(buffer);
            }
            assertThat(lines).anyMatch(QueryLogTest::tellsOfLosses);
        } finally {
            Log.sink(before);
        }
    }

    private static boolean tellsOfLosses(String line) {
        return line.contains("Query log records are lost");
    }

    @Test
    void withoutAFileOurLogSpeaksIfItIsVerboseOrTold() {
        List<String> lines = new ArrayList<>();
        LogSink before = Log.sink((level, line) -> lines.add(new String(line, StandardCharsets.UTF_8)));
        var settings = Log.settings();
        try {
            Log.settings(settings.withFormat(LogFormat.PLAIN));
            Walk quiet = walk(new World(), "addAction(AllRule(), LogAction())");
            Walk told = walk(new World(), "addAction(AllRule(), LogAction('', false, false, false, false))");
            lines.clear();
            ask(quiet, "quiet.example.", RecordType.A);
            ask(told, "told.example.", RecordType.A);
            Log.verbose(true);
            ask(quiet, "loud.example.", RecordType.A);
            assertThat(lines)
                    .containsExactly(
                            "Packet from 127.0.0.9:4242 for told.example. A with id " + ID + "\n",
                            "Packet from 127.0.0.9:4242 for loud.example. A with id " + ID + "\n");
        } finally {
            Log.settings(settings);
            Log.sink(before);
        }
    }
}
