package dev.weir.bench;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.MapBatch;
import dev.weir.ebpf.map.MapSlot;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.MapType;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.Errno;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/**
 * Updates and look-ups of a hash map per second, one entry per system call and 64: the twin of {@code bench/src/main/c/maps.c}, line by line, so
 * that the difference is Java's. {@code bench/maps} runs both in turns.
 */
public final class MapThroughput {
    private static final int ENTRIES = 16_384;
    private static final int BATCH = 64;

    private long sum;

    private MapThroughput() {}

    public static void main(String[] args) throws IOException {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 1;
        MapThroughput bench = new MapThroughput();
        try (BpfMap map = BpfMap.create(new MapSpec("bench", MapType.HASH, 4, 8, 2 * ENTRIES));
                MapSlot slot = map.slot();
                MapBatch batch = map.batch(BATCH)) {
            // One round to compile, one to measure.
            bench.round(slot, batch, seconds / 2, false);
            bench.round(slot, batch, seconds, true);
        }
        if (bench.sum == 42) {
            System.out.println();
        }
    }

    private void round(MapSlot slot, MapBatch batch, double seconds, boolean print) throws IOException {
        long nanos = (long) (seconds * 1e9);
        report("update", update(slot, nanos), print);
        report("lookup", lookup(slot, nanos), print);
        report("update_batch_64", updateBatch(batch, nanos), print);
        report("lookup_batch_64", lookupBatch(batch, nanos), print);
    }

    private static void report(String name, double perSecond, boolean print) {
        if (print) {
            System.out.printf(Locale.ROOT, "%s %.0f%n", name, perSecond);
        }
    }

    private static double update(MapSlot slot, long nanos) throws IOException {
        long start = System.nanoTime();
        long done = 0;
        long end;
        while ((end = System.nanoTime()) < start + nanos) {
            for (int i = 0; i < 1024; i++, done++) {
                slot.key().set(ValueLayout.JAVA_INT, 0, (int) (done % ENTRIES));
                slot.value().set(ValueLayout.JAVA_LONG, 0, done);
                check(BpfCommand.BPF_MAP_UPDATE_ELEM, slot.update(MapSlot.ANY));
            }
        }
        return done * 1e9 / (end - start);
    }

    private static double lookup(MapSlot slot, long nanos) throws IOException {
        long start = System.nanoTime();
        long done = 0;
        long end;
        while ((end = System.nanoTime()) < start + nanos) {
            for (int i = 0; i < 1024; i++, done++) {
                slot.key().set(ValueLayout.JAVA_INT, 0, (int) (done % ENTRIES));
                check(BpfCommand.BPF_MAP_LOOKUP_ELEM, slot.lookup());
            }
        }
        return done * 1e9 / (end - start);
    }

    private static double updateBatch(MapBatch batch, long nanos) throws IOException {
        long start = System.nanoTime();
        long done = 0;
        long end;
        while ((end = System.nanoTime()) < start + nanos) {
            for (int turn = 0; turn < 16; turn++) {
                for (int i = 0; i < BATCH; i++, done++) {
                    batch.keys().setAtIndex(ValueLayout.JAVA_INT, i, (int) (done % ENTRIES));
                    batch.values().setAtIndex(ValueLayout.JAVA_LONG, i, done);
                }
                check(BpfCommand.BPF_MAP_UPDATE_BATCH, batch.update(BATCH, MapSlot.ANY));
            }
        }
        return done * 1e9 / (end - start);
    }

    private double lookupBatch(MapBatch batch, long nanos) throws IOException {
        long start = System.nanoTime();
        long done = 0;
        long end;
        while ((end = System.nanoTime()) < start + nanos) {
            int result = 0;
            for (boolean first = true; result == 0; first = false) {
                result = batch.read(first);
                if (result != -Errno.ENOENT) {
                    check(BpfCommand.BPF_MAP_LOOKUP_BATCH, result);
                }
                for (int i = 0; i < batch.done(); i++) {
                    sum += batch.keys().getAtIndex(ValueLayout.JAVA_INT, i)
                            + batch.values().getAtIndex(ValueLayout.JAVA_LONG, i);
                }
                done += batch.done();
            }
        }
        return done * 1e9 / (end - start);
    }

    private static void check(BpfCommand command, int result) throws IOException {
        if (result < 0) {
            throw Bpf.failure(command, result);
        }
    }
}
