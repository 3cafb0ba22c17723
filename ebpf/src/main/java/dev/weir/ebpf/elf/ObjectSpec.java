package dev.weir.ebpf.elf;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.parse.Parsed;
import dev.weir.ebpf.prog.ProgramSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything an object file says: maps and programs before they exist. Immutable, and made without the kernel; the same bytes always give
 * the same spec. {@link dev.weir.ebpf.BpfObject#load} brings it to life.
 *
 * @param license what the object's {@code license} section says, empty without one
 * @param btf the object's types, completed with what clang leaves to the loader; null without BTF
 * @param settings which settings of the kernel's build the map {@code .kconfig} is to hold when it is loaded
 */
public record ObjectSpec(
        String license,
        @Nullable Btf btf,
        List<MapSpec> maps,
        List<ProgramSpec> programs,
        List<KernelSetting> settings) {
    public ObjectSpec {
        maps = List.copyOf(maps);
        programs = List.copyOf(programs);
        settings = List.copyOf(settings);
    }

    /** Parses an object file as clang writes it. Never throws, whatever the bytes. */
    public static Parsed<ObjectSpec> parse(byte[] file) {
        return Parsed.of(() -> new ObjectParser(ElfFile.parse(file)).parse());
    }

    /** Reads and parses an object file. */
    public static ObjectSpec read(Path file) throws IOException {
        return switch (parse(Files.readAllBytes(file))) {
            case Parsed.Ok<ObjectSpec> ok -> ok.value();
            case Parsed.Bad<ObjectSpec> bad -> throw new IOException(file + ": " + bad.fault());
        };
    }

    /** Returns a map by its name. */
    public MapSpec map(String name) {
        return maps.stream()
                .filter(map -> map.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("the object has no map " + name));
    }

    /** Returns a program by its function's name. */
    public ProgramSpec program(String name) {
        return programs.stream()
                .filter(program -> program.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("the object has no program " + name));
    }

    /** Returns the same with one map changed, as in {@code spec.withMap("blocked", m -> m.withMaxEntries(1000))}. */
    public ObjectSpec withMap(String name, UnaryOperator<MapSpec> change) {
        map(name);
        return new ObjectSpec(
                license,
                btf,
                maps.stream()
                        .map(map -> map.name().equals(name) ? change.apply(map) : map)
                        .toList(),
                programs,
                settings);
    }

    /** Returns the same with one program changed. */
    public ObjectSpec withProgram(String name, UnaryOperator<ProgramSpec> change) {
        program(name);
        return new ObjectSpec(
                license,
                btf,
                maps,
                programs.stream()
                        .map(program -> program.name().equals(name) ? change.apply(program) : program)
                        .toList(),
                settings);
    }

    /** Returns the same with only these programs; slots of maps that the others were to fill stay empty. */
    public ObjectSpec withOnly(String... names) {
        for (String name : names) {
            program(name);
        }
        List<String> kept = Arrays.asList(names);
        List<String> dropped = programs.stream()
                .map(ProgramSpec::name)
                .filter(name -> !kept.contains(name))
                .toList();
        return new ObjectSpec(
                license,
                btf,
                maps.stream().map(map -> without(map, dropped)).toList(),
                programs.stream()
                        .filter(program -> kept.contains(program.name()))
                        .toList(),
                settings);
    }

    private static MapSpec without(MapSpec map, List<String> dropped) {
        Map<Integer, String> left = new HashMap<>(map.references());
        return left.values().removeIf(dropped::contains) ? map.withReferences(left) : map;
    }

    /**
     * Returns the same with other values for global variables, {@code const volatile} ones above all: the verifier then sees them as
     * constants and drops the branches they rule out. Settings of the kernel's build are such variables as well: a value given here stands in
     * place of the running kernel's.
     *
     * @param values by variable: a Number or Boolean for integers, a byte[] of the variable's size for anything
     * @throws IllegalArgumentException for a variable that is not there, or a value that does not fit
     */
    public ObjectSpec withVariables(Map<String, ?> values) {
        if (btf == null) {
            throw new IllegalArgumentException("variables are found by BTF, which the object lacks (clang -g)");
        }
        List<KernelSetting> left = settings.stream()
                .filter(setting -> !values.containsKey(setting.name()))
                .toList();
        return new ObjectSpec(license, btf, Variables.rewrite(btf, maps, values), programs, left);
    }
}
