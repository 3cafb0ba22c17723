package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What do scripts get that ask for something that is not there? */
class AbsentObjectsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "getServer(42)",
                "getServer(-1)",
                "getServer('6bf8a2e7-9b0a-4d3e-8d9a-0d2f9f8c7e6f')",
                "getBind(99)",
                "getDNSCryptBind(0)",
                "getDOHFrontend(0)",
                "getDOH3Frontend(0)",
                "getDOQFrontend(0)",
                "getTLSFrontend(0)",
                "getTLSFrontend('192.0.2.1:853')",
                "getRule(3)"
            })
    void isNil(String call) {
        assertThat(new World().ask("tostring(" + call + " == nil)")).isEqualTo("true\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "getDNSCryptBindCount()",
                "getDOHFrontendCount()",
                "getDOH3FrontendCount()",
                "getDOQFrontendCount()",
                "getTLSFrontendCount()"
            })
    void thereAreNone(String call) {
        assertThat(new World().ask(call)).isEqualTo("0\n");
    }

    @Test
    void aPoolWithoutACacheHasAnEmptyOne() {
        World world = new World();
        assertThat(world.ask("'[' .. getPool(''):getCache():toString() .. ']'")).isEqualTo("[]\n");
        assertThat(world.ask("tostring(getPool(''):getCache():isFull())")).isEqualTo("false\n");
        assertThat(world.ask("next(getPool(''):getCache():getStats())")).isEmpty();
        assertThat(world.ask("getPool(''):getCache():printStats()")).isEmpty();
        assertThat(world.ask("getPool(''):getCache():expungeByName('a.')")).isEmpty();
        assertThat(world.ask("getPool('b'):setCache(getPool(''):getCache())")).isEmpty();
        assertThat(world.ask("getPool('b'):getCache():toString()")).isEqualTo("\n");
        assertThat(world.ask("getPool(''):setCache(newPacketCache(100)) return getPool(''):getCache():toString()"))
                .isEqualTo("0/100\n");
    }

    /** As with dnsdist: a script that asks for a value gets that and nothing else. */
    @Test
    void whatALineReturnsStandsForWhatItPrinted() {
        World world = new World().with("");
        assertThat(world.ask("show('printed') return 'returned'")).isEqualTo("returned\n");
        assertThat(world.ask("show('printed')")).isEqualTo("printed\n");
    }

    /** The rest of a function is executed. */
    @Test
    void removingARuleThatIsNotThereGoesOn() {
        World world = new World().with("");
        assertThat(world.ask("rmRule(7) reached = 1")).isEqualTo("Error: rmRule: there is no rule '7'\n");
        assertThat(world.ask("reached")).isEqualTo("1\n");
    }
}
