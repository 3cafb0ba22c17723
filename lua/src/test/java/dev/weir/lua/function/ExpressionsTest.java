package dev.weir.lua.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Does RegexRule match which names it matches in Debian's dnsdist 1.7.3, which was asked for each line here? */
class ExpressionsTest {
    /** In lower case and without the final dot, as rules see them. */
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
                "(a|b)\\1 aaab.z,aa",
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
        Pattern pattern = Expressions.compile(posix);
        String found = String.join(
                ",",
                NAMES.stream()
                        .filter(name -> pattern.matcher(name).find())
                        .map(name -> name.isEmpty() ? "<root>" : name)
                        .toList());
        assertThat(found.isEmpty() ? "-" : found).isEqualTo(names);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*a", "(*a)", "(?:a)b", "a|*b", "a{2", "{2}", "[a", "(a", "[z-a]", "^*a", "[[:NONE:]]"})
    void refused(String posix) {
        assertThatThrownBy(() -> Expressions.compile(posix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(posix);
    }
}
