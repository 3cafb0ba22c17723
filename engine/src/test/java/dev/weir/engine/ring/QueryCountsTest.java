package dev.weir.engine.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.query.Query;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import org.junit.jupiter.api.Test;

class QueryCountsTest {
    private final Statistics statistics = new Statistics();
    private final StatShard mine = statistics.takeShard();
    private final QueryCounts counts = new QueryCounts();
    private String key = "";

    private void count(String newKey, int times) {
        key = newKey;
        for (int i = 0; i < times; i++) {
            counts.count(new Query(), mine);
        }
    }

    private void enable() {
        counts.enable(true);
        counts.filter(query -> key);
    }

    @Test
    void keysAreCountedWhenCountingIsOn() {
        counts.filter(query -> key);
        count("off", 3);
        enable();
        count("a", 2);
        count("b", 3);
        assertThat(counts.all()).containsExactly(new QueryCounts.Count("b", 3), new QueryCounts.Count("a", 2));
        assertThat(counts.clear()).isEqualTo(2);
        assertThat(counts.all()).isEmpty();
    }

    /** Names of the clients' choice, a new one with each query: known ones count on, the others fall out and are counted as such. */
    @Test
    void keysHaveABound() {
        enable();
        count("known", 1);
        Query query = new Query();
        for (int i = 0; i < 500_000; i++) {
            key = "n" + i + ".random.example.org";
            counts.count(query, mine);
        }
        count("known", 9);
        assertThat(counts.size()).isBetween(90_000, 150_000);
        assertThat(statistics.value(Counter.QUERY_COUNT_OVERFLOWS)).isEqualTo(500_001 - counts.size());
        assertThat(counts.all().getFirst()).isEqualTo(new QueryCounts.Count("known", 10));
        counts.clear();
        count("after", 1);
        assertThat(counts.size()).isOne();
    }

    @Test
    void longKeysTakeTheRoomOfMany() {
        enable();
        for (int i = 0; i < 1000; i++) {
            count(i + "x".repeat(60_000), 1);
        }
        assertThat(counts.size()).isBetween(100, 140);
    }
}
