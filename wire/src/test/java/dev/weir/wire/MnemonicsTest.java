package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MnemonicsTest {
    @Test
    void everyTypeHasItsNameAndNumber() {
        assertThat(RecordType.all()).hasSize(69).containsEntry("A", 1).containsEntry("LUA", 65402);
        RecordType.all().forEach((name, number) -> {
            assertThat(RecordType.toString(number)).isEqualTo(name);
            assertThat(RecordType.parse(name)).isEqualTo(number);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "aaaa, 28",
        "TYPE65535, 65535",
        "type1, 1",
        "TYPE65536, -1",
        "TYPE, -1",
        "TYPEx, -1",
        "nope, -1",
        "'', -1"
    })
    void parsesTypes(String text, int number) {
        assertThat(RecordType.parse(text)).isEqualTo(number);
    }

    @Test
    void unknownNumbersAreGeneric() {
        assertThat(RecordType.toString(10)).isEqualTo("TYPE10");
        assertThat(RecordClass.toString(7)).isEqualTo("CLASS7");
        assertThat(Rcode.toString(11)).isEqualTo("RCODE11");
        assertThat(Rcode.phrase(Rcode.REFUSED)).isEqualTo("Query Refused");
        assertThat(Rcode.phrase(11)).isEqualTo("Err#11");
        assertThat(Rcode.phrase(23)).isEqualTo("Bad/missing Server Cookie");
        assertThat(Rcode.phrase(24)).isEqualTo("Err#24");
        assertThat(Opcode.toString(3)).isEqualTo("OPCODE3");
    }

    @ParameterizedTest
    @CsvSource({"IN, 1", "chaos, 3", "CH, 3", "ANY, 255", "CLASS9, 9", "x, -1"})
    void parsesClasses(String text, int number) {
        assertThat(RecordClass.parse(text)).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({"NOERROR, 0", "refused, 5", "BADVERS, 16", "BADSIG, 16", "BADCOOKIE, 23", "RCODE11, 11", "x, -1"})
    void parsesRcodes(String text, int number) {
        assertThat(Rcode.parse(text)).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({"query, 0", "Notify, 4", "UPDATE, 5", "x, -1"})
    void parsesOpcodes(String text, int number) {
        assertThat(Opcode.parse(text)).isEqualTo(number);
    }
}
