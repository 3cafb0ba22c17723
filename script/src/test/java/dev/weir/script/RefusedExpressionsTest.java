package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Does an expression that cannot be matched in linear time end the configuration with words, file and line? */
class RefusedExpressionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '"',
            value = {
                "RegexRule([[(a|b)\\1]]) ~ '(a|b)\\1': back-references cannot be matched in linear time",
                "RE2Rule([[(a)\\1]]) ~ '(a)\\1': back-references cannot be matched in linear time",
                "RE2Rule([[a(?=b)]]) ~ 'a(?=b)': look-around cannot be matched in linear time",
                "RE2Rule([[(?<!a)b]]) ~ '(?<!a)b': look-around cannot be matched in linear time",
                "RegexRule([[(a{1000}){1000}]]) ~ '(a{1000}){1000}': with its repetitions written out it has more than 32768 places",
                "RegexRule([[(a]]) ~ '(a': a group without end",
            })
    void namesPlaceAndReason(String call, String why) {
        LoadResult result = new World().load("\naddAction(" + call + ", DropAction())");
        assertThat(result.error()).asString().startsWith("test.lua:2: ").contains(why);
    }
}
