package dev.weir.ebpf.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.sys.Bpf;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import dev.weir.testkit.Garbage;
import dev.weir.testkit.KernelSandbox;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each operation on each type of map, in the kernel. */
class BpfMapTest {
    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"HASH", "LRU_HASH"})
    void entriesOfHashMaps(MapType type) throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfMap map = BpfMap.create(new MapSpec("entries", type, 4, 8, 100))) {
                TypedMap<Integer, Long> typed = map.typed(Codec.U32, Codec.U64);
                assertThat(typed.lookup(1)).isEmpty();
                typed.put(1, 10L);
                typed.update(1, 11L, MapSlot.EXIST);
                assertThat(typed.lookup(1)).contains(11L);
                assertThatThrownBy(() -> typed.update(1, 12L, MapSlot.NO_EXIST))
                        .hasMessage("bpf(BPF_MAP_UPDATE_ELEM): EEXIST: the map has an entry with this key");
                assertThatThrownBy(() -> typed.update(2, 12L, MapSlot.EXIST))
                        .hasMessage("bpf(BPF_MAP_UPDATE_ELEM): ENOENT: the map has no entry with this key");
                assertThat(typed.lookupAndDelete(1)).contains(11L);
                assertThat(typed.lookupAndDelete(1)).isEmpty();
                typed.put(3, 30L);
                assertThat(typed.delete(3)).isTrue();
                assertThat(typed.delete(3)).isFalse();
                assertThat(map.info().name()).isEqualTo("entries");
                assertThat(map.type()).isEqualTo(type);
            }
        });
    }

    @Test
    void aFullMapSaysHowManyEntriesItWasMadeFor() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfMap hash = BpfMap.create(new MapSpec("small", MapType.HASH, 4, 4, 1));
                    BpfMap array = BpfMap.create(new MapSpec("array", MapType.ARRAY, 4, 4, 3))) {
                hash.typed(Codec.U32, Codec.U32).put(1, 1);
                assertThatThrownBy(() -> hash.typed(Codec.U32, Codec.U32).put(2, 2))
                        .hasMessage(
                                "bpf(BPF_MAP_UPDATE_ELEM): E2BIG: the map small is full, it was made for 1 entries");
                assertThatThrownBy(() -> array.typed(Codec.U32, Codec.U32).put(3, 2))
                        .hasMessage("bpf(BPF_MAP_UPDATE_ELEM): E2BIG: the map array has indices below 3 only");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"PERCPU_HASH", "LRU_PERCPU_HASH", "PERCPU_ARRAY"})
    void perCpuMapsHaveOneValuePerPossibleCpu(MapType type) throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfMap map = BpfMap.create(new MapSpec("per_cpu", type, 4, 4, 8))) {
                List<Integer> values = new ArrayList<>();
                for (int cpu = 0; cpu < Cpus.possible(); cpu++) {
                    values.add(100 + cpu);
                }
                TypedMap<Integer, List<Integer>> typed = map.typedPerCpu(Codec.U32, Codec.U32);
                typed.put(5, values);
                assertThat(typed.lookup(5)).contains(values);
                assertThat(typed.entries()).containsEntry(5, values);
            }
        });
    }

    @Test
    void possibleCpusAreCounted() {
        assertThat(Cpus.parse("0\n")).isEqualTo(1);
        assertThat(Cpus.parse("0-7\n")).isEqualTo(8);
        assertThat(Cpus.parse("0,2-3\n")).isEqualTo(3);
        assertThat(Cpus.parse("0-1,5\n")).isEqualTo(3);
    }

    @Test
    void triesFindTheLongestPrefix() throws Exception {
        KernelSandbox.run(sandbox -> {
            MapSpec spec = new MapSpec("networks", MapType.LPM_TRIE, 8, 4, 100).withFlags(MapSpec.NO_PREALLOC);
            try (BpfMap map = BpfMap.create(spec)) {
                TypedMap<LpmKey, Integer> typed = map.typed(Codec.lpmKey(4), Codec.U32);
                typed.putAll(Map.of(
                        new LpmKey(8, new byte[] {10, 0, 0, 0}), 8, new LpmKey(24, new byte[] {10, 1, 2, 0}), 24));
                assertThat(typed.lookup(new LpmKey(32, new byte[] {10, 1, 2, 3})))
                        .contains(24);
                assertThat(typed.lookup(new LpmKey(32, new byte[] {10, 1, 3, 3})))
                        .contains(8);
                assertThat(typed.lookup(new LpmKey(32, new byte[] {11, 1, 3, 3})))
                        .isEmpty();
                assertThat(typed.entries().keySet())
                        .extracting(LpmKey::toString)
                        .containsExactlyInAnyOrder("0a000000/8", "0a010200/24");
                typed.clear();
                assertThat(typed.entries()).isEmpty();
            }
        });
    }

    @Test
    void mapsOfMapsAreWrittenByDescriptorAndReadById() throws Exception {
        KernelSandbox.run(sandbox -> {
            MapSpec inner = new MapSpec("inner", MapType.ARRAY, 4, 4, 1);
            MapSpec outer = new MapSpec("outer", MapType.HASH_OF_MAPS, 4, 4, 4).withInner(inner);
            try (BpfMap map = BpfMap.create(outer);
                    BpfMap one = BpfMap.create(inner);
                    BpfMap wrong = BpfMap.create(new MapSpec("wrong", MapType.HASH, 4, 4, 1))) {
                one.typed(Codec.U32, Codec.U32).put(0, 77);
                TypedMap<Integer, Integer> typed = map.typed(Codec.U32, Codec.U32);
                typed.put(9, one.fd().number());
                try (BpfMap found = BpfMap.open(Bpf.kernel(), typed.lookup(9).orElseThrow())) {
                    assertThat(found.typed(Codec.U32, Codec.U32).lookup(0)).contains(77);
                }
                assertThatThrownBy(() -> typed.put(9, wrong.fd().number()))
                        .isInstanceOfSatisfying(SyscallException.class, e -> assertThat(e.errno())
                                .isEqualTo(Errno.EINVAL));
            }
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"HASH", "LRU_HASH", "ARRAY", "PERCPU_HASH", "PERCPU_ARRAY"})
    void batchesDoManyEntriesInOneCall(MapType type) throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfMap map = BpfMap.create(new MapSpec("batch", type, 4, 8, 1000));
                    MapBatch batch = map.batch(64)) {
                for (int i = 0; i < 64; i++) {
                    batch.keys().set(ValueLayout.JAVA_INT, i * 4L, i);
                    batch.values().set(ValueLayout.JAVA_LONG, (long) i * map.valueBytes(), i * 3L);
                }
                assertThat(batch.update(64, MapSlot.ANY)).isZero();
                assertThat(batch.done()).isEqualTo(64);
                assertThat(batch.isOneByOne()).isFalse();
                batch.values().fill((byte) 0);
                assertThat(batch.lookup(64)).isZero();
                assertThat(batch.values().get(ValueLayout.JAVA_LONG, 63L * map.valueBytes()))
                        .isEqualTo(189);
                if (type == MapType.HASH) {
                    assertThat(batch.delete(10)).isZero();
                    assertThat(batch.delete(20)).as("the first is gone").isEqualTo(-Errno.ENOENT);
                    assertThat(batch.done()).isZero();
                }
            }
        });
    }

    @Test
    void batchesReadAWholeMap() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfMap map = BpfMap.create(new MapSpec("read", MapType.HASH, 4, 4, 1000));
                    MapBatch batch = map.batch(64)) {
                Map<Integer, Integer> entries = new HashMap<>();
                for (int i = 0; i < 500; i++) {
                    entries.put(i, i * 7);
                }
                map.typed(Codec.U32, Codec.U32).putAll(entries);
                Map<Integer, Integer> found = new HashMap<>();
                int result = batch.read(true);
                while (true) {
                    for (int i = 0; i < batch.done(); i++) {
                        found.put(
                                batch.keys().get(ValueLayout.JAVA_INT, i * 4L),
                                batch.values().get(ValueLayout.JAVA_INT, i * 4L));
                    }
                    if (result != 0) {
                        break;
                    }
                    result = batch.read(false);
                }
                assertThat(result).isEqualTo(-Errno.ENOENT);
                assertThat(found).isEqualTo(entries);
            }
        });
    }

    @Test
    void aBatchStopsAtTheEntryThatFails() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfMap map = BpfMap.create(new MapSpec("tight", MapType.HASH, 4, 4, 5));
                    MapBatch batch = map.batch(8)) {
                for (int i = 0; i < 8; i++) {
                    batch.keys().set(ValueLayout.JAVA_INT, i * 4L, i);
                }
                assertThat(batch.update(8, MapSlot.ANY)).isEqualTo(-Errno.E2BIG);
                assertThat(batch.done()).isEqualTo(5);
            }
        });
    }

    /** XSKMAPs have no batches: the first refusal switches to one call per entry, which then fails for its own reason. */
    @Test
    void mapsWithoutBatchesFallBackToSingleCalls() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfMap map = BpfMap.create(new MapSpec("sockets", MapType.XSKMAP, 4, 4, 4));
                    MapBatch batch = map.batch(2)) {
                batch.values().set(ValueLayout.JAVA_INT, 0, -1);
                assertThat(batch.update(1, MapSlot.ANY))
                        .as("no socket has descriptor -1")
                        .isEqualTo(-Errno.EBADF);
                assertThat(batch.isOneByOne()).isTrue();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"HASH", "LPM_TRIE"})
    void aWalkSeesEveryEntryThatStaysExactlyOnce(MapType type) throws Exception {
        KernelSandbox.run(sandbox -> {
            MapSpec spec = new MapSpec("changing", type, 8, 8, 20_000).withFlags(MapSpec.NO_PREALLOC);
            try (BpfMap map = BpfMap.create(spec)) {
                TypedMap<Long, Long> typed = map.typed(Codec.U64, Codec.U64);
                Map<Long, Long> staying = new HashMap<>();
                for (long i = 0; i < 2_000; i++) {
                    // The low half is the prefix length where the map is a trie.
                    staying.put(i << 32 | 32, i);
                }
                typed.putAll(staying);
                AtomicBoolean stop = new AtomicBoolean();
                Thread changer = Thread.ofPlatform().start(() -> change(map, stop));
                try {
                    for (int round = 0; round < 40; round++) {
                        List<Long> seen = Collections.synchronizedList(new ArrayList<>());
                        typed.forEach((key, value) -> seen.add(key));
                        Set<Long> distinct = new HashSet<>(seen);
                        assertThat(distinct).containsAll(staying.keySet());
                        assertThat(seen).as("none twice").hasSameSizeAs(distinct);
                    }
                } finally {
                    stop.set(true);
                    changer.join();
                }
            }
        });
    }

    private static void change(BpfMap map, AtomicBoolean stop) {
        // In a trie: the nodes above those that stay, so that the kernel's way from one to the next often leads over a
        // replaced one.
        boolean above = map.type() == MapType.LPM_TRIE;
        try (MapSlot slot = map.slot()) {
            for (long i = 0; !stop.get(); i++) {
                slot.key().set(ValueLayout.JAVA_LONG, 0, above ? (i % 50) << 32 | 8 : (5_000 + i % 50) << 32 | 32);
                if ((i / 50) % (above ? 4 : 2) != 1) {
                    slot.update(MapSlot.ANY);
                } else {
                    slot.delete();
                }
            }
        }
    }

    @Test
    void hotOperationsDoNotAllocate() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfMap map = BpfMap.create(new MapSpec("hot", MapType.HASH, 4, 8, 1000));
                    MapSlot slot = map.slot();
                    MapBatch batch = map.batch(32)) {
                assertThat(Garbage.leastBytes(0, () -> hot(slot, batch, 20_000)))
                        .as("octets of garbage in 20,000 rounds")
                        .isZero();
            }
        });
    }

    private static void hot(MapSlot slot, MapBatch batch, int rounds) {
        for (int i = 0; i < rounds; i++) {
            slot.key().set(ValueLayout.JAVA_INT, 0, i & 63);
            slot.value().set(ValueLayout.JAVA_LONG, 0, i);
            slot.update(MapSlot.ANY);
            slot.lookup();
            if ((i & 63) == 0) {
                batch.update(1, MapSlot.ANY);
            }
            slot.delete();
        }
    }

    @Test
    void arraysAreMappedIntoMemory() throws Exception {
        KernelSandbox.run(sandbox -> {
            MapSpec spec = new MapSpec("mapped", MapType.ARRAY, 4, 8, 100).withFlags(MapSpec.MMAPABLE);
            try (BpfMap map = BpfMap.create(spec);
                    MapMemory memory = map.mmap(true)) {
                map.typed(Codec.U32, Codec.U64).put(99, 1234L);
                assertThat(memory.memory().get(ValueLayout.JAVA_LONG, 99 * 8L)).isEqualTo(1234);
                memory.memory().set(ValueLayout.JAVA_LONG, 98 * 8L, 4321);
                assertThat(map.typed(Codec.U32, Codec.U64).lookup(98)).contains(4321L);
                assertThatThrownBy(map::freeze).hasMessageStartingWith("bpf(BPF_MAP_FREEZE): EBUSY: the map is mapped");
            }
        });
    }

    @Test
    void frozenMapsTakeNoMoreFromUserSpace() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfMap map = BpfMap.create(new MapSpec("frozen", MapType.HASH, 4, 4, 4))) {
                map.typed(Codec.U32, Codec.U32).put(1, 1);
                map.freeze();
                assertThat(map.typed(Codec.U32, Codec.U32).lookup(1)).contains(1);
                assertThatThrownBy(() -> map.typed(Codec.U32, Codec.U32).put(1, 2))
                        .hasMessageStartingWith("bpf(BPF_MAP_UPDATE_ELEM): EPERM: the map is frozen");
            }
        });
    }

    @Test
    void pinsKeepMapsAndAreComparedWithTheirSpecs() throws Exception {
        KernelSandbox.run(sandbox -> {
            Path pin = sandbox.bpffs().resolve("pinned");
            MapSpec spec = new MapSpec("pinned", MapType.HASH, 4, 8, 10);
            try (BpfMap map = BpfMap.create(spec)) {
                map.pin(pin);
                map.typed(Codec.U32, Codec.U64).put(1, 2L);
                assertThatThrownBy(() -> map.pin(pin))
                        .hasMessage("bpf(BPF_OBJ_PIN): EEXIST: something is pinned under this path");
                assertThatThrownBy(() -> map.pin(Path.of("/tmp/not-bpffs")))
                        .hasMessageStartingWith("bpf(BPF_OBJ_PIN): EPERM");
            }
            try (BpfMap again = BpfMap.openPinned(Bpf.kernel(), pin, spec)) {
                assertThat(again.typed(Codec.U32, Codec.U64).lookup(1)).contains(2L);
            }
            try (BpfMap readOnly = BpfMap.openPinnedReadOnly(Bpf.kernel(), pin)) {
                assertThatThrownBy(() -> readOnly.typed(Codec.U32, Codec.U64).put(1, 3L))
                        .hasMessageContaining("EPERM: the map is frozen or read-only");
            }
            MapSpec other = new MapSpec("pinned", MapType.LRU_HASH, 8, 4, 20).withFlags(1);
            assertThatThrownBy(() -> BpfMap.openPinned(Bpf.kernel(), pin, other))
                    .isInstanceOfSatisfying(MapMismatchException.class, e -> assertThat(e.differences())
                            .containsExactly(
                                    "the type is hash, wanted lru_hash",
                                    "keys have 4 bytes, wanted 8",
                                    "values have 8 bytes, wanted 4",
                                    "there is room for 10 entries, wanted 20",
                                    "the flags are 0x0, wanted 0x1"));
            Files.delete(pin);
            assertThatThrownBy(() -> BpfMap.openPinned(Bpf.kernel(), pin))
                    .hasMessage("bpf(BPF_OBJ_GET): ENOENT: nothing is pinned under this path");
        });
    }

    @Test
    void codecsMustFitTheMap() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfMap map = BpfMap.create(new MapSpec("sized", MapType.HASH, 4, 16, 4))) {
                assertThatThrownBy(() -> map.typed(Codec.U64, Codec.U64))
                        .hasMessage("the map sized has keys of 4 and values of 16 bytes, the codecs 8 and 8");
                TypedMap<Integer, String> texts = map.typed(Codec.U32, Codec.text(16));
                texts.put(1, "déjà vu");
                assertThat(texts.lookup(1)).contains("déjà vu");
                assertThatThrownBy(() -> texts.put(1, "a text of too many bytes"))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        });
    }

    @Test
    void aClosedMapAnswersBadDescriptorAndNeverAnotherMap() throws Exception {
        KernelSandbox.run(sandbox -> {
            BpfMap map = BpfMap.create(new MapSpec("closed", MapType.HASH, 4, 4, 4));
            try (MapSlot slot = map.slot()) {
                map.close();
                try (BpfMap next = BpfMap.create(new MapSpec("next", MapType.HASH, 4, 4, 4))) {
                    assertThat(next.fd().isOpen()).isTrue();
                    assertThat(slot.update(MapSlot.ANY)).isEqualTo(-Errno.EBADF);
                }
            }
        });
    }
}
