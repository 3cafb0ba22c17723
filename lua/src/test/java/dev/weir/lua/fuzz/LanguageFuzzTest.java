package dev.weir.lua.fuzz;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The seeds of {@link LanguageFuzzer}, and changes of them by chance, the same in each run: octets replaced, removed, doubled, and pieces of
 * other seeds put in.
 */
class LanguageFuzzTest {
    private static final int ROUNDS = Integer.getInteger("lua.fuzz.rounds", 300);

    private static final String SYMBOLS = "()[]{}%*+-?.^$\"'=,;:#~<>/\\ \n0123456789ax";

    private static void mutate(Stream<byte[]> seeds, Consumer<byte[]> target) {
        List<byte[]> all = seeds.toList();
        Random random = new Random(13);
        for (byte[] seed : all) {
            target.accept(seed);
            for (int i = 0; i < ROUNDS; i++) {
                byte[] changed = seed;
                for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                    changed = changed(changed, all.get(random.nextInt(all.size())), random);
                }
                byte[] octets = changed;
                assertThatCode(() -> target.accept(octets))
                        .as(() -> new String(octets, StandardCharsets.ISO_8859_1))
                        .doesNotThrowAnyException();
            }
        }
    }

    private static byte[] changed(byte[] octets, byte[] other, Random random) {
        int from = random.nextInt(octets.length + 1);
        int to = Math.min(octets.length, from + random.nextInt(6));
        byte[] middle =
                switch (random.nextInt(5)) {
                    case 0 -> new byte[] {(byte) random.nextInt(256)};
                    case 1 -> new byte[] {(byte) SYMBOLS.charAt(random.nextInt(SYMBOLS.length()))};
                    case 2 -> new byte[0];
                    case 3 -> doubled(Arrays.copyOfRange(octets, from, to), random.nextInt(30));
                    default -> {
                        int start = random.nextInt(other.length + 1);
                        yield Arrays.copyOfRange(other, start, Math.min(other.length, start + random.nextInt(12)));
                    }
                };
        byte[] result = new byte[from + middle.length + octets.length - to];
        System.arraycopy(octets, 0, result, 0, from);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(octets, to, result, from + middle.length, octets.length - to);
        return result;
    }

    private static byte[] doubled(byte[] piece, int times) {
        byte[] result = new byte[piece.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(piece, 0, result, i * piece.length, piece.length);
        }
        return result;
    }

    @Test
    void programsAreReadOrRefused() {
        mutate(FuzzSeeds.programs(), FuzzTargets::chunk);
    }

    @Test
    void programsRunOrFail() {
        mutate(FuzzSeeds.programs(), FuzzTargets::program);
    }

    @Test
    void patternsMatchOrAreRefused() {
        mutate(FuzzSeeds.patterns(), FuzzTargets::pattern);
    }

    @Test
    void formatsAreWrittenOrRefused() {
        mutate(FuzzSeeds.formats(), FuzzTargets::format);
    }

    @Test
    void datesAreWritten() {
        mutate(FuzzSeeds.dates(), FuzzTargets::date);
    }

    @Test
    void numbersAreReadOrAreNone() {
        mutate(FuzzSeeds.numbers(), FuzzTargets::number);
    }

    @Test
    void declarationsAreReadOrRefused() {
        mutate(FuzzSeeds.declarations(), FuzzTargets::declaration);
    }

    /** Deep nesting of each kind ends in an error before the stack of Java does. */
    @Test
    void nestingIsBounded() {
        for (String piece : new String[] {
            "(",
            "{",
            "not ",
            "- ",
            "function() ",
            "if x then ",
            "a(",
            "a[",
            "a..",
            "2^",
            "do ",
            "while 1 do ",
            "local x = {"
        }) {
            byte[] deep = piece.repeat(50_000).getBytes(StandardCharsets.ISO_8859_1);
            assertThatCode(() -> FuzzTargets.chunk(concat("return ", deep)))
                    .as(piece)
                    .doesNotThrowAnyException();
            assertThatCode(() -> FuzzTargets.chunk(deep)).as(piece).doesNotThrowAnyException();
        }
        for (String piece : new String[] {"(", "*(", "struct { ", "int a[", "int (*", "sizeof(", "1+(", "~", "int("}) {
            byte[] deep = piece.repeat(50_000).getBytes(StandardCharsets.ISO_8859_1);
            assertThatCode(() -> FuzzTargets.declaration(deep)).as(piece).doesNotThrowAnyException();
            assertThatCode(() -> FuzzTargets.declaration(concat("enum { X = ", deep)))
                    .as(piece)
                    .doesNotThrowAnyException();
        }
    }

    private static byte[] concat(String first, byte[] second) {
        byte[] start = first.getBytes(StandardCharsets.ISO_8859_1);
        byte[] both = Arrays.copyOf(start, start.length + second.length);
        System.arraycopy(second, 0, both, start.length, second.length);
        return both;
    }
}
