package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class DemoOptionsTest {
    @Test
    void defaultsNeedNoRootAndNoNetwork() throws UsageException {
        assertThat(DemoOptions.parse())
                .isEqualTo(new DemoOptions(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5300), 0, true, false));
    }

    @Test
    void addressAndDuration() throws UsageException {
        assertThat(DemoOptions.parse("--quiet", "--listen", "[::1]:53", "--for", "2"))
                .isEqualTo(new DemoOptions(new InetSocketAddress(InetAddress.ofLiteral("::1"), 53), 2, true, true));
        assertThat(DemoOptions.parse("--for", "2", "--help")).isNull();
    }

    @Test
    void mistakesAreNamed() {
        assertMistake("unknown argument of demo: --bogus", "--bogus");
        assertMistake("--for needs a value", "--for");
        assertMistake("not 0", "--for", "0");
        assertMistake("not x", "--for", "x");
        assertMistake("not host", "--listen", "host");
    }

    private static void assertMistake(String part, String... arguments) {
        assertThatThrownBy(() -> DemoOptions.parse(arguments))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(part);
    }
}
