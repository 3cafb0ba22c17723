package dev.weir.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.log.Level;
import dev.weir.engine.model.Engine;
import dev.weir.engine.model.Model;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.LatencyKind;
import dev.weir.engine.stat.StatShard;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    private static final long SECOND = 1_000_000_000;

    private final Engine engine = new Model().engine();
    private final StatShard shard = engine.statistics().takeShard();

    @Test
    void eachLineIsAboutItsInterval() {
        shard.add(Counter.QUERIES, 77); // before the first interval
        StatusLine line = new StatusLine(engine, 5 * SECOND);
        shard.add(Counter.QUERIES, 3000);
        shard.add(Counter.CACHE_HITS, 2);
        shard.add(Counter.CACHE_MISSES, 1);
        shard.latency(100, LatencyKind.UDP);
        shard.latency(300, LatencyKind.TCP);
        assertThat(line.next(7 * SECOND))
                .isEqualTo("1,500 queries/s | cache hits 66.7 % | backends up 0/0 | latency 0.200 ms");
        assertThat(line.next(8 * SECOND)).isEqualTo("0 queries/s | cache hits - | backends up 0/0 | latency -");
        assertThat(line.summary()).isEqualTo("3,077 queries, 2 answered from the cache.");
    }

    @Test
    void logLinesOnATerminalStandAboveTheStatus() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Screen screen = screen(bytes, true, false);
        screen.say("banner\n");
        screen.status("one");
        screen.write(Level.INFO, "line\n".getBytes(UTF_8));
        screen.status("two");
        screen.endStatus();
        screen.endStatus();
        screen.status("late");
        screen.say("bye\n");
        assertThat(bytes.toString(UTF_8)).isEqualTo("banner\n\r\u001b[Kone\r\u001b[Kline\none\r\u001b[Ktwo\nbye\n");
    }

    @Test
    void elsewhereStatusIsLinesWithoutControlCharacters() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Screen screen = screen(bytes, false, false);
        screen.status("one");
        screen.write(Level.INFO, "line\n".getBytes(UTF_8));
        screen.endStatus();
        assertThat(bytes.toString(UTF_8)).isEqualTo("one\nline\n");
    }

    @Test
    void quietLeavesOnlyWhatSomebodyMustKnow() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Screen screen = screen(bytes, true, true);
        screen.status("one");
        screen.write(Level.INFO, "info\n".getBytes(UTF_8));
        screen.write(Level.WARNING, "warning\n".getBytes(UTF_8));
        screen.endStatus();
        assertThat(bytes.toString(UTF_8)).isEqualTo("warning\n");
    }

    private static Screen screen(ByteArrayOutputStream bytes, boolean terminal, boolean quiet) {
        return new Screen(new PrintStream(bytes, false, UTF_8), terminal, quiet);
    }
}
