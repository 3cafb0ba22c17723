package dev.weir.lua.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.lua.LuaLimits;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaStreams;
import dev.weir.lua.compile.BytecodeCompiler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs each script of the corpus here and in Debian's {@code luajit}, and compares what they print, what they complain
 * about and how they end, octet for octet. Only addresses of objects are blotted out.
 */
class OracleTest {
    private static final long STACK_OCTETS = 256L << 20;
    private static final String ORACLE = "luajit";

    /** What a run leaves. */
    private record Outcome(String printed, String complained, int status) {}

    @TestFactory
    Stream<DynamicTest> scriptsDoWhatLuaJitDoes() throws IOException, URISyntaxException {
        return compare(BytecodeCompiler::new);
    }

    /** Every function and every loop becomes code at once; only locals can then not be told to {@code debug}. */
    @TestFactory
    Stream<DynamicTest> scriptsDoTheSameAsCode() throws IOException, URISyntaxException {
        return compare(() -> new BytecodeCompiler(1, 1));
    }

    private static Stream<DynamicTest> compare(Supplier<BytecodeCompiler> compiler)
            throws IOException, URISyntaxException {
        assumeTrue(isInstalled(), "no luajit: apt-get install luajit");
        URL resource = Objects.requireNonNull(OracleTest.class.getResource("/corpus"));
        Path corpus = Path.of(resource.toURI());
        boolean atOnce = compiler.get().hotCalls() == 1;
        List<Path> scripts;
        try (Stream<Path> files = Files.walk(corpus)) {
            scripts = files.filter(file -> file.toString().endsWith(".lua"))
                    .filter(file -> !file.getFileName().toString().startsWith("_"))
                    .filter(file -> !(atOnce && file.endsWith("debug/locals.lua")))
                    .sorted()
                    .toList();
        }
        assertThat(scripts).hasSizeGreaterThan(120);
        return scripts.stream()
                .map(script -> DynamicTest.dynamicTest(
                        corpus.relativize(script).toString(), () -> compare(script, compiler.get())));
    }

    private static boolean isInstalled() {
        try {
            return new ProcessBuilder(ORACLE, "-v").start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void compare(Path script, BytecodeCompiler compiler) throws IOException, InterruptedException {
        Outcome expected = runThere(script);
        Outcome got = runHere(script, compiler);
        assertThat(got).isEqualTo(expected);
    }

    private static Outcome runThere(Path script) throws IOException, InterruptedException {
        Path out = Files.createTempFile("oracle", ".out");
        Path err = Files.createTempFile("oracle", ".err");
        try {
            Process process = new ProcessBuilder(ORACLE, script.toString())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            int status = process.waitFor();
            return new Outcome(text(Files.readAllBytes(out)), text(Files.readAllBytes(err)), status);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static Outcome runHere(Path script, BytecodeCompiler compiler) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int[] status = {-1};
        Thread thread = new Thread(null, () -> status[0] = run(script, out, err, compiler), "lua", STACK_OCTETS);
        thread.start();
        thread.join();
        return new Outcome(text(out.toByteArray()), text(err.toByteArray()), status[0]);
    }

    private static int run(Path script, OutputStream out, OutputStream err, BytecodeCompiler compiler) {
        LuaStreams streams = new LuaStreams(new ByteArrayInputStream(new byte[0]), out, err);
        try (LuaState state = StandardLua.open(streams, LuaLimits.GENEROUS, true, compiler)) {
            return new LuaCommand(state, ORACLE, null).run(List.of(script.toString()));
        }
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1).replaceAll("0x[0-9a-f]{6,16}", "0x?");
    }
}
