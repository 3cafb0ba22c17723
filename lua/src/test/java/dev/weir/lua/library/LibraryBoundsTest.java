package dev.weir.lua.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.lua.LuaError;
import dev.weir.lua.LuaLimits;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaStreams;
import dev.weir.lua.LuaString;
import dev.weir.lua.Values;
import dev.weir.lua.standard.StandardLua;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script can make long or large through a library has the bounds of its world. */
class LibraryBoundsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    private LuaState world(LuaLimits limits) {
        return StandardLua.open(new LuaStreams(new ByteArrayInputStream(new byte[0]), out, out), limits);
    }

    private static @Nullable Object run(LuaState state, String text) {
        return Values.first(state.call(state.load(text, "=script")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return ('a'):rep(40):find(('a?'):rep(40) .. ('a'):rep(39) .. 'b')",
                "return ('a'):rep(30000):find('.-.-.-.-b')",
                "for _ in ('a'):rep(30000):gmatch('.-.-.-.-b') do end",
                "return ('a'):rep(30000):gsub('.-.-.-.-b', '')",
                "return table.move({}, 1, 1e9, 2)",
                "local t = {} table.insert(t, -1e9, 1)",
                "table.sort(setmetatable({3, 2, 1}, nil), function() while true do end end)"
            })
    void workOfLibrariesCountsAsInstructions(String script) {
        try (LuaState state = world(LuaLimits.GENEROUS.withInstructions(3_000_000))) {
            assertThatThrownBy(() -> run(state, script))
                    .isInstanceOf(LuaError.class)
                    .hasMessageContaining("instruction budget exceeded");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return ('x'):rep(1001)",
                "return ('x'):rep(500, '--')",
                "return ('%99d'):rep(11, ''):format(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)",
                "return ('x'):rep(600):gsub('x', 'yy')",
                "local t = {} for i = 1, 300 do t[i] = 'four' end return table.concat(t)",
                "return os.date(('%c'):rep(100))"
            })
    void aStringHasABound(String script) {
        try (LuaState state = world(LuaLimits.GENEROUS.withMaxStringOctets(1000))) {
            assertThatThrownBy(() -> run(state, script))
                    .isInstanceOf(LuaError.class)
                    .hasMessage("not enough memory");
            assertThat(run(state, "return #('x'):rep(1000)")).isEqualTo(1000.0);
        }
    }

    @Test
    void readingHasTheBoundOfAString() throws Exception {
        Path file = Files.write(directory.resolve("large"), new byte[5000]);
        try (LuaState state = world(LuaLimits.GENEROUS.withMaxStringOctets(1000))) {
            state.globals().put("file", LuaString.of(file.toString()));
            assertThatThrownBy(() -> run(state, "return io.open(file):read('*a')"))
                    .hasMessage("not enough memory");
            assertThatThrownBy(() -> run(state, "return io.open(file):read('*l')"))
                    .hasMessage("not enough memory");
            assertThat(run(state, "return #io.open(file):read(900)")).isEqualTo(900.0);
        }
    }

    /** The status is the program's, whatever the script has around the call. */
    @Test
    void exitPassesByPcall() {
        try (LuaState state = world(LuaLimits.GENEROUS)) {
            assertThatThrownBy(() -> run(state, "pcall(pcall, os.exit, 7)"))
                    .isInstanceOfSatisfying(
                            ScriptExit.class, exit -> assertThat(exit.status()).isEqualTo(7));
            assertThatThrownBy(() -> run(state, "coroutine.wrap(function() os.exit(false) end)()"))
                    .isInstanceOfSatisfying(
                            ScriptExit.class, exit -> assertThat(exit.status()).isEqualTo(1));
            assertThat(run(state, "return 'alive'")).hasToString("alive");
        }
    }

    @Test
    void printAndWriteShareTheirOrder() {
        try (LuaState state = world(LuaLimits.GENEROUS)) {
            run(
                    state,
                    "io.write('a') print('b') io.stdout:write('c') io.stderr:write('d') os.execute('echo e') print('f')");
            IoLibrary.flushAll(state);
            assertThat(out.toString(StandardCharsets.ISO_8859_1)).isEqualTo("ab\ncde\nf\n");
        }
    }

    @Test
    void whatAFileStillHoldsIsWrittenAtTheEnd() throws Exception {
        Path file = directory.resolve("held");
        try (LuaState state = world(LuaLimits.GENEROUS)) {
            state.globals().put("file", LuaString.of(file.toString()));
            run(state, "held = io.open(file, 'w') held:write('text')");
            assertThat(Files.size(file)).isZero();
            IoLibrary.flushAll(state);
            assertThat(file).hasContent("text");
        }
    }

    @Test
    void worldsHaveGeneratorsAndDefaultFilesOfTheirOwn() {
        try (LuaState one = world(LuaLimits.GENEROUS);
                LuaState other = world(LuaLimits.GENEROUS)) {
            run(one, "math.randomseed(1) io.output(io.stderr)");
            run(other, "math.randomseed(1)");
            Object first = run(one, "return math.random()");
            run(one, "return math.random()");
            assertThat(run(other, "return math.random()")).isEqualTo(first);
            assertThat(run(other, "return io.output() == io.stdout")).isEqualTo(true);
        }
    }
}
