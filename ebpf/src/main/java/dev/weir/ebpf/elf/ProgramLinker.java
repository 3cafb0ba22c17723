package dev.weir.ebpf.elf;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.core.CoreRelocation;
import dev.weir.ebpf.parse.Bytes;
import dev.weir.ebpf.parse.Fault;
import dev.weir.ebpf.parse.FaultException;
import dev.weir.ebpf.prog.KernelReferences;
import dev.weir.ebpf.prog.ProgramSpec;
import dev.weir.ebpf.prog.ProgramType;
import dev.weir.ebpf.prog.SectionName;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes programs whole. The kernel takes one run of instructions per program: the function itself, then every function it calls, directly or
 * through others, each once. So for each program the functions reached are laid out one after the other, and each call gets the distance to
 * where its target came to lie. References to maps become names with positions.
 *
 * <p>A call counts in instructions from the next one: {@code target = here + 1 + imm}. clang leaves calls inside a section resolved, and gives
 * those into {@code .text} a relocation.
 *
 * @see <a href="https://docs.kernel.org/bpf/llvm_reloc.html">BPF LLVM Relocations</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9669">RFC 9669, BPF Instruction Set Architecture</a>
 */
final class ProgramLinker {
    private static final String TEXT = ".text";
    private static final int INSTRUCTION_BYTES = 8;
    private static final int CALL = 0x85;
    private static final int LOAD_IMM64 = 0x18;
    private static final int PSEUDO_CALL = 1;
    private static final int PSEUDO_MAP_FD = 1;
    private static final int PSEUDO_MAP_VALUE = 2;
    private static final int PSEUDO_KFUNC_CALL = 2;
    private static final int PSEUDO_FUNC = 4;
    /** All programs of an object together; one alone may have one million. */
    private static final int MAX_INSTRUCTIONS = 4_000_000;

    private final ElfFile elf;
    private final BtfExtension extension;
    private final References known;
    private final String license;
    private final Map<Integer, TreeMap<Integer, Function>> functions = new HashMap<>();
    private final Map<Integer, Map<Integer, ElfFile.Symbol>> relocations = new HashMap<>();
    private final Set<String> called = new HashSet<>();
    private long instructions;

    /** @param start index of its first instruction in its section */
    private record Function(String name, ElfFile.Section section, int start, int end, boolean local) {}

    ProgramLinker(ElfFile elf, BtfExtension extension, References known, String license) {
        this.elf = elf;
        this.extension = extension;
        this.known = known;
        this.license = license;
    }

    List<ProgramSpec> link() throws FaultException {
        collectFunctions();
        List<ProgramSpec> programs = new ArrayList<>();
        for (ElfFile.Section section : elf.sections()) {
            TreeMap<Integer, Function> inside = functions.get(section.index());
            if (inside == null || section.name().equals(TEXT)) {
                continue;
            }
            for (Function function : inside.values()) {
                if (!function.local()) {
                    programs.add(new Program(function).link());
                }
            }
        }
        // What programs call is no program of its own where its section means nothing.
        programs.removeIf(program -> program.type() == ProgramType.UNSPECIFIED && called.contains(program.name()));
        return programs;
    }

    private void collectFunctions() throws FaultException {
        for (ElfFile.Symbol symbol : elf.symbols()) {
            if (symbol.type() != ElfFile.STT_FUNC || symbol.section() == ElfFile.SHN_UNDEF) {
                continue;
            }
            ElfFile.Section section =
                    symbol.section() < elf.sections().size() ? elf.sections().get(symbol.section()) : null;
            if (section == null || !section.isCode()) {
                throw FaultException.malformed("the function " + symbol.name() + " lies in no code");
            }
            long end = symbol.value() + symbol.sizeBytes();
            if (symbol.value() % INSTRUCTION_BYTES != 0
                    || symbol.sizeBytes() % INSTRUCTION_BYTES != 0
                    || symbol.sizeBytes() == 0
                    || end > section.data().length()) {
                throw FaultException.malformed("the function " + symbol.name() + " is not inside its section");
            }
            Function function = new Function(
                    symbol.name(),
                    section,
                    (int) symbol.value() / INSTRUCTION_BYTES,
                    (int) (end / INSTRUCTION_BYTES),
                    symbol.local());
            functions.computeIfAbsent(symbol.section(), s -> new TreeMap<>()).put(function.start(), function);
        }
        for (TreeMap<Integer, Function> inside : functions.values()) {
            int end = 0;
            for (Function function : inside.values()) {
                if (function.start() < end) {
                    throw FaultException.malformed("the function " + function.name() + " overlaps another");
                }
                end = function.end();
                index(function.section());
            }
        }
    }

