package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InetEndpointTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.255, 192.0.2.255:53",
        "0.0.0.0, 0.0.0.0:53",
        "::, [::]:53",
        "::1, [::1]:53",
        "2001:db8::, [2001:db8::]:53",
        "2001:db8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:53",
        "2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]:53",
        "2001:0:0:1:0:0:0:1, [2001:0:0:1::1]:53",
        "1:2:3:4:5:6:7:8, [1:2:3:4:5:6:7:8]:53",
        "fe80::dead:beef, [fe80::dead:beef]:53",
    })
    void textIsThatOfRfc5952(String address, String text) throws Exception {
        assertThat(InetEndpoint.of(new InetSocketAddress(InetAddress.getByName(address), 53)))
                .hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "255.254.253.252", "::1", "2001:db8:ffff:eeee:8000:1:2:3", "fe80::1%1"})
    void survivesTheJdkAndTheKernelForm(String address) throws Exception {
        InetSocketAddress jdk = new InetSocketAddress(InetAddress.getByName(address), 65535);
        InetEndpoint endpoint = InetEndpoint.of(jdk);
        assertThat(endpoint.toInetSocketAddress()).isEqualTo(jdk);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(64).fill((byte) 0x55);
            Sockaddr.write(
                    memory, 8, endpoint.family(), endpoint.hi(), endpoint.lo(), endpoint.port(), endpoint.scopeId());
            assertThat(Sockaddr.endpoint(memory, 8)).isEqualTo(endpoint);
        }
    }

    @Test
    void portsAreInNetworkOrder() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(28);
            assertThat(Sockaddr.write(memory, 0, 4, 0, 0x7F000001L, 53, 0)).isEqualTo(16);
            assertThat(memory.asSlice(2, 6).toArray(Struct.BYTE)).containsExactly(0, 53, 127, 0, 0, 1);
            assertThat(Sockaddr.write(memory, 0, 6, 0, 1, 53, 0)).isEqualTo(28);
        }
    }

    @Test
    void wrongPartsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new InetEndpoint(5, 0, 0, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new InetEndpoint(4, 0, 1L << 32, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new InetEndpoint(4, 0, 0, 65536, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InetEndpoint.of(InetSocketAddress.createUnresolved("name.example", 1)));
    }
}
