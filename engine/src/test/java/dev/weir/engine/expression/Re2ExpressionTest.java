package dev.weir.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Does RE2Rule match which names it matches in Debian's dnsdist 1.7.3, which was asked for each line here? The whole name must match, in the
 * case that the client wrote.
 */
class Re2ExpressionTest {
    private static final List<String> NAMES = List.of(
            "",
            "a.b",
            "AB.Cd",
            "ab.cd",
            "a\\.b.x",
            "\\000z",
            "a\\032b",
            "a-b_c",
            "foo.example.com",
            "aa",
            "a",
            "a{,2}",
            "aaaa",
            "b12",
            "ab",
            "a_",
            "x.com");

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '"',
            value = {
                "^$ <root>",
                "\"\" <root>",
                "\\. -",
                ". a",
                "ab\\.cd ab.cd",
                "AB\\.CD -",
                "(?i)AB.CD AB.Cd,ab.cd",
                "foo -",
                "foo.* foo.example.com",
                "a{2} aa",
                "a{,2} a{,2}",
                "() <root>",
                "a||b <root>,a",
                "(?P<n>a)b ab",
                "(?P<n>a)(?P<n>b) ab",
                "\\141 a",
                "\\x61 a",
                "\\x{61} a",
                "\\Qab\\E.* ab.cd,ab",
                "\\C\\C aa,ab,a_",
                "\\Aa.*\\z a.b,ab.cd,a\\.b.x,a\\032b,a-b_c,aa,a,a{,2},aaaa,ab,a_",
                "\\pL+ aa,a,aaaa,ab",
                "\\p{L}+ aa,a,aaaa,ab",
                "\\p{Lu}+ -",
                "\\p{Latin}+ aa,a,aaaa,ab",
                "[[:alpha:]]+ aa,a,aaaa,ab",
                "[[:^alpha:]]+ -",
                "[^\\d.]+ a-b_c,aa,a,aaaa,ab,a_",
                "[\\w.]+ a.b,AB.Cd,ab.cd,foo.example.com,aa,a,aaaa,b12,ab,a_,x.com",
                "[]a]b ab",
                "[a-] a",
                "a\\_ a_",
                "(?m)^a.*$ a.b,ab.cd,a\\.b.x,a\\032b,a-b_c,aa,a,a{,2},aaaa,ab,a_",
                "(?U)a+ aa,a,aaaa",
                "(?i-s)ab ab",
                "(?i:AB)\\.cd ab.cd",
                "(?i:AB)\\.Cd AB.Cd",
                "(?-i:AB)\\..* AB.Cd",
                "a\\b a",
                "a\\B.* ab.cd,aa,aaaa,ab,a_",
                "x\\.com$ x.com",
                "^x.com x.com",
                "[[:word:]]+ aa,a,aaaa,b12,ab,a_",
                "(|a)* <root>,aa,a,aaaa",
                "(a*)* <root>,aa,a,aaaa",
                "(a+?)+ aa,a,aaaa",
                "a$b -",
                "[a&&b] a",
                ".{5} AB.Cd,ab.cd,\\000z,a-b_c,a{,2},x.com",
                "b\\d+ b12",
                "[A-C]+ -",
                "[[:upper:]]+.* AB.Cd",
                "(?:[a-z0-9]+[-.]?){2,20}\\.com foo.example.com",
                "(?:a|b)+|x.* aa,a,aaaa,ab,x.com",
            })
    void matches(String re2, String names) {
        Expression expression = Expression.re2(re2);
        String found = String.join(
                ",",
                NAMES.stream()
                        .filter(name -> Matching.matches(expression, name))
                        .map(name -> name.isEmpty() ? "<root>" : name)
                        .toList());
        assertThat(found.isEmpty() ? "-" : found).isEqualTo(names);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{1001}",
                "a{2}{2}",
                "a**",
                "a*+",
                "a*??",
                "*a",
                "a|*",
                "(a",
                "a)",
                "\\8",
                "a.*\\Z",
                "[a-\\d]",
                "[z-a]",
                "[a",
                "\\",
                "(?",
                "(?P<n",
                "(?P<>a)",
                "(?z)a",
                "(?x)a",
                "\\e",
                "\\y",
                "\\G",
                "\\K",
                "\\R",
                "(?>a)",
                "a++",
                "\\p{Klingon}",
                "\\pQ",
                "\\x{110000}",
                "\\xg1",
                "[[:foo:]]",
                "a{3,2}"
            })
    void refused(String re2) {
        assertThatThrownBy(() -> Expression.re2(re2))
                .isInstanceOf(BadExpression.class)
                .hasMessageContaining("'" + re2 + "': ");
    }

    /** Only backtracking can match these. */
    @ParameterizedTest
    @ValueSource(strings = {"(a)\\1", "\\1", "a(?=b).*", "a(?!b).*", "(?<=a)b", "(?<!a)b"})
    void refusesWhatNeedsBacktracking(String re2) {
        assertThatThrownBy(() -> Expression.re2(re2))
                .hasMessageContaining("linear time")
                .hasMessageContaining(re2);
    }
}