    private void index(ElfFile.Section section) throws FaultException {
        if (relocations.containsKey(section.index())) {
            return;
        }
        Map<Integer, ElfFile.Symbol> bySlot = new HashMap<>();
        for (ElfFile.Relocation relocation : elf.relocationsOf(section)) {
            if (relocation.offset() % INSTRUCTION_BYTES != 0
                    || relocation.offset() < 0
                    || relocation.offset() >= section.data().length()) {
                throw FaultException.malformed("a relocation lies outside " + section.name());
            }
            bySlot.put((int) (relocation.offset() / INSTRUCTION_BYTES), relocation.symbol());
        }
        relocations.put(section.index(), bySlot);
    }

    private Function functionAt(int section, long instruction, String caller) throws FaultException {
        TreeMap<Integer, Function> inside = functions.get(section);
        Function function = inside == null || instruction < 0 || instruction > Integer.MAX_VALUE
                ? null
                : inside.get((int) instruction);
        if (function == null) {
            throw FaultException.malformed(caller + " calls something that is no function of the object");
        }
        return function;
    }

    /** One program while it grows. */
    private final class Program {
        private final Function main;
        private final LinkedHashMap<Function, Integer> placed = new LinkedHashMap<>();
        private final List<ProgramSpec.MapReference> references = new ArrayList<>();
        private final List<KernelReferences.Symbol> symbols = new ArrayList<>();
        private final List<KernelReferences.OpenSymbol> open = new ArrayList<>();
        private final List<CoreRelocation> types = new ArrayList<>();
        private final ByteArrayOutputStream functionInfo = new ByteArrayOutputStream();
        private final ByteArrayOutputStream lineInfo = new ByteArrayOutputStream();

        Program(Function main) {
            this.main = main;
        }

