package dev.weir.ebpf.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.core.CorePatch;
import dev.weir.ebpf.core.CoreRelocation;
import dev.weir.ebpf.core.CoreResolver;
import dev.weir.ebpf.parse.Fault;
import dev.weir.ebpf.parse.Parsed;
import dev.weir.ebpf.prog.ProgramSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged objects and types: a spec or a fault, never an exception. Always the same damage, from fixed seeds; {@link ObjectFuzzer} looks for new
 * kinds of it with Jazzer.
 */
class ObjectFuzzTest {
    private static final int ROUNDS = 30_000;
    private static final int[] NASTY = {0, 1, -1, 7, 8, 0x7fffffff, 0x80000000, 0xffff, 0x10000, 0xfffffff8};

    @ParameterizedTest
    @ValueSource(
            strings = {
                "objects/features",
                "objects/features-clang19",
                "objects/broken",
                "objects/core",
                "objects/extern",
                "objects/kinds",
                "objects/old",
                "examples/pinned"
            })
    void damagedObjectsGiveASpecOrAFault(String name) throws Exception {
        byte[] whole = TestObjects.bytes(name);
        Random random = new Random(name.hashCode());
        Map<Fault.Kind, Integer> faults = new EnumMap<>(Fault.Kind.class);
        CoreResolver kernel = new CoreResolver(java.util.Objects.requireNonNull(
                TestObjects.spec("objects/core_kernel").btf()));
        int specs = 0;
        for (int round = 0; round < ROUNDS / 4; round++) {
            switch (ObjectSpec.parse(damage(whole, random))) {
                case Parsed.Ok<ObjectSpec> ok -> {
                    specs += ok.value().programs().isEmpty() ? 0 : 1;
                    relocate(ok.value(), kernel);
                }
                case Parsed.Bad<ObjectSpec> bad -> faults.merge(bad.fault().kind(), 1, Integer::sum);
            }
        }
        assertThat(specs).as("some damage does not matter").isPositive();
        assertThat(faults).as("some does, in different ways").hasSizeGreaterThanOrEqualTo(2);
    }

    /** Relocations that lead nowhere are an IOException, never another one. */
    private static void relocate(ObjectSpec spec, CoreResolver kernel) {
        for (ProgramSpec program : spec.programs()) {
            ByteBuffer code = ByteBuffer.wrap(program.instructions().clone()).order(ByteOrder.LITTLE_ENDIAN);
            for (CoreRelocation relocation : program.kernel().types()) {
                try {
                    CorePatch.apply(code, relocation, kernel.resolve(relocation));
                } catch (IOException e) {
                    assertThat(e).hasMessageStartingWith("the ");
                }
            }
        }
    }

    @Test
    void damagedTypesGiveTypesOrAFault() throws Exception {
        byte[] whole = java.util.Objects.requireNonNull(
                        TestObjects.spec("objects/features").btf())
                .raw();
        Random random = new Random(1);
        int good = 0;
        for (int round = 0; round < ROUNDS; round++) {
            if (Btf.parse(damage(whole, random)) instanceof Parsed.Ok<Btf> ok) {
                good++;
                for (int id = 0; id < ok.value().size(); id++) {
                    ok.value().sizeOf(id);
                    ok.value().resolve(id);
                }
            }
        }
        assertThat(good).isBetween(1, ROUNDS - 1);
    }

    @Test
    void everyTruncationIsAFaultOrASpec() throws Exception {
        byte[] whole = TestObjects.bytes("examples/pinned");
        for (int length = 0; length < whole.length; length++) {
            assertThat(ObjectSpec.parse(Arrays.copyOf(whole, length))).isInstanceOf(Parsed.Bad.class);
        }
    }

    @Test
    void theSameBytesGiveTheSameSpec() throws Exception {
        ObjectSpec one = TestObjects.spec("objects/features");
        ObjectSpec two = TestObjects.spec("objects/features");
        assertThat(one.maps()).usingRecursiveComparison().isEqualTo(two.maps());
        assertThat(one.programs()).usingRecursiveComparison().isEqualTo(two.programs());
    }

    private static byte[] damage(byte[] whole, Random random) {
        byte[] bytes = random.nextInt(20) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 4; i--) {
            int at = random.nextInt(bytes.length - 4);
            if (random.nextBoolean()) {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
            } else {
                int value = NASTY[random.nextInt(NASTY.length)];
                for (int b = 0; b < 4; b++) {
                    bytes[at + b] = (byte) (value >> b * 8);
                }
            }
        }
        return bytes;
    }
}
