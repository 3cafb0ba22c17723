package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogSink;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NettyLogTest {
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private LogSink before;

    @BeforeEach
    void listen() {
        before = Log.sink((level, line) -> lines.add(level + " " + new String(line, StandardCharsets.UTF_8)));
        NettySettings.apply();
    }

    @AfterEach
    void restore() {
        Log.sink(before);
    }

    private List<String> ofLogger(String name) {
        return lines.stream().filter(line -> line.contains(name)).toList();
    }

    @Test
    void warningsAndErrorsAreTold() {
        InternalLogger logger = InternalLoggerFactory.getInstance("some.Library");
        assertThat(logger).isInstanceOf(NettyLog.class);
        logger.warn("lost {}", 7);
        logger.warn("lost {} of {}", 7, 9);
        logger.warn("lost {} of {} in {}", 7, 9, "all");
        logger.error("ended", new IllegalStateException("planted"));
        logger.error("{} has ended", "it", new IllegalStateException("planted too"));
        assertThat(ofLogger("some.Library"))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("WARNING").contains("lost 7"),
                        line -> assertThat(line).contains("lost 7 of 9"),
                        line -> assertThat(line).contains("lost 7 of 9 in all"),
                        line -> assertThat(line).startsWith("ERROR").contains("ended", "planted"),
                        line -> assertThat(line).contains("it has ended", "planted too"));
    }

    @Test
    void whatIsLessIsNot() {
        InternalLogger logger = InternalLoggerFactory.getInstance("quiet.Library");
        logger.info("a {}", 1);
        logger.debug("b");
        logger.trace("c", new IllegalStateException());
        assertThat(logger.isInfoEnabled()).isFalse();
        assertThat(ofLogger("quiet.Library")).isEmpty();
    }
}
