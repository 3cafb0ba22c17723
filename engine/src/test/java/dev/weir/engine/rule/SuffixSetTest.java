package dev.weir.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weir.engine.query.HashedName;
import dev.weir.wire.Name;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SuffixSetTest {
    private static boolean match(SuffixSet set, String name) {
        return set.match(Name.parse(name));
    }

    @Test
    void aNameMatchesItselfAndAllBelow() {
        SuffixSet set = SuffixSet.of(List.of(Name.parse("Example.net.")));
        assertThat(match(set, "example.net.")).isTrue();
        assertThat(match(set, "a.b.EXAMPLE.net.")).isTrue();
        assertThat(match(set, "badexample.net.")).isFalse();
        assertThat(match(set, "net.")).isFalse();
        assertThat(match(set, "example.net.org.")).isFalse();
    }

    @Test
    void theRootMatchesEverything() {
        SuffixSet set = SuffixSet.of(List.of(Name.ROOT));
        assertThat(match(set, "anything.at.all.")).isTrue();
        assertThat(match(set, ".")).isTrue();
    }

    @Test
    void theLongestMatchIsTheBest() {
        SuffixSet set = SuffixSet.of(List.of(Name.parse("net."), Name.parse("example.net.")));
        assertThat(set.bestMatch(HashedName.of(Name.parse("www.example.net.")))).isEqualTo(Name.parse("example.net."));
        assertThat(set.bestMatch(HashedName.of(Name.parse("www.example.org.")))).isNull();
    }

    @Test
    void removingANameLeavesThoseBelow() {
        SuffixSet set = SuffixSet.of(List.of(Name.parse("net."), Name.parse("example.net.")));
        assertThat(set.remove(Name.parse("NET."))).isTrue();
        assertThat(set.remove(Name.parse("net."))).isFalse();
        assertThat(match(set, "other.net.")).isFalse();
        assertThat(match(set, "www.example.net.")).isTrue();
        assertThat(set).hasToString("example.net.");
    }

    /** The table of hashes and a walk over all names agree. */
    @Test
    void agreesWithAWalkOverAllNames() {
        Random random = new Random(3);
        Set<Name> names = new HashSet<>();
        SuffixSet set = new SuffixSet();
        for (int i = 0; i < 3000; i++) {
            Name name = name(random);
            names.add(name);
            set.add(name);
        }
        assertThat(set.size()).isEqualTo(names.size());
        int hits = 0;
        for (int i = 0; i < 3000; i++) {
            Name name = name(random);
            boolean expected = names.stream().anyMatch(name::isPartOf);
            assertThat(set.match(name)).as(name.toString()).isEqualTo(expected);
            hits += expected ? 1 : 0;
        }
        assertThat(hits).as("the space is narrow enough for hits and misses").isBetween(100, 2900);
    }

    private static Name name(Random random) {
        StringBuilder text = new StringBuilder();
        for (int labels = 2 + random.nextInt(4); labels > 0; labels--) {
            text.append((char) (random.nextBoolean() ? 'a' + random.nextInt(12) : 'A' + random.nextInt(12)));
            text.append(random.nextInt(8)).append('.');
        }
        return Name.parse(text.toString());
    }

    /** A configuration's function may add a name per query: what is there must not be copied each time, least of all by a data thread. */
    @Test
    void addingOrRemovingOneNameCopiesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        SuffixSet set = new SuffixSet();
        for (int i = 0; i < 100_000; i++) {
            set.add(Name.parse("n" + i + ".example."));
        }
        HashedName key = HashedName.of(Name.parse("www.n77.example."));
        Name added = Name.parse("added.example.");
        set.match(key);
        long before = threads.getCurrentThreadAllocatedBytes();
        set.add(added);
        boolean matched = set.match(key);
        set.remove(added);
        matched &= set.match(key);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(matched).isTrue();
        assertThat(allocated).isLessThan(10_000);
        assertThat(set.size()).isEqualTo(100_000);
    }

    @Test
    void namesThatComeAndGoLeaveNothingBehind() {
        SuffixSet set = SuffixSet.of(List.of(Name.parse("stays.example.")));
        for (int i = 0; i < 100_000; i++) {
            Name name = Name.parse("n" + i + ".example.");
            set.add(name);
            assertThat(set.remove(name)).isTrue();
        }
        assertThat(match(set, "stays.example.")).isTrue();
        assertThat(match(set, "n99999.example.")).isFalse();
        assertThat(set.size()).isEqualTo(1);
        assertThat(set.names()).containsExactly(Name.parse("stays.example."));
    }

    /** Names that are there the whole time are found at any time, whatever is added and removed meanwhile. */
    @Test
    void readersFindWhatStays() throws Exception {
        SuffixSet set = new SuffixSet();
        List<HashedName> staying = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Name name = Name.parse("stays" + i + ".example.");
            set.add(name);
            staying.add(HashedName.of(name));
        }
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> changes = threads.submit(() -> {
                for (int i = 0; i < 200_000; i++) {
                    set.add(Name.parse("n" + i % 1000 + ".example."));
                    set.remove(Name.parse("n" + (i + 500) % 1000 + ".example."));
                }
            });
            do {
                for (HashedName key : staying) {
                    assertThat(set.contains(key)).isTrue();
                }
            } while (!changes.isDone());
            changes.get();
        }
    }
}
