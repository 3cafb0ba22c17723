package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
    @TempDir
    Path directory;

    @Test
    void namesAreLookedUpAndNumbersAreNot() throws Exception {
        Path passwd = directory.resolve("passwd");
        Files.writeString(passwd, "root:x:0:0:root:/root:/bin/sh\ndns:x:953:953::/:/bin/false\nshort\n");
        assertThat(Identity.id("dns", passwd)).isEqualTo(953);
        assertThat(Identity.id("12", passwd)).isEqualTo(12);
        assertThatThrownBy(() -> Identity.id("nobody", passwd))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("No such user");
        assertThatThrownBy(() -> Identity.id("dns", directory.resolve("missing")))
                .isInstanceOf(StartException.class);
    }
}
