package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTextTest {
    @Test
    void addressesWithAndWithoutPort() {
        assertThat(AddressText.parse("192.0.2.1", 53)).isEqualTo(address("192.0.2.1", 53));
        assertThat(AddressText.parse("192.0.2.1:54", 53)).isEqualTo(address("192.0.2.1", 54));
        assertThat(AddressText.parse("::1", 53)).isEqualTo(address("::1", 53));
        assertThat(AddressText.parse("[::1]", 53)).isEqualTo(address("::1", 53));
        assertThat(AddressText.parse("[::1]:54", 53)).isEqualTo(address("::1", 54));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", "192.0.2.1:x", "192.0.2.1:65536", "192.0.2.1:-1", "[::1]x", "[::1", "[]:1"})
    void whatIsNoAddressIsNull(String text) {
        assertThat(AddressText.parse(text, 53)).isNull();
    }

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }
}
