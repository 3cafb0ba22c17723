package dev.weir.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.stat.LatencyKind;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import dev.weir.web.api.ExpositionFormat.Histogram;
import dev.weir.web.api.ExpositionFormat.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Messages for Prometheus, read back field by field. */
class ProtobufFormatTest {
    /** A message's fields by number: numbers as {@link Long}, eight octets as {@link Double}, the rest as {@link ByteBuffer}. */
    private static Map<Integer, List<Object>> fields(ByteBuffer octets) {
        Map<Integer, List<Object>> fields = new TreeMap<>();
        octets.order(ByteOrder.LITTLE_ENDIAN);
        while (octets.hasRemaining()) {
            int key = (int) varint(octets);
            Object value =
                    switch (key & 7) {
                        case 0 -> varint(octets);
                        case 1 -> octets.getDouble();
                        case 2 -> cut(octets);
                        default -> throw new AssertionError("type of " + key);
                    };
            fields.computeIfAbsent(key >> 3, number -> new ArrayList<>()).add(value);
        }
        return fields;
    }

    private static long varint(ByteBuffer octets) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = octets.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static ByteBuffer cut(ByteBuffer octets) {
        int length = (int) varint(octets);
        ByteBuffer part = octets.slice(octets.position(), length);
        octets.position(octets.position() + length);
        return part;
    }

    private static List<Map<Integer, List<Object>>> families(byte[] all) {
        ByteBuffer octets = ByteBuffer.wrap(all);
        List<Map<Integer, List<Object>>> families = new ArrayList<>();
        while (octets.hasRemaining()) {
            families.add(fields(cut(octets)));
        }
        return families;
    }

    private static Object one(Map<Integer, List<Object>> fields, int number) {
        assertThat(fields.get(number)).as("field %s", number).hasSize(1);
        return fields.get(number).getFirst();
    }

    private static Map<Integer, List<Object>> message(Map<Integer, List<Object>> fields, int number) {
        return fields((ByteBuffer) one(fields, number));
    }

    private static String text(Map<Integer, List<Object>> fields, int number) {
        return StandardCharsets.UTF_8.decode((ByteBuffer) one(fields, number)).toString();
    }

    private static long signed(Object varint) {
        long value = (Long) varint;
        return value >>> 1 ^ -(value & 1);
    }

    private static Map<Integer, List<Object>> histogram(long... micros) {
        Statistics statistics = new Statistics();
        StatShard shard = statistics.takeShard();
        long sum = 0;
        for (long each : micros) {
            shard.latency(each, LatencyKind.UDP);
            sum += each;
        }
        // A moment before the other buckets, and a moment after them.
        List<Histogram.Bucket> buckets = List.of(
                new Histogram.Bucket("1", 2),
                new Histogram.Bucket("1000", micros.length + 5),
                new Histogram.Bucket("+Inf", micros.length - 1));
        ProtobufFormat format = new ProtobufFormat("");
        format.family("x", "y", Kind.HISTOGRAM);
        format.histogram(List.of(), new Histogram(buckets, sum, statistics.latencies()));
        Map<Integer, List<Object>> family = families(format.octets()).getFirst();
        assertThat(one(family, 3)).isEqualTo(4L);
        return message(message(family, 4), 7);
    }

    /** Counts by index, put together from spans and deltas as the specification of native histograms says. */
    private static Map<Long, Long> counts(Map<Integer, List<Object>> histogram) {
        Map<Long, Long> counts = new TreeMap<>();
        List<Object> deltas = histogram.getOrDefault(13, List.of());
        long index = 0;
        long count = 0;
        int next = 0;
        for (Object each : histogram.get(12)) {
            Map<Integer, List<Object>> span = fields((ByteBuffer) each);
            index += signed(one(span, 1));
            for (long i = (Long) one(span, 2); i > 0; i--) {
                count += signed(deltas.get(next++));
                counts.put(index++, count);
            }
        }
        assertThat(next).isEqualTo(deltas.size());
        return counts;
    }

    @Test
    void latenciesComeBackFromSpansAndDeltas() {
        Map<Integer, List<Object>> histogram = histogram(0, 500, 1_000, 1_000, 1_001, 1_091, 64_000, 70_000_000);
        assertThat(one(histogram, 1)).isEqualTo(8L);
        assertThat(one(histogram, 2)).isEqualTo(70_068.592);
        assertThat(signed(one(histogram, 5))).isEqualTo(3);
        assertThat(one(histogram, 6)).isEqualTo(Math.pow(2, -128));
        assertThat(one(histogram, 7)).isEqualTo(1L);
        // 2^(-8/8) = 0.5, 2^0 = 1, 2^(1/8) = 1.0905, 2^(2/8) = 1.189, 2^(48/8) = 64, 2^(129/8) = 71,468 ms
        assertThat(counts(histogram))
                .containsExactlyInAnyOrderEntriesOf(Map.of(-8L, 1L, 0L, 2L, 1L, 1L, 2L, 1L, 48L, 1L, 129L, 1L));
        assertThat(histogram.get(12)).as("runs without a gap").hasSize(4);
    }

    /** Prometheus takes no histogram whose classic buckets hold more than all of it. */
    @Test
    void classicBucketsStandBesideAndHoldNoMoreThanThereIs() {
        List<List<Object>> buckets = new ArrayList<>();
        for (Object each : histogram(500, 600, 2_000).get(3)) {
            Map<Integer, List<Object>> bucket = fields((ByteBuffer) each);
            buckets.add(List.of(one(bucket, 1), one(bucket, 2)));
        }
        assertThat(buckets)
                .containsExactly(List.of(2L, 1.0), List.of(3L, 1000.0), List.of(3L, Double.POSITIVE_INFINITY));
    }

    @Test
    void aHistogramWithoutLatenciesIsANativeOne() {
        Map<Integer, List<Object>> histogram = histogram();
        assertThat(one(histogram, 1)).isEqualTo(0L);
        Map<Integer, List<Object>> span = message(histogram, 12);
        assertThat(List.of(one(span, 1), one(span, 2))).containsExactly(0L, 0L);
        assertThat(histogram).doesNotContainKey(13);
    }

    @Test
    void countersAndGaugesWithLabels() {
        ProtobufFormat format = new ProtobufFormat("here");
        format.family("none", "left out", Kind.GAUGE);
        format.family("c", "h\n\"ä", Kind.COUNTER);
        format.sample(List.of("a", "1\n\""), 7L);
        format.sample(List.of("a", "2"), 8L);
        format.family("g", "", Kind.GAUGE);
        format.sample(List.of(), -0.5);
        List<Map<Integer, List<Object>>> families = families(format.octets());
        assertThat(families.stream().map(family -> text(family, 1))).containsExactly("c", "g");
        Map<Integer, List<Object>> counter = families.getFirst();
        assertThat(text(counter, 2)).isEqualTo("h\n\"ä");
        assertThat(one(counter, 3)).isEqualTo(0L);
        assertThat(counter.get(4)).hasSize(2);
        Map<Integer, List<Object>> first = fields((ByteBuffer) counter.get(4).getFirst());
        assertThat(first.get(1).stream()
                        .map(label -> fields((ByteBuffer) label))
                        .map(label -> text(label, 1) + "=" + text(label, 2)))
                .containsExactly("a=1\n\"", "instance=here");
        assertThat(one(message(first, 3), 1)).isEqualTo(7.0);
        assertThat(one(families.getLast(), 3)).isEqualTo(1L);
        assertThat(one(message(message(families.getLast(), 4), 2), 1)).isEqualTo(-0.5);
    }
}
