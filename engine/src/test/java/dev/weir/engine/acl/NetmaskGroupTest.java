package dev.weir.engine.acl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NetmaskGroupTest {
    private static boolean match(NetmaskGroup group, String address) {
        return group.match(IpAddress.parse(address));
    }

    @Test
    void theMostSpecificNetworkDecides() {
        NetmaskGroup group = NetmaskGroup.parse(List.of("10.0.0.0/8", "!10.1.0.0/16", "10.1.1.1"));
        assertThat(match(group, "10.2.0.1")).isTrue();
        assertThat(match(group, "10.1.0.1")).isFalse();
        assertThat(match(group, "10.1.1.1")).isTrue();
        assertThat(match(group, "11.0.0.1")).isFalse();
    }

    @Test
    void familiesDontMix() {
        NetmaskGroup group = NetmaskGroup.parse(List.of("0.0.0.0/0"));
        assertThat(match(group, "192.0.2.1")).isTrue();
        assertThat(match(group, "::192.0.2.1")).isFalse();
        assertThat(match(group, "::ffff:192.0.2.1")).isFalse();
    }

    @Test
    void removedNetworksNoLongerMatch() {
        NetmaskGroup group = NetmaskGroup.parse(List.of("192.0.2.0/24", "192.0.2.128/25"));
        assertThat(group.remove(Netmask.parse("192.0.2.0/24"))).isTrue();
        assertThat(group.remove(Netmask.parse("192.0.2.0/24"))).isFalse();
        assertThat(match(group, "192.0.2.1")).isFalse();
        assertThat(match(group, "192.0.2.129")).isTrue();
        assertThat(group.size()).isEqualTo(1);
        assertThat(group).hasToString("192.0.2.128/25");
    }

    /** Networks that come and go leave no memory behind: what is kept is what a new group of the same networks keeps. */
    @Test
    void removedNetworksTakeNoMemory() {
        NetmaskGroup group = NetmaskGroup.parse(List.of("2001:db8::/32", "192.0.2.0/25"));
        for (int i = 0; i < 100_000; i++) {
            Netmask v6 = Netmask.of(IpAddress.v6(0x2001_0db8_0000_0000L | i, i), 128);
            Netmask v4 = Netmask.of(IpAddress.parse("192.0.2.128"), 25 + i % 8);
            group.add(v6);
            group.add(v4);
            assertThat(group.remove(v6)).isTrue();
            assertThat(group.remove(v4)).isTrue();
        }
        assertThat(group.nodes())
                .isEqualTo(NetmaskGroup.parse(List.of("2001:db8::/32", "192.0.2.0/25"))
                        .nodes());
        assertThat(match(group, "2001:db8::1")).isTrue();
        assertThat(match(group, "192.0.2.1")).isTrue();
        assertThat(match(group, "192.0.2.129")).isFalse();
    }

    /** The trie and a walk over the list agree, whatever the networks. */
    @Test
    void agreesWithAListOfNetworks() {
        Random random = new Random(11);
        for (int round = 0; round < 50; round++) {
            List<Netmask> masks = new ArrayList<>();
            NetmaskGroup group = new NetmaskGroup();
            for (int i = 0; i < 40; i++) {
                IpAddress ip = address(random);
                int prefix = random.nextInt(ip.bits() + 1);
                Netmask mask = new Netmask(ip.truncate(prefix), prefix, random.nextInt(4) == 0);
                masks.removeIf(old -> old.prefix() == mask.prefix() && old.ip().equals(mask.ip()));
                masks.add(mask);
                group.add(mask);
            }
            assertThat(group.size()).isEqualTo(masks.size());
            for (int i = 0; i < 500; i++) {
                IpAddress ip = address(random);
                boolean expected = masks.stream()
                        .filter(mask -> mask.matches(ip))
                        .max(Comparator.comparingInt(Netmask::prefix))
                        .map(mask -> !mask.negated())
                        .orElse(false);
                assertThat(group.match(ip)).as("%s in %s", ip, group).isEqualTo(expected);
            }
        }
    }

    /** Addresses from a narrow space, so that networks nest and hit. */
    private static IpAddress address(Random random) {
        return random.nextBoolean()
                ? IpAddress.v4(random.nextInt() & 0xc000_0303)
                : IpAddress.v6(random.nextLong() & 0xc000_0000_0000_0003L, random.nextLong() & 0x8000_0000_0000_0003L);
    }
}
