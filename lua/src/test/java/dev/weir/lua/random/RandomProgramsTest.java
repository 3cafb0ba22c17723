package dev.weir.lua.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.lua.LuaLimits;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaStreams;
import dev.weir.lua.standard.LuaCommand;
import dev.weir.lua.standard.StandardLua;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares what random programs return, or the error they raise, with Debian's {@code luajit}: 2,000 programs, or as many as the property
 * {@code lua.random.programs} says. Each batch is one file, so that {@code luajit} is started seldom. A failure shows the program.
 */
class RandomProgramsTest {
    private static final int PROGRAMS = Integer.getInteger("lua.random.programs", 2_000);
    private static final long SEED = Long.getLong("lua.random.seed", 1);
    private static final int BATCH = 500;
    private static final long STACK_OCTETS = 64L << 20;

    /** Runs a chunk and prints what it returns: tables by their few known keys, functions by their type. */
    private static final String PRELUDE = """
            local function text(value, depth)
              if type(value) == "string" then return ("%q"):format(value) end
              if type(value) == "table" and depth < 2 then
                return "{" .. text(value[1], depth + 1) .. "," .. text(value[2], depth + 1) .. "," .. text(value.n, depth + 1) .. "," .. text(value.k, depth + 1) .. "}"
              end
              if type(value) == "number" or type(value) == "boolean" or value == nil then return tostring(value) end
              return type(value)
            end
            local function show(number, ...)
              local texts = {}
              for i = 1, select("#", ...) do texts[i] = text((select(i, ...)), 0) end
              print(number .. ": " .. table.concat(texts, " "):gsub("0x%x+", "0x?"):gsub("builtin#%d+", "builtin"))
            end
            local function run(number, source)
              local chunk, message = loadstring(source, "=program")
              if chunk then show(number, pcall(chunk)) else show(number, message) end
              x, unknown = nil, nil
            end
            """;

    @TempDir
    private Path directory;

    @Test
    void returnWhatTheyReturnInLuaJit() throws IOException, InterruptedException {
        assumeTrue(isInstalled(), "no luajit: apt-get install luajit");
        for (int first = 0; first < PROGRAMS; first += BATCH) {
            int count = Math.min(BATCH, PROGRAMS - first);
            Path batch = directory.resolve("batch.lua");
            StringBuilder source = new StringBuilder(PRELUDE);
            for (int i = 0; i < count; i++) {
                source.append("run(")
                        .append(i)
                        .append(", [==[\n")
                        .append(program(first + i))
                        .append("]==])\n");
            }
            Files.writeString(batch, source);
            compare(first, runHere(batch), runThere(batch));
        }
    }

    private static String program(int number) {
        return new RandomProgram(SEED * 1_000_003 + number).write();
    }

    private static void compare(int first, List<String> here, List<String> there) {
        for (int i = 0; i < there.size(); i++) {
            String got = i < here.size() ? here.get(i) : "nothing";
            int colon = there.get(i).indexOf(':');
            String number = colon < 0 ? "0" : there.get(i).substring(0, colon);
            assertThat(got)
                    .as(() -> "program " + number + " of the batch from " + first + ":\n" + source(first, number))
                    .isEqualTo(there.get(i));
        }
        assertThat(here).hasSameSizeAs(there);
    }

    private static String source(int first, String number) {
        return number.chars().allMatch(Character::isDigit) ? program(first + Integer.parseInt(number)) : "";
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("luajit", "-v").start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private List<String> runThere(Path batch) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder("luajit", batch.toString())
                .redirectOutput(out.toFile())
                .redirectErrorStream(true)
                .start();
        process.waitFor();
        return lines(Files.readAllBytes(out));
    }

    private static List<String> runHere(Path batch) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Thread thread = new Thread(null, () -> run(batch, out), "lua", STACK_OCTETS);
        thread.start();
        thread.join();
        return lines(out.toByteArray());
    }

    private static void run(Path batch, ByteArrayOutputStream out) {
        LuaStreams streams = new LuaStreams(new ByteArrayInputStream(new byte[0]), out, out);
        try (LuaState state = StandardLua.open(streams, LuaLimits.GENEROUS)) {
            new LuaCommand(state, "luajit", null).run(List.of(batch.toString()));
        }
    }

    /** Lines that begin with a number; a string with a line end in it makes two of one. */
    private static List<String> lines(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1).lines().toList();
    }
}
