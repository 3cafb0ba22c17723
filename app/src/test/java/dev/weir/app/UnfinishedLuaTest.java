package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After which lines does a console ask for more? */
class UnfinishedLuaTest {
    private final UnfinishedLua unfinished = new UnfinishedLua();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "function f(dq)",
                "function f(dq)\n  return DNSAction.None, \"\"",
                "addAction(",
                "newServer{",
                "{1, 2,",
                "x = [[",
                "x = [==[ ]] ",
                "--[[ a comment",
                "if x then",
                "for i = 1, 2 do",
                "addAction(AllRule(), LuaAction(function(dq)",
                "1 +",
                "x ="
            })
    void theseNeedMore(String typed) {
        assertThat(unfinished.test(typed)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "?",
                "help",
                "quit",
                "showServers()",
                "x = 1",
                "{1, 2}",
                "'text'",
                "1 + 1",
                "newServer{\n  address='192.0.2.1'\n}",
                "function f() return 1 end",
                "function(x) return x end",
                "x = 'open",
                "x = )",
                "foo bar(",
                "x = [[a\nb]]",
                "-- a comment",
                "return",
                "\"\\xff\""
            })
    void theseRunOrAreWrongAsTheyAre(String typed) {
        assertThat(unfinished.test(typed)).isFalse();
    }
}
