package dev.weir.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Rules while several people change them at once. */
class RuleChainTest {
    private final RuleChain<String> chain = new RuleChain<>(() -> {}, new Object());

    private void add(int rule) {
        chain.add(Rule.of(new LogicSelector.All(), "action", null, "r" + rule));
    }

    /** Positions were checked under one lock and used under the next one: an exception when the chain had become shorter. */
    @Test
    void aPositionIsCheckedAndUsedAtOnce() throws Exception {
        add(0);
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (Runnable each : List.<Runnable>of(
                    () -> chain.remove(0),
                    () -> {
                        add(1);
                        chain.move(1, 0);
                        chain.remove("r1");
                    },
                    () -> {
                        add(2);
                        chain.moveLastToTop();
                        chain.remove(chain.rules().size() - 1);
                    })) {
                running.add(threads.submit(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        each.run();
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void rulesAreFoundByNameAndUuid() {
        add(0);
        add(1);
        Rule<String> second = chain.rules().get(1);
        assertThat(chain.at("r1")).isSameAs(second);
        assertThat(chain.at(second.uuid().toString().toUpperCase(java.util.Locale.ROOT)))
                .isSameAs(second);
        assertThat(chain.at("r2")).isNull();
        assertThat(chain.remove("r2")).isFalse();
        assertThat(chain.remove("r0")).isTrue();
        assertThat(chain.rules()).containsExactly(second);
    }
}
