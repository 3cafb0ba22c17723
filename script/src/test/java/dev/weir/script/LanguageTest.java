package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Does Lua code written for LuaJIT mean the same here? */
class LanguageTest {
    @ParameterizedTest
    @CsvSource(delimiterString = "~", quoteCharacter = '`', textBlock = """
            string.format("%5.2f|%d|%x|%s|%q", 3.14159, 42, 255, "a", 'b"c') ~ ` 3.14|42|ff|a|"b\\"c"`
            string.format("%-5s|%5s|%.2s", "ab", "cd", "efg")               ~ `ab   |   cd|ef`
            string.format("%g %g %g", 0.1, 1e20, 100000)                     ~ `0.1 1e+20 100000`
            string.format("%05d %+d %3d", 42, 5, 7)                          ~ `00042 +5   7`
            unpack({7, 8, 9})                                                ~ 7
            select('#', unpack({1, 2, 3}))                                   ~ 3
            loadstring("return 1 + 1")()                                     ~ 2
            table.getn({1, 2, 3})                                            ~ 3
            math.pow(2, 10)                                                  ~ 1024
            math.floor(-3.5)                                                 ~ -4
            bit.band(0xff, 0x0f)                                             ~ 15
            bit.bor(1, 6)                                                    ~ 7
            bit.bxor(5, 1)                                                   ~ 4
            bit.lshift(1, 4)                                                 ~ 16
            bit.rshift(-1, 28)                                               ~ 15
            bit.bnot(0)                                                      ~ -1
            bit.tohex(255)                                                   ~ 000000ff
            ("a,b,c"):gsub(",", "-")                                         ~ a-b-c
            ("hello world"):match("^(%w+)")                                  ~ hello
            ("x"):rep(3)                                                     ~ xxx
            ("abc"):byte(2)                                                  ~ 98
            (("one two"):find("two"))                                        ~ 5
            string.lower("ABC")                                              ~ abc
            tostring(1/2)                                                    ~ 0.5
            7 % 3                                                            ~ 1
            -7 % 3                                                           ~ 2
            10 / 2                                                           ~ 5
            2^53                                                             ~ 9.007199254741e+15
            #"abc"                                                           ~ 3
            type(os.time())                                                  ~ number
            type(io.open)                                                    ~ function
            type(coroutine.wrap)                                             ~ function
            type(debug.traceback)                                            ~ function
            _VERSION                                                         ~ Lua 5.1
            setfenv(function() return x end, {x = 9})()                      ~ 9
            getfenv(function() return x end) == _G and 1                     ~ 1
            tostring(newDNSName("A.b") == newDNSName("a.B."))                ~ true
            tostring(newCA("192.0.2.1:5") == newCA("192.0.2.1:5"))           ~ true
            tostring(newCA("192.0.2.1:5"))                                   ~ 192.0.2.1
            tostring(roundrobin)                                             ~ `ServerPolicy "roundrobin"`
            select(2, pcall(error, "x"))                                     ~ x
            """)
    void expression(String expression, String result) {
        assertThat(new World().ask(expression)).isEqualTo(result + "\n");
    }

    /** Configurations put it into their log lines. */
    @Test
    void messagesOfCaughtErrorsAreOneLineThatNamesThePlace() {
        World world = new World();
        assertThat(world.load("\nok, message = pcall(function() local x return x + 1 end)")
                        .error())
                .isNull();
        assertThat(world.ask("message")).matches("test\\.lua:2: attempt to perform arithmetic .*\n");
    }
}
