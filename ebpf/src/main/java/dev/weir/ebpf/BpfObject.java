package dev.weir.ebpf;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.LoadedBtf;
import dev.weir.ebpf.elf.ObjectSpec;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.MapSlot;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.prog.Program;
import dev.weir.ebpf.prog.ProgramSpec;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.Errno;
import dev.weir.sys.HeldFds;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object in the kernel: the maps and programs of an {@link ObjectSpec}, which it owns. Close links first, then the object; programs that
 * are attached or pinned, and maps that such programs use, live on in the kernel. Any thread may call.
 */
public final class BpfObject implements AutoCloseable {
    /** The map of what the kernel was built with. */
    private static final String SETTINGS = ".kconfig";

    private final Map<String, BpfMap> maps = new LinkedHashMap<>();
    private final Map<String, BpfMap> borrowed = new LinkedHashMap<>();
    private final Map<String, Program> programs = new LinkedHashMap<>();
    private @Nullable String degraded;

    private BpfObject() {}

    /** Loads an object into the running kernel. */
    public static BpfObject load(ObjectSpec spec) throws IOException {
        return load(Bpf.kernel(), spec, LoadOptions.DEFAULT);
    }

    /** The same, with options. */
    public static BpfObject load(ObjectSpec spec, LoadOptions options) throws IOException {
        return load(Bpf.kernel(), spec, options);
    }

    /**
     * Loads an object: its types, its maps, then its programs. If any fails nothing is left behind but pins that were there before.
     *
     * @throws dev.weir.ebpf.prog.VerifierException if the verifier refuses a program
     * @throws dev.weir.ebpf.map.MapMismatchException if a map pinned before does not fit
     */
    public static BpfObject load(Bpf bpf, ObjectSpec spec, LoadOptions options) throws IOException {
        BpfObject object = new BpfObject();
        try (LoadedBtf btf = object.loadTypes(bpf, spec.btf())) {
            object.borrowed.putAll(options.maps());
            for (MapSpec map : spec.maps()) {
                if (!object.borrowed.containsKey(map.name())) {
                    MapSpec filled = spec.settings().isEmpty() || !map.name().equals(SETTINGS)
                            ? map
                            : KernelSettings.fill(spec, map);
                    object.maps.put(map.name(), createOrOpen(bpf, filled, btf, options));
                }
            }
            Map<String, BpfMap> all = object.allMaps();
            for (ProgramSpec program : spec.programs()) {
                object.programs.put(program.name(), Program.load(bpf, program, all, btf, options.programs()));
            }
            for (MapSpec map : spec.maps()) {
                if (!map.references().isEmpty()) {
                    object.refer(map);
                }
            }
        } catch (IOException | RuntimeException e) {
            object.close();
            throw e;
        }
        return object;
    }

    /** Kernels that do not take the types load the object without them: no names in dumps, no source lines in the verifier's log. */
    private @Nullable LoadedBtf loadTypes(Bpf bpf, @Nullable Btf btf) throws SyscallException {
        if (btf == null) {
            return null;
        }
        try {
            return LoadedBtf.load(bpf, btf);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
            degraded = "loaded without types: " + e.getMessage();
            return null;
        }
    }

    private static BpfMap createOrOpen(Bpf bpf, MapSpec spec, @Nullable LoadedBtf btf, LoadOptions options)
            throws IOException {
        Path directory = options.pinDirectory();
        if (!spec.pinByName() || directory == null) {
            return BpfMap.create(bpf, spec, btf);
        }
        Path pin = directory.resolve(spec.name());
        if (Files.exists(pin)) {
            return BpfMap.openPinned(bpf, pin, spec);
        }
        BpfMap map = BpfMap.create(bpf, spec, btf);
        try {
            map.pin(pin);
        } catch (SyscallException e) {
            map.close();
            throw e;
        }
        return map;
    }

    /** Puts maps and programs into the slots that the object names them for. */
    private void refer(MapSpec spec) throws IOException {
        try (MapSlot slot = map(spec.name()).slot();
                HeldFds held = new HeldFds()) {
            for (Map.Entry<Integer, String> reference : spec.references().entrySet()) {
                BpfMap inner = allMaps().get(reference.getValue());
                int fd = held.number(
                        inner != null
                                ? inner.fd()
                                : program(reference.getValue()).fd());
                slot.key().set(ValueLayout.JAVA_INT, 0, reference.getKey());
                slot.value().set(ValueLayout.JAVA_INT, 0, fd);
                int result = slot.update(MapSlot.ANY);
                if (result < 0) {
                    throw Bpf.failure(BpfCommand.BPF_MAP_UPDATE_ELEM, result);
                }
            }
        }
    }

    /** Returns a map by its name in the object. */
    public BpfMap map(String name) {
        BpfMap own = maps.get(name);
        BpfMap map = own == null ? borrowed.get(name) : own;
        if (map == null) {
            throw new NoSuchElementException("the object has no map " + name);
        }
        return map;
    }

    /** Returns a program by its function's name. */
    public Program program(String name) {
        Program program = programs.get(name);
        if (program == null) {
            throw new NoSuchElementException("the object has no program " + name);
        }
        return program;
    }

    /** Returns the programs by name, in the object's order. */
    public Map<String, Program> programs() {
        return Map.copyOf(programs);
    }

    /** Returns what this kernel made the object do without, as a sentence to log once. */
    public Optional<String> degraded() {
        return Optional.ofNullable(degraded);
    }

    private Map<String, BpfMap> allMaps() {
        Map<String, BpfMap> all = new LinkedHashMap<>(maps);
        all.putAll(borrowed);
        return all;
    }

    /** Closes programs, then maps; not those that were handed in. */
    @Override
    public void close() {
        programs.values().forEach(Program::close);
        maps.values().forEach(BpfMap::close);
    }
}
