package dev.weir.lua.ffi;

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
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions of C that are written in Java, the pointers they get and give, and what a script may not do with memory. */
class ForeignFunctionTest {
    private static final String DECLARATIONS = """
            typedef struct packet packet_t;
            int add(int a, int b);
            uint64_t wide(uint64_t value);
            double half(double value);
            bool is_long(const char *text);
            const char *name_of(const packet_t *packet);
            void size_of(const packet_t *packet, const char **out, size_t *length);
            int fill(uint8_t *buffer, size_t size);
            int call_back(int (*f)(int), int value);
            void nothing(void);
            int missing(void);
            """;

    /** An object of the embedding program. */
    private record Packet(String name) {}

    private final LuaState state = world(false);

    private static LuaState world(boolean nativeAccess) {
        LuaStreams streams = new LuaStreams(
                new ByteArrayInputStream(new byte[0]),
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream());
        LuaState state = StandardLua.open(streams, LuaLimits.GENEROUS, nativeAccess);
        FfiLibrary ffi = FfiLibrary.of(state)
                .declare(DECLARATIONS)
                .register("add", (world, arguments) -> arguments.integer(0) + arguments.integer(1))
                .register("wide", (world, arguments) -> arguments.integer(0) + 1)
                .register("half", (world, arguments) -> arguments.number(0) / 2)
                .register("is_long", (world, arguments) -> {
                    LuaString text = arguments.string(0);
                    return text != null && text.length() > 5;
                })
                .register(
                        "name_of",
                        (world, arguments) -> LuaString.of(packet(arguments).name()))
                .register("size_of", (world, arguments) -> {
                    byte[] name = packet(arguments).name().getBytes(StandardCharsets.UTF_8);
                    arguments.storePointer(1, CPointer.toCopy(name));
                    arguments.storeInteger(2, 8, name.length);
                    return null;
                })
                .register("fill", (world, arguments) -> {
                    for (int i = 0; i < arguments.integer(1); i++) {
                        arguments.storeInteger(0, 1, 'x');
                    }
                    return arguments.octets(0, arguments.integer(1)).length;
                })
                .register(
                        "call_back", (world, arguments) -> arguments.pointer(0).object() != null)
                .register("nothing", (world, arguments) -> null);
        state.globals().put("packet", ffi.pointer("packet_t *", CPointer.toObject(new Packet("example"))));
        return state;
    }

    private static Packet packet(ForeignArguments arguments) {
        return arguments.pointer(0).object() instanceof Packet packet ? packet : new Packet("nobody");
    }

    @AfterEach
    void close() {
        state.close();
    }

    private @Nullable Object run(String text) {
        return Values.first(state.call(state.load("local ffi = require('ffi') " + text, "=script")));
    }

    private String text(String expression) {
        return String.valueOf(run("return tostring(" + expression + ")"));
    }

    @Test
    void argumentsAndResultsAreConverted() {
        assertThat(text("ffi.C.add(2, 3.9)")).isEqualTo("5");
        assertThat(text("ffi.C.wide(18446744073709551614ULL)")).isEqualTo("18446744073709551615ULL");
        assertThat(text("ffi.C.half(5)")).isEqualTo("2.5");
        assertThat(text("ffi.C.is_long('short')")).isEqualTo("false");
        assertThat(text("ffi.C.is_long('long enough')")).isEqualTo("true");
        assertThat(text("ffi.C.is_long(nil)")).isEqualTo("false");
        assertThat(text("select('#', ffi.C.nothing())")).isEqualTo("0");
    }

    @Test
    void anEmbeddersObjectComesBackAsItself() {
        assertThat(text("ffi.string(ffi.C.name_of(packet))")).isEqualTo("example");
        assertThat(text("ffi.string(ffi.C.name_of(ffi.new('packet_t *')))")).isEqualTo("nobody");
        assertThat(text("packet ~= nil")).isEqualTo("true");
        assertThatThrownBy(() -> run("return packet[0]")).isInstanceOf(LuaError.class);
        assertThatThrownBy(() -> run("return packet.name")).isInstanceOf(LuaError.class);
    }

