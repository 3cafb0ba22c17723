package dev.weir.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Do random expressions match what they match in {@code java.util.regex}, with a table of any size? */
class RandomExpressionTest {
    private static final int EXPRESSIONS = Integer.getInteger("weir.fuzz", 3_000);
    private static final int TEXTS = 30;
    private static final String LETTERS = "abAB1-._";
    private static final String[] POSIX_ATOMS = {
        "a",
        "b",
        "B",
        "1",
        ".",
        "\\.",
        "-",
        "_",
        "[ab]",
        "[^a]",
        "[a-b1]",
        "[[:alpha:]]",
        "[[:digit:]_]",
        "[^[:alnum:]]",
        "\\w",
        "\\W",
        "()"
    };
    private static final String[] RE2_ATOMS = {
        "a", "b", "B", "1", ".", "\\.", "-", "_", "[ab]", "[^a]", "[a-b1]", "\\d", "[\\d_]", "[^\\w]", "\\w", "\\W",
        "\\x61", "(?:)", "(?i:a)"
    };
    private static final String[] ASSERTIONS = {"^", "$", "\\b", "\\B"};

    private final Random random = new Random(17);

    /**
     * Whether assertions may stand in repeated groups. Java takes a round in which such a group was empty for the last one, so that
     * {@code (^|a){2,}} does not match an a.
     */
    private boolean javaMayErr;

    private String choice(int depth, String[] atoms, boolean posix, boolean asserting) {
        StringBuilder text = new StringBuilder(sequence(depth, atoms, posix, asserting));
        for (int more = random.nextInt(4) - 1; more > 0; more--) {
            text.append('|').append(sequence(depth, atoms, posix, asserting));
        }
        return text.toString();
    }

    private String sequence(int depth, String[] atoms, boolean posix, boolean asserting) {
        StringBuilder text = new StringBuilder();
        for (int parts = 1 + random.nextInt(4); parts > 0; parts--) {
            if (asserting && random.nextInt(7) == 0) {
                text.append(ASSERTIONS[random.nextInt(ASSERTIONS.length)]);
                continue;
            }
            String quantifier = quantifier(posix);
            boolean inside = asserting && (quantifier.isEmpty() || javaMayErr);
            text.append(
                    depth > 0 && random.nextInt(3) == 0
                            ? "(" + choice(depth - 1, atoms, posix, inside) + ")"
                            : atoms[random.nextInt(atoms.length)]);
            text.append(quantifier);
        }
        return text.toString();
    }

    private String quantifier(boolean posix) {
        int least = random.nextInt(3);
        String plain =
                switch (random.nextInt(12)) {
                    case 0 -> "*";
                    case 1 -> "+";
                    case 2 -> "?";
                    case 3 -> "{" + least + "}";
                    case 4 -> "{" + least + ",}";
                    case 5 -> "{" + least + "," + (least + random.nextInt(4)) + "}";
                    default -> "";
                };
        return posix || plain.isEmpty() || random.nextInt(4) > 0 ? plain : plain + "?";
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(12); length > 0; length--) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    private static String java(String posix) {
        return posix.replace("[:alpha:]", "\\p{Alpha}")
                .replace("[:digit:]", "\\p{Digit}")
                .replace("[:alnum:]", "\\p{Alnum}");
    }

    private void compare(Expression expression, Predicate<String> oracle) {
        Scanners scanners = new Scanners();
        Scanner tiny = new Scanner(expression.automaton(), scanners, 0);
        for (int i = 0; i < TEXTS; i++) {
            String text = text();
            ExpressionText octets = Matching.text(text);
            boolean expected = oracle.test(text);
            String what = "'" + expression.source() + "' and '" + text + "'";
            assertThat(scanners.scanner(expression).matches(octets.octets(), octets.length()))
                    .as(what)
                    .isEqualTo(expected);
            assertThat(tiny.matches(octets.octets(), octets.length()))
                    .as("with a table of four rows: " + what)
                    .isEqualTo(expected);
            assertThat(!expected || expression.mayMatch(octets))
                    .as("has what is needed: " + what)
                    .isTrue();
        }
    }

    @Test
    void posix() {
        for (int i = 0; i < EXPRESSIONS; i++) {
            String posix = choice(2, POSIX_ATOMS, true, true);
            Pattern pattern = Pattern.compile(java(posix), Pattern.CASE_INSENSITIVE);
            compare(Expression.posix(posix), text -> pattern.matcher(text).find());
        }
    }

    @Test
    void re2() {
        for (int i = 0; i < EXPRESSIONS; i++) {
            String re2 = choice(2, RE2_ATOMS, false, true);
            Pattern pattern = Pattern.compile(re2);
            compare(Expression.re2(re2), text -> pattern.matcher(text).matches());
        }
    }

    /** Assertions anywhere, against all ways to match. */
    @Test
    void posixByDefinition() {
        javaMayErr = true;
        for (int i = 0; i < EXPRESSIONS; i++) {
            String posix = choice(2, POSIX_ATOMS, true, true);
            Node parsed = PosixParser.parse(posix);
            compare(Expression.posix(posix), text -> AllWays.isFound(parsed, text));
        }
    }

    /** What is no expression is refused with words, and never with another exception. */
    @Test
    void anyTextIsAnExpressionOrRefused() {
        String pieces = "ab(|)[]{},*+?^$.\\:-019<>=!PQEdwpx";
        for (int i = 0; i < EXPRESSIONS; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(14); length > 0; length--) {
                text.append(pieces.charAt(random.nextInt(pieces.length())));
            }
            for (int dialect = 0; dialect < 2; dialect++) {
                try {
                    Expression made =
                            dialect == 0 ? Expression.posix(text.toString()) : Expression.re2(text.toString());
                    Matching.matches(made, text.toString());
                } catch (BadExpression e) {
                    assertThat(e).hasMessageStartingWith("'" + text + "': ");
                }
            }
        }
    }
}