        ProgramSpec link() throws FaultException {
            place();
            int total = placed.entrySet().stream()
                    .mapToInt(e -> e.getValue() + e.getKey().end() - e.getKey().start())
                    .max()
                    .orElse(0);
            ByteBuffer code = ByteBuffer.allocate(total * INSTRUCTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (Map.Entry<Function, Integer> entry : placed.entrySet()) {
                emit(entry.getKey(), entry.getValue(), code);
            }
            SectionName kind = SectionName.of(main.section().name());
            return new ProgramSpec(
                    main.name(),
                    main.section().name(),
                    kind.type(),
                    kind.attachType(),
                    kind.attachTo(),
                    license,
                    code.array(),
                    references,
                    new KernelReferences(symbols, types, open),
                    functionInfo.toByteArray(),
                    lineInfo.toByteArray(),
                    kind.flags());
        }

        /** Finds all functions that the program reaches and decides where each lies. */
        private void place() throws FaultException {
            List<Function> order = new ArrayList<>(List.of(main));
            placed.put(main, 0);
            int next = main.end() - main.start();
            for (int i = 0; i < order.size(); i++) {
                Function function = order.get(i);
                count(function);
                Bytes data = function.section().data();
                for (int at = function.start(); at < function.end(); at++) {
                    Function target = target(function, data, at);
                    if (target != null && !placed.containsKey(target)) {
                        placed.put(target, next);
                        called.add(target.name());
                        next += target.end() - target.start();
                        order.add(target);
                    }
                    at += opcode(data, at) == LOAD_IMM64 ? 1 : 0;
                }
            }
        }

        private void count(Function function) throws FaultException {
            instructions += function.end() - function.start();
            if (instructions > MAX_INSTRUCTIONS) {
                throw new FaultException(
                        Fault.Kind.TOO_LARGE, "the object's programs have more than 4 million instructions");
            }
        }

        /** Returns the function that an instruction calls or takes the address of, null if it does neither. */
        private @Nullable Function target(Function function, Bytes data, int at) throws FaultException {
            int opcode = opcode(data, at);
            int source = data.u8(at * 8L + 1) >>> 4;
            int immediate = data.u32(at * 8L + 4);
            ElfFile.Symbol symbol = symbol(function, at);
            if (opcode == CALL && source == PSEUDO_CALL && !isOutside(symbol)) {
                return symbol == null
                        ? functionAt(function.section().index(), at + 1L + immediate, function.name())
                        : functionAt(
                                symbol.section(), symbol.value() / INSTRUCTION_BYTES + immediate + 1, function.name());
            }
            if (opcode == LOAD_IMM64 && symbol != null && isCode(symbol.section())) {
                return functionAt(
                        symbol.section(),
                        symbol.value() / INSTRUCTION_BYTES + immediate / INSTRUCTION_BYTES,
                        function.name());
            }
            return null;
        }

        private void emit(Function function, int base, ByteBuffer code) throws FaultException {
            Bytes data = function.section().data();
            extension.copyFunctions(function.section().name(), function.start(), function.end(), base, functionInfo);
            extension.copyLines(function.section().name(), function.start(), function.end(), base, lineInfo);
            relocateTypes(function, base);
            for (int at = function.start(), here = base; at < function.end(); at++, here++) {
                long bits = data.u64(at * 8L);
                code.putLong(here * INSTRUCTION_BYTES, bits);
                Function target = target(function, data, at);
                ElfFile.Symbol symbol = symbol(function, at);
                if (target != null) {
                    call(code, here, target, opcode(data, at) == LOAD_IMM64);
                } else if (symbol != null) {
                    reference(function, data, at, here, code, symbol);
                }
                if (opcode(data, at) == LOAD_IMM64) {
                    at++;
                    here++;
                    if (at == function.end()) {
                        throw FaultException.malformed(function.name() + " ends inside an instruction");
                    }
                    code.putInt(here * INSTRUCTION_BYTES, data.u32(at * 8L));
                    // The upper half belongs to the relocation, where there is one.
                    if (target == null && symbol == null) {
                        code.putInt(here * INSTRUCTION_BYTES + 4, data.u32(at * 8L + 4));
                    }
                }
            }
        }

        private void call(ByteBuffer code, int here, Function target, boolean address) {
            Integer there = placed.get(target);
            if (there == null) {
                throw new AssertionError("place() saw every target");
            }
            code.putInt(here * INSTRUCTION_BYTES + 4, there - here - 1);
            if (address) {
                setSource(code, here, PSEUDO_FUNC);
            }
        }

        private void relocateTypes(Function function, int base) throws FaultException {
            Btf btf = known.types();
            for (BtfExtension.Core core :
                    extension.relocations().getOrDefault(function.section().name(), List.of())) {
                if (core.instruction() >= function.start() && core.instruction() < function.end()) {
                    if (btf == null || core.type() < 0 || core.type() >= btf.size()) {
                        throw FaultException.malformed(function.name() + " depends on a type that is not there");
                    }
                    types.add(new CoreRelocation(
                            core.instruction() - function.start() + base,
                            btf,
                            core.type(),
                            core.access(),
                            core.kind()));
                }
            }
        }

        private void reference(Function function, Bytes data, int at, int here, ByteBuffer code, ElfFile.Symbol symbol)
                throws FaultException {
            if (isOutside(symbol) && opcode(data, at) == CALL) {
                setSource(code, here, PSEUDO_KFUNC_CALL);
                symbols.add(new KernelReferences.Symbol(here, symbol.name(), KernelReferences.Use.CALL, symbol.weak()));
                return;
            }
            if (opcode(data, at) != LOAD_IMM64) {
                throw FaultException.malformed(function.name() + " has a relocation on an instruction that takes none");
            }
            if (isOutside(symbol)) {
                outside(data, at, here, code, symbol);
                return;
            }
            MapSymbols maps = known.maps();
            String map = maps.defined(symbol.section(), symbol.value());
            String section = maps.data(symbol.section());
            int immediate = data.u32(at * 8L + 4);
            if (map != null) {
                setSource(code, here, PSEUDO_MAP_FD);
                references.add(new ProgramSpec.MapReference(here, map, false, 0));
            } else if (section != null) {
                setSource(code, here, PSEUDO_MAP_VALUE);
                references.add(new ProgramSpec.MapReference(here, section, true, (int) symbol.value() + immediate));
            } else {
                throw FaultException.malformed(
                        function.name() + " refers to " + symbol.name() + ", which is neither map nor variable");
            }
        }

        private void outside(Bytes data, int at, int here, ByteBuffer code, ElfFile.Symbol symbol)
                throws FaultException {
            KernelSetting setting = known.externs().setting(symbol.name());
            KernelReferences.Use use = known.externs().use(symbol.name());
            if (setting != null) {
                setSource(code, here, PSEUDO_MAP_VALUE);
                references.add(new ProgramSpec.MapReference(
                        here, Externs.KERNEL_SETTINGS, true, setting.offset() + data.u32(at * 8L + 4)));
            } else if (use != null) {
                symbols.add(new KernelReferences.Symbol(here, symbol.name(), use, symbol.weak()));
            } else {
                open.add(new KernelReferences.OpenSymbol(here, symbol.name()));
            }
        }

        private static boolean isOutside(ElfFile.@Nullable Symbol symbol) {
            return symbol != null && symbol.section() == ElfFile.SHN_UNDEF;
        }

        private void setSource(ByteBuffer code, int here, int source) {
            int position = here * INSTRUCTION_BYTES + 1;
            code.put(position, (byte) (code.get(position) & 0x0f | source << 4));
        }

        private ElfFile.@Nullable Symbol symbol(Function function, int at) {
            Map<Integer, ElfFile.Symbol> bySlot =
                    relocations.get(function.section().index());
            return bySlot == null ? null : bySlot.get(at);
        }

        private boolean isCode(int section) {
            return section < elf.sections().size()
                    && elf.sections().get(section).isCode();
        }

        private static int opcode(Bytes data, int at) throws FaultException {
            return data.u8(at * 8L);
        }
    }
}
