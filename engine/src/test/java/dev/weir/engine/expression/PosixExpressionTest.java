package dev.weir.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Does RegexRule match which names it matches in Debian's dnsdist 1.7.3, which was asked for each line here? */
class PosixExpressionTest {
    /** Without the final dot, as rules see them. */
    private static final List<String> NAMES = List.of(
            "ad12.example",
            "www.example.org",
            "ads.x",
            "bads.x",
            "abc123.de",
            "aaab.z",
            "xq.de",
            "aq",
            "a-fz",
            "a.c",
            "ab",
            "aa",
            "",
            "a{2}.x",
            "_tcp.x",
            "&.x",
            "d");

    private static final List<String> MORE_NAMES =
            List.of("", "ab", "aab", "a", "b", "a]b", "x-y", "AB.Cd", "a{b", "q1", "_x", "a\\.b", "\\000z", "a\\032b");

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '"',
            value = {
                "^ad[0-9]+\\. ad12.example",
                "EXAMPLE ad12.example,www.example.org",
                "(^|\\.)ads?\\. ads.x",
                "[[:digit:]]{3} abc123.de",
                "^[^.]+\\.example\\.org$ www.example.org",
                "example\\.org\\.$ -",
                "a{2,3}b aaab.z",
                "a{,2}b bads.x,abc123.de,aaab.z,ab",
                "^[[:alpha:]]+$ aq,ab,aa,d",
                "[]x]q xq.de",
                "[a\\]q aq",
                "[[:xdigit:]-]+z a-fz",
                "a.c abc123.de,a.c",
                "a\\{2\\} a{2}.x",
                "[^[:alnum:].] a-fz,a{2}.x,_tcp.x,&.x",
                "[[:upper:]]w www.example.org",
                "a++b abc123.de,aaab.z,ab",
                "a+?b bads.x,abc123.de,aaab.z,ab",
                "a+*b bads.x,abc123.de,aaab.z,ab",
                "a?+b bads.x,abc123.de,aaab.z,ab",
                "a||b ad12.example,www.example.org,ads.x,bads.x,abc123.de,aaab.z,xq.de,aq,a-fz,a.c,ab,aa,<root>,a{2}.x,_tcp.x,&.x,d",
                "^$ <root>",
                "^\\.$ -",
                "a\\d -",
                "\\e -",
                "\\-f a-fz",
                "\\w+ ad12.example,www.example.org,ads.x,bads.x,abc123.de,aaab.z,xq.de,aq,a-fz,a.c,ab,aa,a{2}.x,_tcp.x,&.x,d",
                "(ab|abc)d?$ ab",
                "()q xq.de,aq",
                "a\\<b -",
                "\\bads ads.x",
                "\\Sx ad12.example,www.example.org,ads.x,bads.x,a{2}.x,_tcp.x,&.x",
                "a) -",
                "a{2}{2}b -",
                "[a&&b] ad12.example,www.example.org,ads.x,bads.x,abc123.de,aaab.z,aq,a-fz,a.c,ab,aa,a{2}.x,&.x",
                "x|y$ ad12.example,www.example.org,ads.x,bads.x,xq.de,a{2}.x,_tcp.x,&.x",
                "[[:space:]] -",
                "\\.x$ ads.x,bads.x,a{2}.x,_tcp.x,&.x"
            })
    void matches(String posix, String names) {
        assertMatches(NAMES, posix, names);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '"',
            value = {
                "a(^)*b ab,aab,AB.Cd",
                "()*b ab,aab,b,a]b,AB.Cd,a{b,a\\.b,a\\032b",
                "(^a|b)+$ ab,aab,a,b,a]b,a{b,a\\.b,a\\032b",
                "(^|b)*a$ a",
                "a{1}{0}b ab,aab,b,a]b,AB.Cd,a{b,a\\.b,a\\032b",
                "[--/] x-y,AB.Cd,a\\.b",
                "[+--] x-y",
                "[^]]b ab,aab,AB.Cd,a{b,a\\.b,a\\032b",
                "[[.].]] a]b",
                "[[.-.]]y x-y",
                "[[=a=]]b ab,aab,AB.Cd",
                "[b-[.c.]]d AB.Cd",
                "\\W a]b,x-y,AB.Cd,a{b,a\\.b,\\000z,a\\032b",
                "\\bab\\b ab,AB.Cd",
                "\\B <root>,ab,aab,AB.Cd,q1,_x,a\\.b,\\000z,a\\032b",
                "^\\B <root>,\\000z",
                "\\> ab,aab,a,b,a]b,x-y,AB.Cd,a{b,q1,_x,a\\.b,\\000z,a\\032b",
                "x\\b- x-y",
                "(\\b)*a ab,aab,a,a]b,AB.Cd,a{b,a\\.b,a\\032b",
                "\\`ab ab,AB.Cd",
                "\\`a\\' a",
                "a\\`b -",
                "\\0 \\000z,a\\032b",
                "[:alpha:]b ab,aab,AB.Cd",
                "a??b ab,aab,b,a]b,AB.Cd,a{b,a\\.b,a\\032b",
                "a$$ a",
                "^^a ab,aab,a,a]b,AB.Cd,a{b,a\\.b,a\\032b",
                "(a$|b$) ab,aab,a,b,a]b,a{b,a\\.b,a\\032b",
                "\\{ a{b",
                "\\\\\\. a\\.b",
                "\\\\032 a\\032b",
                "[B-Z]{2} AB.Cd",
                "[[:upper:]]{2} ab,aab,AB.Cd",
                "b^ -",
                "x$y -",
                "($)b -",
                "[a-~]x _x",
                "[`-~]b a{b",
                "[+-_]b ab,aab,a]b,AB.Cd,a\\.b,a\\032b",
                "[\\w]0 \\000z,a\\032b",
            })
    void matchesInDetail(String posix, String names) {
        assertMatches(MORE_NAMES, posix, names);
    }

    private static void assertMatches(List<String> names, String posix, String expected) {
        Expression expression = Expression.posix(posix);
        String found = String.join(
                ",",
                names.stream()
                        .filter(name -> Matching.matches(expression, name))
                        .map(name -> name.isEmpty() ? "<root>" : name)
                        .toList());
        assertThat(found.isEmpty() ? "-" : found).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*a",
                "(*a)",
                "(?:a)b",
                "a|*b",
                "a{2",
                "{2}",
                "[a",
                "(a",
                "[z-a]",
                "^*a",
                "[[:NONE:]]",
                "a{x}",
                "a{1",
                "a{2,1}",
                "a{32768}",
                "[a-c-e]",
                "[[.hyphen.]]",
                "[a-[:digit:]]",
                "[[:alpha:]-z]",
                "[[=a=]-c]",
                "a|*",
                "a|{1}",
                "(*)",
                "$*",
                "a$*",
                "a^*b",
                "[]",
                "[^]",
                "[]-a]",
                "[a\\-z]",
                "\\",
                "a\\",
                "a{ 1}",
                "a{}",
                "a{+1}",
                "(+a)",
                "[_-z]",
                "[Z-b]",
                "[[:word:]]"
            })
    void refusedAsByDnsdist(String posix) {
        assertThatThrownBy(() -> Expression.posix(posix))
                .isInstanceOf(BadExpression.class)
                .hasMessageContaining("'" + posix + "': ");
    }

    /** Only backtracking can match these. */
    @ParameterizedTest
    @ValueSource(strings = {"(a|b)\\1", "(a)(b)\\2", "(a)\\2", "\\9"})
    void refusesBackReferences(String posix) {
        assertThatThrownBy(() -> Expression.posix(posix))
                .hasMessageContaining("back-references")
                .hasMessageContaining(posix);
    }
}
