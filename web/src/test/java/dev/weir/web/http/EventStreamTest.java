package dev.weir.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a thread that answers slowly, or an event that fails, does to a stream. No time passes but what the test lets pass. */
class EventStreamTest {
    private final AtomicInteger made = new AtomicInteger();
    private final ArrayDeque<Runnable> answers = new ArrayDeque<>();
    private final EmbeddedChannel listener = new EmbeddedChannel();

    private final EventStream stream = new EventStream(() -> {
        if (made.incrementAndGet() == 2) {
            throw new StackOverflowError("planted");
        }
        return "text " + made;
    });

    @AfterEach
    void end() {
        var _ = listener.finishAndReleaseAll();
    }

    private void second() {
        listener.advanceTimeBy(1, TimeUnit.SECONDS);
        listener.runPendingTasks();
    }

    private String sent() {
        HttpContent content = listener.readOutbound();
        if (content == null) {
            return "";
        }
        String text = content.content().toString(StandardCharsets.UTF_8);
        content.release();
        return text;
    }

    @Test
    void whoeverIsSlowToAnswerIsAskedOnce() {
        listener.freezeTime();
        stream.join(listener, answers::add);
        for (int i = 0; i < 100; i++) {
            second();
        }
        assertThat(answers).hasSize(1);
        answers.remove().run();
        second();
        assertThat(sent()).isEqualTo("data: text 1\n\n");
        assertThat(answers).as("the next second's").hasSize(1);
    }

    @Test
    void anEventThatFailsIsNotTheLast() {
        listener.freezeTime();
        stream.join(listener, answers::add);
        answers.remove().run();
        second();
        answers.remove().run();
        second();
        answers.remove().run();
        second();
        assertThat(sent()).isEqualTo("data: text 1\n\n");
        assertThat(sent()).as("a comment, which listeners skip").startsWith(":");
        assertThat(sent()).isEqualTo("data: text 3\n\n");
    }

    @Test
    void nobodyIsAskedForNobody() {
        listener.freezeTime();
        stream.join(listener, answers::add);
        answers.remove().run();
        var _ = listener.close();
        second();
        second();
        assertThat(answers).isEmpty();
    }
}
