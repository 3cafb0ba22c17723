package dev.weir.bench;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.MapBatch;
import dev.weir.ebpf.map.MapSlot;
import dev.weir.gate.GuardObject;
import dev.weir.gate.GuardSpec;
import dev.weir.gate.table.SuffixKey;
import dev.weir.gate.table.Table;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCommand;
import dev.weir.wire.Name;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a packet costs in the guard, by BPF_PROG_TEST_RUN: with empty tables, and with 1 M addresses, 100 k ranges, 100 k names and 100 k
 * suffixes. As root: {@code bench/guard}.
 *
 * <p>Packets that pass or are dropped stay as they are and are run many times in one call, each time with the same address: caches are warm. A
 * reply changes its packet, so each is one call, and its time includes the clock's. Medians of {@value #ROUNDS} rounds.
 */
public final class GuardCost {
    private static final int ROUNDS = 9;
    private static final int REPEAT = 200_000;
    private static final int REPLIES = 20_000;
    private static final int BATCH = 1024;
    private static final int ADDRESSES = 1_000_000;
    private static final int OTHERS = 100_000;
    private static final int DROP = 1;
    private static final int TRUNCATE = 2;
    /** Addresses that are in no table: 198.19.0.0/16. */
    private static final int STRANGER = 0xc613_0101;
    /** 11.0.0.0 and up: all of them blocked. */
    private static final int FIRST_BLOCKED = 0x0b00_0000;

    private GuardCost() {}

    public static void main(String[] args) throws IOException {
        for (boolean full : new boolean[] {false, true}) {
            int room = 1_100_000;
            GuardSpec spec = GuardSpec.DEFAULT.withCountsPerTick(true);
            for (Table table : new Table[] {Table.ADDR_V4, Table.CIDR4, Table.QNAMES, Table.SUFFIXES}) {
                spec = spec.withMaxEntries(table, table == Table.ADDR_V4 ? room : room / 10);
            }
            long start = System.nanoTime();
            try (GuardObject guard = GuardObject.load(Bpf.kernel(), spec)) {
                print(full, "load and verify, ms", (System.nanoTime() - start) / 1e6);
                if (full) {
                    fill(guard);
                }
                costs(guard, full);
            }
        }
    }

    private static void costs(GuardObject guard, boolean full) throws IOException {
        put(guard, FIRST_BLOCKED, DROP);
        put(guard, FIRST_BLOCKED + 1, TRUNCATE);
        print(full, "drop by address, ns", repeated(guard, query(FIRST_BLOCKED, 5)));
        if (full) {
            print(true, "drop by range, ns", repeated(guard, query(0x0c00_0505, 5)));
            print(true, "drop by name, ns", repeated(guard, query(STRANGER, 7)));
            print(true, "drop by suffix, ns", repeated(guard, withSuffix(STRANGER)));
        }
        print(full, "pass, ns", repeated(guard, query(STRANGER, OTHERS + 5)));
        print(full, "reply with TC=1, ns", replies(guard, query(FIRST_BLOCKED + 1, 5)));
    }