    @Test
    void functionsReturnThroughPointers() {
        String script = """
                local out, length = ffi.new('const char *[1]'), ffi.new('size_t[1]')
                ffi.C.size_of(packet, out, length)
                collectgarbage()
                return ffi.string(out[0], length[0])
                """;
        assertThat(run(script)).hasToString("example");
        assertThat(run("local b = ffi.new('uint8_t[4]') return ffi.C.fill(b, 4)"))
                .isEqualTo(4.0);
        assertThatThrownBy(() -> run("ffi.C.fill(ffi.new('uint8_t[4]'), 5)")).hasMessageContaining("out of bounds");
    }

    @Test
    void wrongCallsAreErrorsOfTheScript() {
        assertThatThrownBy(() -> run("ffi.C.add(1)"))
                .hasMessage("script:1: wrong number of arguments for function call");
        assertThatThrownBy(() -> run("ffi.C.add(1, 'x')")).hasMessageContaining("cannot convert 'string' to 'int'");
        assertThatThrownBy(() -> run("ffi.C.name_of(5)"))
                .hasMessageContaining("cannot convert 'number' to 'const struct packet *'");
        assertThatThrownBy(() -> run("ffi.C.name_of(ffi.new('int[1]'))"))
                .hasMessageContaining("cannot convert 'int [1]'");
        assertThatThrownBy(() -> run("ffi.C.missing()")).hasMessage("script:1: undefined symbol: missing");
        assertThatThrownBy(() -> run("ffi.C.undeclared()"))
                .hasMessageContaining("missing declaration for symbol 'undeclared'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return ffi.new('int[3]')[3]",
                "return ffi.new('int[3]')[-1]",
                "ffi.new('int[3]')[1e9] = 1",
                "return (ffi.new('int[3]') + 3)[0]",
                "return ffi.new('int *')[0]",
                "return ffi.cast('int *', 4096)[0]",
                "return ffi.cast('int *', -1)[0]",
                "ffi.cast('int *', 2^50)[0] = 1",
                "return ffi.cast('int64_t *', ffi.new('char[4]'))[0]",
                "return ffi.string(ffi.new('char[2]'), 3)",
                "return ffi.string(ffi.cast('char *', 8))",
                "ffi.copy(ffi.new('char[2]'), 'abc')",
                "ffi.copy(ffi.new('char[4]'), ffi.new('char[2]'), 4)",
                "ffi.copy(ffi.new('char[4]'), 'x', -1)",
                "ffi.fill(ffi.new('char[4]'), 5)",
                "ffi.fill(ffi.new('char[4]'), 2^31)",
                "return ffi.cast('struct { int x; } *', ffi.new('char[2]')).x",
                "local p = ffi.new('char[2]') p = ffi.cast('intptr_t', p) + 100 return ffi.cast('char *', p)[0]",
                "return ffi.cast('int (*)(void)', 8)()",
                "return ffi.new('int[?]', 2^40)",
                "return ffi.new('int[1048576][1048576]')",
                "return ffi.new('struct { char a[2147483647]; }')"
            })
    void aMistakeWithMemoryIsAnError(String script) {
        assertThatThrownBy(() -> run(script)).isInstanceOf(LuaError.class);
        try (LuaState trusted = world(true)) {
            assertThatThrownBy(() -> trusted.call(trusted.load("local ffi = require('ffi') " + script, "=script")))
                    .isInstanceOf(LuaError.class);
        }
    }

    /** One switch of the world: without it there is no function of libc, even if declared. */
    @Test
    void nativeFunctionsNeedAPermission() {
        String script =
                "local ffi = require('ffi') ffi.cdef('size_t strlen(const char *);') return tonumber(ffi.C.strlen('four'))";
        assertThatThrownBy(() -> state.call(state.load(script, "=script")))
                .hasMessageContaining("undefined symbol: strlen");
        try (LuaState trusted = world(true)) {
            assertThat(Values.first(trusted.call(trusted.load(script, "=script"))))
                    .isEqualTo(4.0);
        }
    }

    /** A pointer that was stored keeps what it points to; one that was only a number does not. */
    @Test
    void storedPointersKeepTheirTargets() {
        String script = """
                ffi.cdef('typedef struct item { int value; struct item *next; } item_t;')
                local head = ffi.new('item_t')
                local at = head
                for i = 1, 100 do
                  local item = ffi.new('item_t', i)
                  at.next = item
                  at = at.next
                end
                for i = 1, 3 do collectgarbage() end
                local sum, walk = 0, head.next
                while walk ~= nil do sum = sum + walk.value walk = walk.next end
                return sum
                """;
        assertThat(run(script)).isEqualTo(5050.0);
    }
}
