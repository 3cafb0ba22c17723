package dev.weir.lua;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogFormat;
import dev.weir.engine.log.LogSink;
import dev.weir.testkit.DnsQuery;
import dev.weir.wire.RecordType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Do query logs hold what dnsdist 1.7.3 was seen to write? */
class QueryLogTest {
    /** dnsdist prints ids as the processor reads them. */
    private static final int ID = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 0x3412 : 0x1234;

    @TempDir
    Path folder;

    private Path file(String name) {
        return folder.resolve(name);
    }

    private String text(String name) throws IOException {
        return Files.readString(file(name), StandardCharsets.ISO_8859_1);
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
        ask(walk, "www.Example.org.", RecordType.A);
        ask(walk, "a\\032b\\.c.ex\\001.", RecordType.HTTPS);
        assertThat(text("q"))
                .isEqualTo("Packet from 127.0.0.9:4242 for www.Example.org. A with id " + ID + "\n"
                        + "Packet from 127.0.0.9:4242 for a\\032b\\.c.ex\\001. HTTPS with id " + ID + "\n");
    }

    @Test
    void answersAsLines() throws IOException {
        Walk walk = walk(new World(), "addSelfAnsweredResponseAction(AllRule(), LogResponseAction(d .. 'a'))");
        ask(walk, "www.example.org.", RecordType.A);
        ask(walk, "nx.example.", RecordType.AAAA);
        ask(walk, "odd.example.", RecordType.NS);
        assertThat(text("a"))
                .isEqualTo("Answer to 127.0.0.9:4242 for www.example.org. A (No Error) with id " + ID + "\n"
                        + "Answer to 127.0.0.9:4242 for nx.example. AAAA (Non-Existent domain) with id " + ID + "\n"
                        + "Answer to 127.0.0.9:4242 for odd.example. NS (Err#11) with id " + ID + "\n");
    }

    @Test
    void appendingKeepsWhatIsThereAndTimesComeFirst() throws IOException {
        Files.writeString(file("q"), "kept\n");
        Walk walk = walk(new World(), "addAction(AllRule(), LogAction(d .. 'q', false, true, false, true, true))");
        ask(walk, "a.example.", RecordType.A);
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
        assertThat(Files.readAllBytes(file("b"))).isEqualTo(expected);

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
        ask(walk, "b.example.", RecordType.A);
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
