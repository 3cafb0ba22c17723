package dev.weir.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.BackendSpec.HealthMode;
import dev.weir.engine.backend.Health.Outcome;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static Health health(Consumer<BackendSpec.Builder> options) {
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse("192.0.2.1:53", 53));
        options.accept(spec);
        return new Backend(spec.build()).health();
    }

    private static boolean check(Health health, Outcome outcome, long now) {
        assertThat(health.takeDueCheck(now)).as("due at %d", now).isTrue();
        return health.checked(outcome, now);
    }

    private static void initially(Health health, Outcome outcome) {
        assertThat(health.takeInitialCheck()).isTrue();
        health.checked(outcome, 0);
    }

    @Test
    void theFirstCheckDecidesAtOnce() {
        Health health = health(spec -> {
            spec.rise = 3;
            spec.maxCheckFailures = 3;
        });
        assertThat(health.isUp()).isFalse();
        initially(health, Outcome.SUCCESS);
        assertThat(health.isUp()).isTrue();
        assertThat(health.stateText()).isEqualTo("up");
    }

    @Test
    void failuresInARowMakeItDownAndSuccessesUp() {
        Health health = health(spec -> {
            spec.rise = 2;
            spec.maxCheckFailures = 2;
        });
        initially(health, Outcome.SUCCESS);
        assertThat(check(health, Outcome.TIMEOUT, 1)).isFalse();
        assertThat(check(health, Outcome.SUCCESS, 2)).isFalse();
        assertThat(check(health, Outcome.TIMEOUT, 3)).isFalse();
        assertThat(check(health, Outcome.NETWORK, 4)).isTrue();
        assertThat(health.isUp()).isFalse();
        assertThat(check(health, Outcome.SUCCESS, 5)).isFalse();
        assertThat(check(health, Outcome.SUCCESS, 6)).isTrue();
        assertThat(health.isUp()).isTrue();
        assertThat(health.checkFailures()).isEqualTo(3);
        assertThat(health.checkTimeouts()).isEqualTo(2);
    }

    @Test
    void oneCheckIsUnderWayAtATime() {
        Health health = health(spec -> spec.checkInterval = 5);
        initially(health, Outcome.SUCCESS);
        assertThat(health.takeDueCheck(4)).isFalse();
        assertThat(health.takeDueCheck(5)).isTrue();
        assertThat(health.takeDueCheck(50)).isFalse();
        health.checked(Outcome.SUCCESS, 50);
        assertThat(health.takeDueCheck(51)).isTrue();
    }

    @Test
    void forcedStatesAreNotChecked() {
        Health health = health(spec -> spec.healthMode = HealthMode.DOWN);
        assertThat(health.takeInitialCheck()).isFalse();
        assertThat(health.takeDueCheck(100)).isFalse();
        assertThat(health.stateText()).isEqualTo("DOWN");
        health.force(true);
        assertThat(health.stateText()).isEqualTo("UP");
        assertThat(health.isUp()).isTrue();
    }

    @Test
    void lazyModeChecksOnlyAfterQueriesFailed() {
        Health health = health(spec -> {
            spec.healthMode = HealthMode.LAZY;
            spec.lazyMinSampleCount = 10;
            spec.lazyThreshold = 30;
            spec.lazyFailedInterval = 30;
        });
        initially(health, Outcome.SUCCESS);
        assertThat(health.takeDueCheck(100)).isFalse();
        for (int i = 0; i < 7; i++) {
            health.queryAnswered(false);
        }
        health.queryFailed();
        health.queryAnswered(true);
        assertThat(health.takeDueCheck(101)).as("only nine samples").isFalse();
        health.queryFailed();
        assertThat(check(health, Outcome.TIMEOUT, 102)).isTrue();
        assertThat(health.isUp()).isFalse();
        assertThat(health.takeDueCheck(131)).isFalse();
        assertThat(check(health, Outcome.SUCCESS, 132)).isTrue();
        assertThat(health.isUp()).isTrue();
        assertThat(health.takeDueCheck(500)).as("quiet again").isFalse();
    }

    @Test
    void lazyModeMayBackOffExponentially() {
        Health health = health(spec -> {
            spec.healthMode = HealthMode.LAZY;
            spec.lazyExponentialBackOff = true;
            spec.lazyFailedInterval = 10;
            spec.lazyMaxBackOff = 35;
        });
        initially(health, Outcome.TIMEOUT);
        assertThat(health.isUp()).isFalse();
        long now = 1;
        long[] waits = {10, 20, 35, 35};
        for (long wait : waits) {
            check(health, Outcome.TIMEOUT, now);
            assertThat(health.takeDueCheck(now + wait - 1))
                    .as("before %d s have passed", wait)
                    .isFalse();
            now += wait;
        }
    }
}
