package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.reference.LedgerReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Does the page on compatibility say what the ledger says? */
class LedgerReferenceTest {
    @Test
    void thePageIsWhatTheLedgerSays() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "compatibility.md"));
        assertThat(LedgerReference.text())
                .as("./weir ledger > docs/compatibility.md")
                .isEqualTo(page);
    }
}
