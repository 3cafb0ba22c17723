package dev.weir.lua.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Anything at all gives a value or an error of Lua. In the normal build Jazzer runs the seeds only; to look for new trouble for five
 * minutes: {@code JAZZER_FUZZ=1 ./mvnw -pl lua test -Dtest=LanguageFuzzer#chunk -Dsurefire.failIfNoSpecifiedTests=false}, and the same
 * with {@code program}, {@code pattern}, {@code format}, {@code date}, {@code number} and {@code declaration}.
 */
class LanguageFuzzer {
    static Stream<byte[]> programs() {
        return FuzzSeeds.programs();
    }

    static Stream<byte[]> patterns() {
        return FuzzSeeds.patterns();
    }

    static Stream<byte[]> formats() {
        return FuzzSeeds.formats();
    }

    static Stream<byte[]> dates() {
        return FuzzSeeds.dates();
    }

    static Stream<byte[]> numbers() {
        return FuzzSeeds.numbers();
    }

    static Stream<byte[]> declarations() {
        return FuzzSeeds.declarations();
    }

    @MethodSource("programs")
    @FuzzTest(maxDuration = "5m")
    void chunk(byte[] octets) {
        FuzzTargets.chunk(octets);
    }

    @MethodSource("programs")
    @FuzzTest(maxDuration = "5m")
    void program(byte[] octets) {
        FuzzTargets.program(octets);
    }

    @MethodSource("patterns")
    @FuzzTest(maxDuration = "5m")
    void pattern(byte[] octets) {
        FuzzTargets.pattern(octets);
    }

    @MethodSource("formats")
    @FuzzTest(maxDuration = "5m")
    void format(byte[] octets) {
        FuzzTargets.format(octets);
    }

    @MethodSource("dates")
    @FuzzTest(maxDuration = "5m")
    void date(byte[] octets) {
        FuzzTargets.date(octets);
    }

    @MethodSource("numbers")
    @FuzzTest(maxDuration = "5m")
    void number(byte[] octets) {
        FuzzTargets.number(octets);
    }

    @MethodSource("declarations")
    @FuzzTest(maxDuration = "5m")
    void declaration(byte[] octets) {
        FuzzTargets.declaration(octets);
    }
}
