package dev.weir.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expressions that operators write against tunnels and generated names: with backtracking, one query of 20 to 48 octets kept a listener
 * from all clients for seconds to for ever. What a match costs is counted here in steps of the automaton and words that a step touches, so
 * that no clock is needed.
 */
class HostileExpressionTest {
    private static final int LONGEST_NAME = 253;

    private static Expression expression(String text) {
        return text.startsWith("RE2 ") ? Expression.re2(text.substring(4)) : Expression.posix(text);
    }

    /** Texts that nearly match, and random ones over few letters; each costs a step per octet at most. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "^([a-z]{1,5}[0-9]{0,3}){3,20}\\.evil$",
                "^([a-z0-9]+){2,10}\\.evil$",
                "^([a-f0-9]{2,8}){4,16}\\.tunnel",
                "RE2 ^(?:[a-z0-9]+[-.]?){2,20}\\.com$",
                "(x+x+)+y",
                "(a|aa)+$",
                "(.*a){20}",
                "RE2 (a?){30}a{30}",
                "(a|b)*a(a|b){12}$",
                "a[ab]{60}c",
                "a.{200}b"
            })
    void costsAStepPerOctetAtMost(String text) {
        Expression expression = expression(text);
        assertThat(expression.automaton().wordsPerStep()).isLessThan(100);
        Scanner scanner = new Scanners().scanner(expression);
        Random random = new Random(5);
        for (int i = 0; i < 500; i++) {
            String letters = i % 2 == 0 ? "a" : i % 3 == 0 ? "ab" : "abx0.";
            StringBuilder name = new StringBuilder();
            for (int length = i % 5 == 0 ? LONGEST_NAME : 20 + random.nextInt(29); length > 0; length--) {
                name.append(letters.charAt(random.nextInt(letters.length())));
            }
            ExpressionText octets = Matching.text(name.toString());
            long before = scanner.stepsMade();
            scanner.matches(octets.octets(), octets.length());
            assertThat(scanner.stepsMade() - before).isLessThanOrEqualTo(octets.length());
        }
    }

    /** Those of them that were seen in configurations meet all their sets of states soon, and then cost look-ups only. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "^([a-z]{1,5}[0-9]{0,3}){3,20}\\.evil$",
                "^([a-z0-9]+){2,10}\\.evil$",
                "^([a-f0-9]{2,8}){4,16}\\.tunnel",
                "RE2 ^(?:[a-z0-9]+[-.]?){2,20}\\.com$"
            })
    void theirTablesSuffice(String text) {
        Scanner scanner = new Scanners().scanner(expression(text));
        Random random = new Random(6);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder name = new StringBuilder();
            for (int length = 20 + random.nextInt(29); length > 0; length--) {
                name.append("abcdef0123456789xyz".charAt(random.nextInt(19)));
            }
            ExpressionText octets = Matching.text(name.append(".evil").toString());
            scanner.matches(octets.octets(), octets.length());
        }
        assertThat(scanner.stepsMade()).isLessThan(10_000);
        assertThat(scanner.memory()).isLessThanOrEqualTo(Scanner.MOST_MEMORY);
    }

    /** More sets of states than memory: the table is emptied and filled again, and stays within its bound. */
    @Test
    void aTableStaysWithinItsBound() {
        Scanners scanners = new Scanners();
        Scanner scanner = scanners.scanner(Expression.posix("a[ab]{60}c"));
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder name = new StringBuilder();
            for (int length = LONGEST_NAME; length > 0; length--) {
                name.append(random.nextBoolean() ? 'a' : 'b');
            }
            ExpressionText octets = Matching.text(name.toString());
            assertThat(scanner.matches(octets.octets(), octets.length())).isFalse();
        }
        assertThat(scanner.memory()).isLessThanOrEqualTo(Scanner.MOST_MEMORY);
        assertThat(scanners.memory()).isEqualTo(scanner.memory());
    }

    /** Many expressions of the worst kind on one thread: their tables together stay within the thread's bound. */
    @Test
    void aThreadsTablesStayWithinTheirBound() {
        Scanners scanners = new Scanners();
        Random random = new Random(8);
        for (int i = 0; i < 120; i++) {
            Scanner scanner = scanners.scanner(Expression.posix("a[ab]{60}c{" + i + "}"));
            for (int times = 0; times < 30; times++) {
                StringBuilder name = new StringBuilder();
                for (int length = LONGEST_NAME; length > 0; length--) {
                    name.append(random.nextBoolean() ? 'a' : 'b');
                }
                ExpressionText octets = Matching.text(name.toString());
                scanner.matches(octets.octets(), octets.length());
            }
        }
        // Each scanner may begin with a few rows.
        assertThat(scanners.memory()).isLessThan(Scanners.MOST_MEMORY + 120 * 4_096);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a{1000}){1000}",
                "((a{100}){100}){10}",
                "RE2 ((a{100}){100}){10}",
                "(((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}){9}",
                "((){1000}){1000}"
            })
    void whatRepetitionsBlowUpIsRefused(String text) {
        assertThatThrownBy(() -> expression(text))
                .isInstanceOf(BadExpression.class)
                .hasMessageContaining("with its repetitions written out it has more than 32768 places");
    }

    @Test
    void whatNestsTooDeepIsRefused() {
        assertThatThrownBy(() -> Expression.posix("(".repeat(100_000) + ")".repeat(100_000)))
                .hasMessageContaining("nested");
        assertThatThrownBy(() -> Expression.re2("(?:".repeat(100_000) + ")".repeat(100_000)))
                .hasMessageContaining("nested");
        assertThatThrownBy(() -> Expression.posix("a" + "*".repeat(100_000))).hasMessageContaining("in a row");
    }

    /** A list of names as one expression, as they are generated from block lists. */
    @Test
    void aThousandNamesMakeOneExpression() {
        StringBuilder names = new StringBuilder("(^|\\.)(name0\\.com");
        for (int i = 1; i < 1_000; i++) {
            names.append("|name").append(i * 7919).append("\\.com");
        }
        Expression expression = Expression.posix(names.append(")$").toString());
        assertThat(Matching.matches(expression, "www.name7919.com")).isTrue();
        assertThat(Matching.matches(expression, "name7903081.com")).isFalse();
        assertThat(Matching.matches(expression, "name7911081.com")).isTrue();
        assertThat(Matching.matches(expression, "xname7919.com")).isFalse();
    }
}
