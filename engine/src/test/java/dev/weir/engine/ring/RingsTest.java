package dev.weir.engine.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.weir.testkit.Garbage;
import dev.weir.wire.Name;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Rings without the walk: what they keep, what they overwrite, what readers see meanwhile. */
class RingsTest {
    private final Rings rings = new Rings();

    private static List<String> names(RingCursor cursor) {
        List<String> names = new ArrayList<>();
        while (cursor.next()) {
            names.add(cursor.name().toString());
        }
        return names;
    }

    private static long count(RingCursor cursor) {
        long count = 0;
        while (cursor.next()) {
            count++;
        }
        return count;
    }

    private static void write(RingWriter writer, int from, int to) {
        Asker asker = new Asker();
        for (int i = from; i < to; i++) {
            asker.ask(writer, i);
        }
    }

    @Test
    void anEntryHoldsWhatWasAsked() {
        Asker asker = new Asker();
        asker.ask(rings.newWriter(), 77, "2001:db8::1", "WwW.Example.ORG");
        RingCursor cursor = rings.queries().all();
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.name()).isEqualTo(Name.parse("www.example.org"));
        assertThat((char) cursor.nameBytes()[1]).as("upper case as received").isEqualTo('W');
        assertThat(cursor.client()).hasToString("[2001:db8::1]:77");
        assertThat(cursor.nanos()).isEqualTo(77);
        assertThat(cursor.type()).isEqualTo(77);
        assertThat(cursor.size()).isEqualTo(12 + 17 + 4);
        assertThat(cursor.protocol().shortName()).isEqualTo("DoUDP");
        assertThat(cursor.backend()).isNull();
        assertThat(cursor.next()).isFalse();
        assertThat(rings.responses().all().next()).as("a query is no response").isFalse();
    }

    @Test
    void theOldestEntriesAreOverwritten() {
        rings.configure(RingSpec.DEFAULT.withEntries(1000));
        RingWriter writer = rings.newWriter();
        write(writer, 0, 1000);
        assertThat(count(rings.queries().all())).isEqualTo(1000);
        write(writer, 1000, 2500);
        List<String> kept = names(rings.queries().all());
        assertThat(kept).hasSizeBetween(1000 - 1000 / 64, 1000).contains("n2499.example.", "n1521.example.");
        assertThat(kept).doesNotContain("n1497.example.").doesNotHaveDuplicates();
    }

    /** Threads that have ended would otherwise keep a page each for ever. */
    @Test
    void aWriterThatIsClosedGivesItsPagesBack() {
        rings.configure(RingSpec.DEFAULT.withEntries(10));
        for (int i = 0; i < 100; i++) {
            RingWriter writer = rings.newWriter();
            write(writer, i, i + 1);
            writer.close();
        }
        assertThat(names(rings.queries().all())).hasSize(10).contains("n99.example.", "n90.example.");
    }

    @Test
    void threadsShareTheTotalByNeed() {
        rings.configure(RingSpec.DEFAULT.withEntries(6400));
        RingWriter busy = rings.newWriter();
        RingWriter idle = rings.newWriter();
        write(idle, 0, 10);
        write(busy, 10, 100_000);
        long kept = count(rings.queries().all());
        assertThat(kept).isLessThanOrEqualTo(6400).isGreaterThanOrEqualTo(6400 - 2 * 100);
        assertThat(names(rings.queries().all()))
                .as("the idle thread's page is its own")
                .contains("n3.example.");
    }

    @Test
    void theSmallestRingKeepsTheLastEntry() {
        rings.configure(RingSpec.DEFAULT.withEntries(1));
        write(rings.newWriter(), 0, 7);
        assertThat(names(rings.queries().all())).containsExactly("n6.example.");
    }

    @Test
    void onlyEntriesOfTheWindowAreSeen() {
        write(rings.newWriter(), 0, 1000);
        assertThat(count(rings.queries().since(990))).isEqualTo(10);
        assertThat(count(rings.queries().since(1000))).isZero();
    }

    @Test
    void oneInSoManyIsKeptWhenSampling() {
        rings.configure(RingSpec.DEFAULT.withSamplingRate(10));
        write(rings.newWriter(), 0, 1000);
        RingCursor cursor = rings.queries().all();
        assertThat(count(cursor)).isEqualTo(100);
        assertThat(cursor.weight()).isEqualTo(10);
    }

    @Test
    void nothingIsKeptWhenSwitchedOff() {
        rings.configure(RingSpec.DEFAULT.recording(false, true));
        write(rings.newWriter(), 0, 10);
        assertThat(count(rings.queries().all())).isZero();
    }

    @Test
    void aRingOfNoEntriesKeepsNothing() {
        Rings rings = new Rings();
        rings.configure(RingSpec.DEFAULT.withEntries(0));
        write(rings.newWriter(), 0, 10);
        assertThat(count(rings.queries().all())).isZero();
    }

    @Test
    void impossibleSizesAreRefused() {
        assertThatThrownBy(() -> RingSpec.DEFAULT.withEntries(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RingSpec.DEFAULT.withSamplingRate(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    /** The octets of a page are bounded, so that nobody makes the ring take eight times its usual memory with long names. */
    @Test
    void longNamesLeaveAThirdOfTheEntries() {
        String label = "x".repeat(62);
        String longest = String.join(".", label, label, label, label) + ".";
        RingWriter writer = rings.newWriter();
        Asker asker = new Asker();
        for (int i = 0; i < 20_000; i++) {
            asker.ask(writer, i, "192.0.2.1", longest);
        }
        assertThat(names(rings.queries().all())).hasSizeBetween(3_600, 4_000).containsOnly(longest);
        for (int i = 0; i < 20_000; i++) {
            asker.ask(writer, i, "192.0.2.1", "www.example.org.");
        }
        assertThat(count(rings.queries().all())).isGreaterThan(9_800);
    }

    @Test
    void addressesOfBothFamiliesComeBack() {
        RingWriter writer = rings.newWriter();
        Asker asker = new Asker();
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            String client = i % 3 == 0 ? "255.254." + i % 250 + ".1" : "2001:db8::" + Integer.toHexString(i + 1);
            asker.ask(writer, i, client, "n" + i + ".example.");
            asked.add(i % 3 == 0 ? client + ":" + i : "[" + client + "]:" + i);
        }
        List<String> seen = new ArrayList<>();
        for (RingCursor cursor = rings.queries().all(); cursor.next(); ) {
            seen.add(cursor.client().toString());
            assertThat(cursor.name()).hasToString("n" + cursor.type() + ".example.");
        }
        assertThat(seen).containsExactlyElementsOf(asked);
    }

    /** A million entries in a heap that has room for far fewer. */
    @Test
    void aRingTakesNoMoreThanItsShareOfTheHeap() {
        Rings few = new Rings(2_000_000);
        few.configure(RingSpec.DEFAULT.withEntries(1_000_000));
        RingWriter writer = few.newWriter();
        Asker asker = new Asker();
        asker.prepare("192.0.2.1", "www.example.org.", 1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        writer.query(asker.query);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 200_000; i++) {
            writer.query(asker.query);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(3_000_000);
        assertThat(count(few.queries().all())).as("of 60 octets each").isBetween(30_000L, 40_000L);
        asker.ask(writer, 4711);
        assertThat(names(few.queries().all())).contains("n4711.example" + "x".repeat(4711 % 3 * 20) + ".");
    }

    @Test
    void neitherWritingNorReadingAllocates() throws Exception {
        RingWriter writer = rings.newWriter();
        Asker asker = new Asker();
        asker.prepare("192.0.2.1", "www.example.org", 1);
        RingCursor cursor = rings.queries();
        long allocated = Garbage.leastBytes(0, () -> {
            for (int i = 0; i < 30_000; i++) {
                writer.query(asker.query);
            }
            for (cursor.all(); cursor.next(); ) {
                if (cursor.type() != 1) {
                    throw new AssertionError();
                }
            }
        });
        assertThat(allocated).as("octets for 30,000 queries").isZero();
    }

    /** Two writers go around a tiny ring while a reader checks that fields and name of each entry belong together. */
    @Test
    void readersNeverSeeHalfAnEntry() throws InterruptedException {
        rings.configure(RingSpec.DEFAULT.withEntries(300));
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < 2; w++) {
            writers.add(Thread.ofPlatform().start(() -> {
                RingWriter writer = rings.newWriter();
                Asker asker = new Asker();
                for (int i = 0; !stop.get(); i++) {
                    asker.ask(writer, i & 0x7fff);
                }
            }));
        }
        try {
            RingCursor cursor = rings.queries();
            long seen = 0;
            for (int walk = 0; walk < 2_000 || seen < 100_000; walk++) {
                for (cursor.all(); cursor.next(); seen++) {
                    int number = cursor.type();
                    if (cursor.client().port() != number
                            || cursor.nanos() != number
                            || !Asker.isNameOf(cursor.nameBytes(), cursor.nameLength(), number)) {
                        throw new AssertionError(cursor.name() + " stands with the fields of " + number);
                    }
                }
            }
        } finally {
            stop.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
        }
    }
}
