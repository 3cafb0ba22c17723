package dev.weir.ebpf.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.LoadOptions;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.BtfType;
import dev.weir.ebpf.elf.ObjectSpec;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.prog.ProgramOptions;
import dev.weir.ebpf.prog.VerifierException;
import dev.weir.sys.Bpf;
import dev.weir.testkit.KernelSandbox;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs whose types the kernel has in another shape; the kernel is that of {@code bpf/test/core_kernel.bpf.c}. */
class CoreRelocationTest {
    private static Btf kernel;

    @BeforeAll
    static void types() throws Exception {
        kernel = Objects.requireNonNull(TestObjects.spec("objects/core_kernel").btf());
    }

    private static BpfObject load(ObjectSpec spec) throws IOException {
        return BpfObject.load(
                Bpf.kernel(), spec, LoadOptions.DEFAULT.withPrograms(ProgramOptions.DEFAULT.withKernelTypes(kernel)));
    }

    /** The offsets are those that the comments of core_kernel.bpf.c give. */
    @Test
    void answersComeFromTheKernelsTypes() throws Exception {
        KernelSandbox.run(sandbox -> {
            ObjectSpec spec = TestObjects.spec("objects/core").withOnly("ask");
            try (BpfObject object = load(spec)) {
                BpfMap bss = object.map(".bss");
                ByteBuffer memory = ByteBuffer.allocate(bss.valueBytes()).order(ByteOrder.LITTLE_ENDIAN);
                int at = offset(spec.btf(), "memory");
                memory.putLong(at + 40, 0x1122334455667788L).putInt(at + 48, 99);
                bss.typed(Codec.U32, Codec.bytes(bss.valueBytes())).put(0, memory.array());
                object.program("ask").testRun(new byte[64]);
                ByteBuffer after = ByteBuffer.wrap(bss.typed(Codec.U32, Codec.bytes(bss.valueBytes()))
                                .lookup(0)
                                .orElseThrow())
                        .order(ByteOrder.LITTLE_ENDIAN);
                long[] results = new long[21];
                for (int i = 0; i < results.length; i++) {
                    results[i] = after.getLong(offset(spec.btf(), "results") + i * 8);
                }
                assertThat(results)
                        .containsExactly(
                                0, // gone does not exist
                                1, // moved does
                                48, // where it is, behind two nameless types
                                8, // the size of widened
                                1, // tiny is signed
                                58, // list[2]
                                52, // the word of the bit field
                                4, // and its size
                                54, // 64 - (3 + 7)
                                57, // 64 - 7
                                0, // struct absent
                                1, // struct shape
                                80, // and its size
                                0, // NO_COLOUR
                                20, // GREEN
                                spec.btf().idOf(BtfType.Struct.class, "shape"),
                                kernel.idOf(BtfType.Struct.class, "shape"),
                                48, // of the flavour
                                0, // the size of struct absent
                                0x1122334455667788L, // read as wide as it is
                                99);
            }
        });
    }

    private static int offset(Btf types, String variable) {
        BtfType.DataSection section =
                types.find(BtfType.DataSection.class, ".bss").orElseThrow();
        return section.variables().stream()
                .filter(placed -> Btf.nameOf(types.type(placed.variable())).equals(variable))
                .mapToInt(placed -> (int) placed.offset())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatTheKernelLacksMayStandWhereNobodyComes() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = load(TestObjects.spec("objects/core").withOnly("guarded"))) {
                assertThat(object.program("guarded").testRun(new byte[64]).returned())
                        .isEqualTo(1);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"unguarded", "narrowed", "no_such_constant"})
    void elseTheVerifierSaysWhere(String program) throws Exception {
        KernelSandbox.run(sandbox -> assertThatThrownBy(
                        () -> load(TestObjects.spec("objects/core").withOnly(program)))
                .isInstanceOf(VerifierException.class)
                .hasMessageContaining("unknown#195896080"));
    }

    /** The object's own types are never like the kernel's, so a copy of them answers as the compiler did. */
    @Test
    void theProgramsOwnTypesChangeNothing() throws Exception {
        ObjectSpec spec = TestObjects.spec("objects/core");
        CoreResolver own = new CoreResolver(Objects.requireNonNull(spec.btf()));
        for (var program : spec.programs()) {
            byte[] code = program.instructions().clone();
            for (CoreRelocation relocation : program.kernel().types()) {
                if (relocation.kind() == CoreRelocation.Kind.TYPE_ID_TARGET
                        || Btf.nameOf(spec.btf().type(relocation.type())).startsWith("shape")) {
                    // There are two types shape, of which one is a flavour.
                    continue;
                }
                CorePatch.apply(
                        ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN), relocation, own.resolve(relocation));
            }
            assertThat(code).isEqualTo(program.instructions());
        }
    }

    @Test
    void matchingIsStricterThanBeingAlike() throws Exception {
        Btf local = Objects.requireNonNull(TestObjects.spec("objects/core").btf());
        TypeRelation relation = new TypeRelation(local, kernel);
        int mine = local.idOf(BtfType.Struct.class, "shape");
        int theirs = kernel.idOf(BtfType.Struct.class, "shape");
        assertThat(relation.isAlike(mine, theirs)).isTrue();
        assertThat(relation.matches(mine, theirs)).as("it lacks a member").isFalse();
        int colour = local.idOf(BtfType.Enumeration.class, "colour");
        int theirColour = kernel.idOf(BtfType.Enumeration.class, "colour");
        assertThat(relation.isAlike(colour, theirColour)).isTrue();
        assertThat(relation.matches(colour, theirColour))
                .as("it lacks constants")
                .isFalse();
        TypeRelation same = new TypeRelation(kernel, kernel);
        assertThat(same.matches(theirs, theirs)).isTrue();
        assertThat(same.matches(theirColour, theirColour)).isTrue();
        assertThat(new TypeRelation(kernel, local).matches(theirs, mine)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "task_struct___old, task_struct",
        "a___b___c, a___b",
        "___x, ___x",
        "x___, x___",
        "x____y, x____y",
        "plain, plain"
    })
    void flavoursAreNoPartOfTheName(String name, String essential) {
        assertThat(TypeNames.essential(name)).isEqualTo(essential);
    }
}
