package dev.weir.ebpf.prog;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.KernelTypes;
import dev.weir.ebpf.core.CorePatch;
import dev.weir.ebpf.core.CoreRelocation;
import dev.weir.ebpf.core.CoreResolver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts into instructions what only the running kernel can say: numbers of its functions and variables, places in its types.
 *
 * @param types the kernel's, in place of those that the running kernel tells; null for these
 */
record KernelLinker(@Nullable Btf types) {
    private static final int INSTRUCTION_BYTES = 8;
    private static final int PSEUDO_BTF_ID = 3;

    void link(ProgramSpec spec, ByteBuffer code) throws IOException {
        KernelReferences references = spec.kernel();
        if (!references.open().isEmpty()) {
            throw new IOException("program " + spec.name() + " refers to "
                    + references.open().getFirst().name()
                    + ", which is outside the object; withSymbol gives it a value");
        }
        symbols(spec, code);
        if (!references.types().isEmpty()) {
            CoreResolver resolver = types == null ? CoreResolver.ofRunningKernel() : new CoreResolver(types);
            for (CoreRelocation relocation : references.types()) {
                CorePatch.apply(code, relocation, resolver.resolve(relocation));
            }
        }
    }

    private static void symbols(ProgramSpec spec, ByteBuffer code) throws IOException {
        Set<String> functions = new HashSet<>();
        Set<String> variables = new HashSet<>();
        Set<String> addresses = new HashSet<>();
        for (KernelReferences.Symbol symbol : spec.kernel().symbols()) {
            switch (symbol.use()) {
                case CALL, FUNCTION -> functions.add(symbol.name());
                case VARIABLE -> variables.add(symbol.name());
                case ADDRESS -> addresses.add(symbol.name());
            }
        }
        Map<String, Integer> functionIds = KernelTypes.functions(functions);
        Map<String, Integer> variableIds = KernelTypes.variables(variables);
        Map<String, Long> found = KernelAddresses.of(addresses);
        for (KernelReferences.Symbol symbol : spec.kernel().symbols()) {
            int at = symbol.instruction() * INSTRUCTION_BYTES;
            switch (symbol.use()) {
                // Optional functions that the kernel lacks get number 0, which the verifier accepts where the program
                // can't come to them.
                case CALL -> {
                    Integer id = required(spec, symbol, functionIds, "calls the kernel's function");
                    code.putInt(at + 4, id == null ? 0 : id);
                }
                case FUNCTION ->
                    typed(code, at, required(spec, symbol, functionIds, "refers to the kernel's function"));
                case VARIABLE ->
                    typed(code, at, required(spec, symbol, variableIds, "refers to the kernel's variable"));
                case ADDRESS -> {
                    Long address = required(spec, symbol, found, "refers to the kernel's symbol");
                    long value = address == null ? 0 : address;
                    code.putInt(at + 4, (int) value);
                    code.putInt(at + INSTRUCTION_BYTES + 4, (int) (value >>> Integer.SIZE));
                }
            }
        }
    }

    private static void typed(ByteBuffer code, int at, @Nullable Integer id) {
        code.putInt(at + 4, id == null ? 0 : id);
        code.putInt(at + INSTRUCTION_BYTES + 4, 0);
        if (id != null) {
            code.put(at + 1, (byte) (code.get(at + 1) & 0x0f | PSEUDO_BTF_ID << 4));
        }
    }

    private static <T> @Nullable T required(
            ProgramSpec spec, KernelReferences.Symbol symbol, Map<String, T> found, String what) throws IOException {
        T value = found.get(symbol.name());
        if (value == null && !symbol.optional()) {
            throw new IOException(
                    "program " + spec.name() + " " + what + " " + symbol.name() + ", which this kernel does not offer");
        }
        return value;
    }
}