    private static double repeated(GuardObject guard, byte[] packet) throws IOException {
        double[] rounds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            rounds[i] = guard.program().testRun(packet, new byte[0], REPEAT).meanNs();
        }
        return median(rounds);
    }

    private static double replies(GuardObject guard, byte[] packet) throws IOException {
        double[] rounds = new double[REPLIES];
        for (int i = 0; i < REPLIES; i++) {
            rounds[i] = guard.program().testRun(packet).meanNs();
        }
        return median(rounds);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static void print(boolean full, String what, double value) {
        System.out.printf(Locale.ROOT, "%s | %s | %.0f%n", full ? "full" : "empty", what, value);
    }

    private static void fill(GuardObject guard) throws IOException {
        byte[] drop = ByteBuffer.allocate(16).put(8, (byte) DROP).array();
        fill(guard, Table.ADDR_V4, ADDRESSES, drop, (i, key) -> key.putInt(FIRST_BLOCKED + i));
        fill(guard, Table.CIDR4, OTHERS, drop, (i, key) -> {
            key.putInt(24).order(ByteOrder.BIG_ENDIAN).putInt(0x0c00_0000 + (i << 8));
        });
        fill(guard, Table.QNAMES, OTHERS, drop, (i, key) -> {
            key.put(name(i).toLowerWire()).putShort(256, (short) 0xffff);
        });
        byte[] suffixDrop = ByteBuffer.allocate(24).put(18, (byte) DROP).array();
        fill(guard, Table.SUFFIXES, OTHERS, suffixDrop, (i, key) -> {
            byte[] bytes = new byte[SuffixKey.CODEC.sizeBytes()];
            SuffixKey.CODEC.encode(new SuffixKey(suffix(i), 65_535), MemorySegment.ofArray(bytes));
            key.put(bytes);
        });
    }

    private static Name name(int i) {
        return Name.parse("host" + i + ".subdomain.example.com");
    }

    private static Name suffix(int i) {
        return Name.parse("zone" + i * 7919 % OTHERS + ".example.net");
    }

    private interface Key {
        void write(int number, ByteBuffer key);
    }

    private static void fill(GuardObject guard, Table table, int count, byte[] value, Key writer) throws IOException {
        BpfMap map = guard.map(table);
        long start = System.nanoTime();
        try (MapBatch batch = map.batch(BATCH)) {
            for (int from = 0; from < count; from += BATCH) {
                int size = Math.min(BATCH, count - from);
                for (int i = 0; i < size; i++) {
                    ByteBuffer key = ByteBuffer.allocate(map.keyBytes()).order(ByteOrder.LITTLE_ENDIAN);
                    writer.write(from + i, key);
                    MemorySegment.copy(
                            key.array(),
                            0,
                            batch.keys(),
                            ValueLayout.JAVA_BYTE,
                            (long) i * key.capacity(),
                            key.capacity());
                    MemorySegment.copy(
                            value, 0, batch.values(), ValueLayout.JAVA_BYTE, (long) i * value.length, value.length);
                }
                int result = batch.update(size, MapSlot.ANY);
                if (result < 0) {
                    throw Bpf.failure(BpfCommand.BPF_MAP_UPDATE_BATCH, result);
                }
            }
        }
        print(true, "fill " + table.pinName() + " with " + count + ", ms", (System.nanoTime() - start) / 1e6);
        print(true, "memory of " + table.pinName() + ", MB", memory(map) / 1e6);
    }

    /** What the kernel says the map holds, locked. */
    private static double memory(BpfMap map) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/fdinfo/" + map.fd().number())).stream()
                .filter(line -> line.startsWith("memlock:"))
                .mapToDouble(line -> Double.parseDouble(line.substring(8).strip()))
                .sum();
    }

    private static void put(GuardObject guard, int address, int action) throws IOException {
        try (MapSlot slot = guard.map(Table.ADDR_V4).slot()) {
            slot.key().set(ValueLayout.JAVA_INT, 0, address);
            slot.value().fill((byte) 0).set(ValueLayout.JAVA_BYTE, 8, (byte) action);
            int result = slot.update(MapSlot.ANY);
            if (result < 0) {
                throw Bpf.failure(BpfCommand.BPF_MAP_UPDATE_ELEM, result);
            }
        }
    }

    private static byte[] query(int client, int number) {
        return query(client, name(number));
    }

    private static byte[] withSuffix(int client) {
        return query(client, Name.parse("www.zone5.example.net"));
    }

    private static byte[] query(int client, Name name) {
        byte[] wire = name.toWire();
        int dns = 12 + wire.length + 4;
        ByteBuffer frame = ByteBuffer.allocate(14 + 28 + dns);
        frame.put(new byte[] {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0});
        frame.put((byte) 0x45).put((byte) 0).putShort((short) (28 + dns)).putInt(0);
        frame.put((byte) 64).put((byte) 17).putShort((short) 0).putInt(client).putInt(0xc612_0035);
        frame.putShort((short) 4242)
                .putShort((short) 53)
                .putShort((short) (8 + dns))
                .putShort((short) 1);
        frame.putShort((short) 77)
                .putShort((short) 0x0100)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(0);
        return frame.put(wire).putShort((short) 1).putShort((short) 1).array();
    }
}
