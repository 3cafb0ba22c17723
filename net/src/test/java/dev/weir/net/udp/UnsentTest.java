package dev.weir.net.udp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.query.Query;
import org.junit.jupiter.api.Test;

class UnsentTest {
    private final Unsent unsent = new Unsent();

    private static Query sentAt(long nanos) {
        Query query = new Query();
        query.found().sentAt(nanos);
        return query;
    }

    @Test
    void asManyOfABatchAsFailedAreExcused() {
        assertThat(unsent.mayInclude(sentAt(100))).isFalse();
        unsent.add(2, 100);
        assertThat(unsent.mayInclude(sentAt(90))).as("an earlier batch").isFalse();
        assertThat(unsent.mayInclude(sentAt(100))).isTrue();
        assertThat(unsent.mayInclude(sentAt(100))).isTrue();
        assertThat(unsent.mayInclude(sentAt(100))).as("a third").isFalse();
    }

    @Test
    void laterBatchesAreNot() {
        unsent.add(5, 100);
        unsent.add(1, 200);
        assertThat(unsent.mayInclude(sentAt(150))).isTrue();
        assertThat(unsent.mayInclude(sentAt(201))).isFalse();
        assertThat(unsent.mayInclude(sentAt(200))).as("forgotten").isFalse();
    }
}
