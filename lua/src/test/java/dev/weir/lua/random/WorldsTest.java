package dev.weir.lua.random;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaLimits;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaStreams;
import dev.weir.lua.LuaString;
import dev.weir.lua.standard.StandardLua;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Worlds of one process share nothing: each is as if it were alone, whatever others do at the same time. */
@Timeout(300)
class WorldsTest {
    private static final int WORLDS = 4;
    private static final int PROGRAMS = Integer.getInteger("lua.worlds.programs", 400);

    /** Uses what a careless implementation keeps for the process: metatables of types, loaded modules, seeds, declarations, hooks. */
    private static final String STATEFUL = """
            local world = ...
            getmetatable("").__index = function(text, key) return (string[key]) or (key .. world) end
            package.loaded.mine = world
            math.randomseed(world)
            local drawn = {}
            for i = 1, 20 do drawn[i] = math.random(1, 1000000) end
            local ffi = require "ffi"
            ffi.cdef("struct of_world { int filler[" .. world .. "]; };")
            string.mark = (string.mark or 0) + 1
            local traced = 0
            debug.sethook(function() traced = traced + 1 end, "l")
            local sum = 0
            for i = 1, 200 do
              sum = sum + i
            end
            debug.sethook()
            local steps = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i * world) end end)
            return table.concat({("x").field, require "mine", table.concat(drawn, ","), ffi.sizeof("struct of_world"), string.mark,
              tostring(traced > 0), sum, steps(), steps(), steps(), tostring(_G.leaked), #tostring(ffi.new("int64_t", world))}, " ")
            """;

    /** The text of what a program gives, or of its error; addresses of objects left out. */
    private static final String RUN = """
            local chunk, message = loadstring((...), "=program")
            local function text(...)
              local texts = {}
              for i = 1, select("#", ...) do texts[i] = tostring((select(i, ...))):gsub("0x%x+", "?") end
              return table.concat(texts, " ")
            end
            local result = chunk and text(pcall(chunk)) or message
            x, unknown = nil, nil
            return result
            """;

    private static LuaState open() {
        return StandardLua.open(
                new LuaStreams(
                        new ByteArrayInputStream(new byte[0]),
                        OutputStream.nullOutputStream(),
                        OutputStream.nullOutputStream()),
                LuaLimits.GENEROUS);
    }

    private static String stateful(int world) {
        try (LuaState state = open()) {
            state.globals().put("leaked", LuaString.of("in " + world));
            return String.valueOf(state.call(state.load(STATEFUL, "=stateful"), (double) world));
        }
    }

    /** What a random program gives in a world that has run others before it. */
    private static List<String> programs(int seed) {
        List<String> results = new ArrayList<>();
        try (LuaState state = open()) {
            LuaFunction run = state.load(RUN, "=run");
            for (int i = 0; i < PROGRAMS; i++) {
                String source = new RandomProgram(seed * 7919L + i).write();
                results.add(String.valueOf(state.call(run, LuaString.of(source))));
            }
        }
        return results;
    }

    private static <T> List<T> together(List<Callable<T>> works) throws Exception {
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(runnable -> new Thread(null, runnable, "world", 16L << 20))) {
            CyclicBarrier start = new CyclicBarrier(works.size());
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> work : works) {
                running.add(threads.submit(() -> {
                    start.await();
                    return work.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get());
            }
            return results;
        }
    }

    @Test
    void programsGiveWhatTheyGiveAlone() throws Exception {
        List<List<String>> alone = new ArrayList<>();
        List<Callable<List<String>>> works = new ArrayList<>();
        for (int i = 0; i < WORLDS; i++) {
            int seed = i;
            alone.addAll(together(List.of(() -> programs(seed))));
            works.add(() -> programs(seed));
        }
        assertThat(together(works)).isEqualTo(alone);
    }

    @Test
    void whatAWorldKeepsIsItsOwn() throws Exception {
        for (int round = 0; round < 20; round++) {
            List<Callable<String>> works = new ArrayList<>();
            List<String> alone = new ArrayList<>();
            for (int i = 1; i <= WORLDS; i++) {
                int world = i + round;
                alone.add(stateful(world));
                works.add(() -> stateful(world));
            }
            assertThat(together(works)).isEqualTo(alone).doesNotHaveDuplicates();
        }
    }

    /** Nothing that a class keeps for the process can be set again. */
    @Test
    void noClassHasAFieldForAllWorldsThatChanges() throws Exception {
        List<String> changing = new ArrayList<>();
        int classes = 0;
        for (String name : classes()) {
            classes++;
            for (Field field :
                    Class.forName(name, false, LuaState.class.getClassLoader()).getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (Modifier.isStatic(modifiers) && !Modifier.isFinal(modifiers) && !field.isSynthetic()) {
                    changing.add(field.toString());
                }
            }
        }
        assertThat(classes).isGreaterThan(100);
        assertThat(changing).isEmpty();
    }

    private static List<String> classes() throws URISyntaxException, java.io.IOException {
        URI place = LuaState.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        Path root = Path.of(place);
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
    }
}
