package dev.weir.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialTest {
    /** Of the password {@code x}, by Debian's dnsdist 1.7.3. */
    private static final String BY_DNSDIST =
            "$scrypt$ln=10,p=1,r=8$sVT24UMRMi4PwSi5NAZ4yQ==$7Gs4nRnHBXarC/jme56vjgDeziMzoxYI6zAOaWYAY5Y=";

    @Test
    void hashesOfDnsdistHold() {
        Credential credential = Credential.of(BY_DNSDIST);
        assertThat(credential.matches("y")).isFalse();
        assertThat(credential.matches("x")).isTrue();
        assertThat(credential.matches("x")).as("by its digest").isTrue();
        assertThat(credential.matches("y")).as("by its digest").isFalse();
        assertThat(credential.matches(BY_DNSDIST)).as("the hash is no password").isFalse();
    }

    @Test
    void ourHashesHaveItsForm() {
        String hash = Credential.hash("pässword", Credential.WORK_FACTOR);
        assertThat(hash).matches("\\$scrypt\\$ln=10,p=1,r=8\\$[A-Za-z0-9+/]{22}==\\$[A-Za-z0-9+/]{43}=");
        assertThat(Credential.isHashed(hash)).isTrue();
        assertThat(Credential.of(hash).matches("pässword")).isTrue();
        assertThat(Credential.of(hash).matches("passwort")).isFalse();
        assertThat(Credential.hash("pässword", 10)).as("another salt").isNotEqualTo(hash);
        assertThat(Credential.of(Credential.hash("a", 2)).matches("a")).isTrue();
        assertThatThrownBy(() -> Credential.hash("a", 0)).hasMessageContaining("work factor");
        assertThatThrownBy(() -> Credential.hash("a", 21)).hasMessageContaining("work factor");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "",
                "$scrypt$",
                "$scrypt$ln=10,p=1,r=8$!$!",
                "$scrypt$ln=99,p=1,r=8$AAAA$AAAA",
                "$scrypt$ln=10,p=0,r=8$AAAA$AAAA",
                "$scrypt$ln=10,p=1,r=8$A$AAAA",
                "$scrypt$ln=10,p=1,r=8$AAAA$===="
            })
    void whatIsNoHashIsPlain(String text) {
        assertThat(Credential.isHashed(text)).isFalse();
        assertThat(Credential.of(text).matches(text)).isTrue();
        assertThat(Credential.of(text).matches(text + "x")).isFalse();
    }

    /** Guesses must not cost what the hash is made to cost, once the value is known. */
    @Test
    void wrongValuesAreCheapOnceTheRightOneHasCome() {
        Credential slow = Credential.of(Credential.hash("right", 17));
        assertThat(slow.matches("right")).isTrue();
        long start = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            assertThat(slow.matches("wrong" + i)).isFalse();
        }
        // A thousand hashes of this work take minutes.
        assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
    }
}
