package dev.weir.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.btf.BtfType;
import dev.weir.ebpf.elf.ObjectSpec;
import dev.weir.ebpf.ring.RingReader;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCall;
import dev.weir.sys.BpfCommand;
import dev.weir.testkit.KernelSandbox;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the types of maps differ in: values per CPU, records without keys, types that are too new, and what each wants of its sizes. */
class MapKindsTest {
    /** The kernel wants no sizes where the object tells the type of the records, and those of descriptors for perf arrays. */
    @Test
    void ringsAndPerfArraysMaySayWhatTheirRecordsAre() throws Exception {
        KernelSandbox.run(sandbox -> {
            ObjectSpec spec = TestObjects.spec("objects/kinds");
            assertThat(spec.btf().type(spec.map("typed_ring").valueType()))
                    .isInstanceOfSatisfying(BtfType.Struct.class, struct -> assertThat(struct.name())
                            .isEqualTo("record"));
            assertThat(spec.map("typed_perf").valueType())
                    .isEqualTo(spec.map("typed_ring").valueType());
            try (BpfObject object = BpfObject.load(spec);
                    RingReader ring = new RingReader(object.map("typed_ring"))) {
                object.program("both").testRun(new byte[70]);
                List<Integer> numbers = new ArrayList<>();
                ring.drain((memory, offset, length) -> {
                    numbers.add(memory.get(ValueLayout.JAVA_INT, offset));
                    numbers.add(memory.get(ValueLayout.JAVA_INT, offset + 4));
                });
                assertThat(numbers).containsExactly(70, 77);
                assertThat(object.map("typed_perf").maxEntries()).isEqualTo(Cpus.possible());
                assertThat(object.map("typed_perf").differences(spec.map("typed_perf")))
                        .isEmpty();
                assertThat(object.map("typed_ring").differences(spec.map("typed_ring")))
                        .isEmpty();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"PERCPU_HASH", "LRU_PERCPU_HASH", "PERCPU_ARRAY"})
    void valuesOfAllCpusInEveryOperation(MapType type) throws Exception {
        KernelSandbox.run(sandbox -> {
            // 12 bytes, of which each CPU's take 16.
            try (BpfMap map = BpfMap.create(new MapSpec("per_cpu", type, 4, 12, 300))) {
                TypedMap<Integer, List<byte[]>> typed = map.typedPerCpu(Codec.U32, Codec.bytes(12));
                Map<Integer, List<byte[]>> entries = new HashMap<>();
                for (int key = 0; key < 200; key++) {
                    List<byte[]> values = new ArrayList<>();
                    for (int cpu = 0; cpu < Cpus.possible(); cpu++) {
                        byte[] value = new byte[12];
                        value[0] = (byte) key;
                        value[11] = (byte) (cpu + 1);
                        values.add(value);
                    }
                    entries.put(key, values);
                }
                typed.putAll(entries);
                assertThat(typed.lookup(199).orElseThrow())
                        .usingRecursiveComparison()
                        .isEqualTo(entries.get(199));
                Map<Integer, List<byte[]>> found = typed.entries();
                entries.forEach((key, values) ->
                        assertThat(found.get(key)).usingRecursiveComparison().isEqualTo(values));
                assertThat(found).hasSize(type == MapType.PERCPU_ARRAY ? 300 : 200);
                if (type != MapType.PERCPU_ARRAY) {
                    assertThat(typed.lookupAndDelete(7).orElseThrow())
                            .usingRecursiveComparison()
                            .isEqualTo(entries.get(7));
                    typed.deleteAll(List.of(7, 8, 9));
                    assertThat(typed.entries()).hasSize(197);
                    typed.clear();
                    assertThat(typed.entries()).isEmpty();
                }
                assertThatThrownBy(() -> map.typed(Codec.U32, Codec.bytes(12)))
                        .hasMessageContaining("on all CPUs together")
                        .hasMessageEndingWith("see typedPerCpu");
            }
            try (BpfMap plain = BpfMap.create(new MapSpec("plain", MapType.HASH, 4, 4, 1))) {
                assertThatThrownBy(() -> plain.typedPerCpu(Codec.U32, Codec.U32))
                        .hasMessage("the map plain has one value per key, not one per CPU");
            }
        });
    }

    /** Taken for a hash, a map of a new type with values per CPU would make the kernel write past the end of the memory. */
    @Test
    void mapsOfTypesTooNewAreNotRead() throws Exception {
        KernelSandbox.run(sandbox -> {
            Bpf newer = new Bpf((command, attr) -> {
                long result = BpfCall.KERNEL.bpf(command, attr);
                if (command == BpfCommand.BPF_OBJ_GET_INFO_BY_FD) {
                    MemorySegment.ofAddress(attr.get(ValueLayout.JAVA_LONG, 8))
                            .reinterpret(Integer.BYTES)
                            .set(ValueLayout.JAVA_INT, 0, 99);
                }
                return result;
            });
            try (BpfMap made = BpfMap.create(new MapSpec("new_kind", MapType.PERCPU_HASH, 4, 4, 1));
                    BpfMap map = BpfMap.open(newer, made.info().id())) {
                assertThat(map.type()).isNull();
                assertThat(map.typeName()).isEqualTo("type 99");
                assertThat(map.info().valueSize()).isEqualTo(4);
                List<ThrowingCallable> calls = List.of(
                        () -> map.typed(Codec.U32, Codec.U32),
                        () -> map.typedPerCpu(Codec.U32, Codec.U32),
                        map::slot,
                        () -> map.batch(1),
                        () -> map.mmap(false));
                for (ThrowingCallable call : calls) {
                    assertThatThrownBy(call)
                            .isInstanceOf(UnsupportedOperationException.class)
                            .hasMessage(
                                    "the map new_kind is of type 99, which is newer than this toolkit: how large its"
                                            + " values are is not known");
                }
            }
        });
    }

    @Test
    void mapsInTheFormBeforeBtf() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = BpfObject.load(TestObjects.spec("objects/old"))) {
                assertThat(object.program("note").testRun(new byte[99]).returned())
                        .isEqualTo(2);
                assertThat(object.map("lengths").typed(Codec.U32, Codec.U64).lookup(2))
                        .contains(99L);
                assertThat(object.map("networks").describe().flags()).isEqualTo(MapSpec.NO_PREALLOC);
            }
        });
        byte[] file = TestObjects.bytes("objects/old");
        // The first definition starts with type, sizes and entries; what follows the flags is nobody's.
        for (int at = 0; at < file.length - 24; at += 4) {
            if (file[at] == 2 && file[at + 4] == 4 && file[at + 8] == 8 && file[at + 12] == 3) {
                file[at + 20] = 1;
            }
        }
        assertThat(ObjectSpec.parse(file))
                .hasToString(
                        "Bad[fault=unsupported: the definition of the map lengths says what" + " only iproute2 knows]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HASH         | 4   | 4 | 0    | 0 | there must be room for one entry at least
            HASH         | 0   | 4 | 1    | 0 | keys and values have one byte at least
            ARRAY        | 8   | 4 | 1    | 0 | keys of arrays have 4 bytes
            LPM_TRIE     | 8   | 4 | 1    | 0 | tries need the flag NO_PREALLOC
            LPM_TRIE     | 4   | 4 | 1    | 1 | keys of tries have 4 bytes for the length of the prefix and 1 to 256 for the data
            QUEUE        | 4   | 4 | 1    | 0 | there are no keys, so their size is 0
            RINGBUF      | 0   | 0 | 4095 | 0 | a ring has a power of two of bytes, and a multiple of the page of 4096
            TASK_STORAGE | 4   | 4 | 0    | 1 | local storage needs BTF types of key and value
            SK_STORAGE   | 4   | 4 | 1    | 1 | local storage needs the flag NO_PREALLOC, and no number of entries
            """)
    void refusalsNameTheRule(MapType type, int key, int value, int entries, int flags, String rule) throws Exception {
        KernelSandbox.run(sandbox -> assertThatThrownBy(
                        () -> BpfMap.create(new MapSpec("wrong", type, key, value, entries).withFlags(flags)))
                .hasMessageStartingWith(
                        "bpf(BPF_MAP_CREATE): EINVAL: the kernel refuses a " + type + " map \"wrong\" of ")
                .hasMessageEndingWith(": " + rule));
    }

    /** What no rule explains is told as it was asked for, without a guess. */
    @Test
    void refusalsWithoutAKnownRuleDoNotGuess() throws Exception {
        KernelSandbox.run(sandbox -> assertThatThrownBy(
                        () -> BpfMap.create(new MapSpec("odd", MapType.HASH, 4, 4, 1).withFlags(1 << 10)))
                .hasMessage(
                        "bpf(BPF_MAP_CREATE): EINVAL: the kernel refuses a hash map \"odd\" of 4 + 4 bytes, 1 entries,"
                                + " flags 0x400"));
    }

    /** A trie's walk by batches is sent back to its start when the key that it stopped at goes; no entry may come twice for that. */
    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"LPM_TRIE", "ARRAY", "HASH"})
    void walksInBatchesSeeEachEntryOnce(MapType type) throws Exception {
        KernelSandbox.run(sandbox -> {
            int keyBytes = type == MapType.LPM_TRIE ? 8 : 4;
            int flags = type == MapType.LPM_TRIE ? MapSpec.NO_PREALLOC : 0;
            List<BpfCommand> used = new ArrayList<>();
            Bpf bpf = new Bpf((command, attr) -> {
                used.add(command);
                return BpfCall.KERNEL.bpf(command, attr);
            });
            try (BpfMap map = BpfMap.create(bpf, new MapSpec("walk", type, keyBytes, 4, 1000).withFlags(flags), null)) {
                Codec<Integer> keys = type == MapType.LPM_TRIE
                        ? Codec.lpmKey(4).map(MapKindsTest::network, MapKindsTest::number)
                        : Codec.U32;
                TypedMap<Integer, Integer> typed = map.typed(keys, Codec.U32);
                Map<Integer, Integer> entries = new HashMap<>();
                for (int i = 0; i < 1000; i++) {
                    entries.put(i, i * 3);
                }
                typed.putAll(entries);
                used.clear();
                assertThat(typed.entries()).isEqualTo(entries);
                assertThat(used).doesNotContain(BpfCommand.BPF_MAP_GET_NEXT_KEY);
                assertThat(used.size()).isLessThan(200);
                if (type != MapType.LPM_TRIE) {
                    return;
                }
                Map<Integer, Integer> seen = new HashMap<>();
                AtomicBoolean twice = new AtomicBoolean();
                typed.forEach((key, value) -> {
                    twice.compareAndSet(false, seen.put(key, value) != null);
                    if (seen.size() % 64 == 0) {
                        try {
                            typed.delete(key);
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    }
                });
                assertThat(twice).isFalse();
                assertThat(seen).as("also those that were deleted once seen").isEqualTo(entries);
            }
        });
    }

    private static LpmKey network(int number) {
        return new LpmKey(32, new byte[] {10, 0, (byte) (number >> 8), (byte) number});
    }

    private static int number(LpmKey key) {
        return (key.data()[2] & 0xff) << 8 | key.data()[3] & 0xff;
    }
}
