package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.NewerThanDebian;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Do verbose messages go to their destination, and only there? */
@NewerThanDebian("has no destination for them")
class VerboseLogTest {
    @Test
    void haveAFileOfTheirOwn() {
        try (DnsProcess subject = DnsProcess.start("setVerbose(true) setVerboseLogDestination('verbose.log')")) {
            subject.console("vinfolog('for those who look on') infolog('for all')");
            Path file = subject.directory().resolve("verbose.log");
            Await.until("written", Await.PATIENCE, () -> read(file).contains("for those who look on"));
            Await.until("told", Await.PATIENCE, () -> subject.process().output().contains("for all"));
            assertThat(read(file)).doesNotContain("for all");
            assertThat(subject.process().output()).doesNotContain("for those who look on");
        }
    }

    @Test
    void withoutItTheyGoWhereTheOthersGo() {
        try (DnsProcess subject =
                DnsProcess.start("setVerbose(true) setVerboseLogDestination('/nowhere/verbose.log')")) {
            subject.console("vinfolog('for those who look on')");
            Await.until("told", Await.PATIENCE, () -> subject.process().output().contains("for those who look on"));
            assertThat(subject.process().output()).contains("Unable to open the destination of verbose messages");
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
