package dev.weir.script.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.CacheStats;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.model.Model;
import dev.weir.engine.policy.Policy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shorter listings, each as dnsdist 1.7.3 printed it for the same objects (columns added since then aside). */
class ListingsTest {
    private final Model model = new Model();

    @Test
    void pools() {
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse("127.0.0.1:15313", 53));
        spec.name = "main";
        spec.pools = List.of("", "a-pool-with-a-long-name");
        spec.order = 3;
        model.addBackend(new Backend(spec.build()));
        model.addBackend(
                new Backend(BackendSpec.of(Endpoint.parse("[::1]:15314", 53)).build()));
        model.pool("").setCache(new PacketCache(CacheSpec.of(1234), 0, bound -> 0));
        model.pool("a-pool-with-a-long-name")
                .setPolicy(new Policy.Custom("a-policy-name-longer-than-the-column", (s, q, context) -> null));
        assertThat(PoolListing.show(model)).isEqualTo("""
                Name                                    Cache         ServerPolicy Servers
                                                       0/1234     leastOutstanding [::1]:15314 [::1]:15314, main 127.0.0.1:15313
                a-pool-with-a-long-n                          a-policy-name-longer-than-the-column main 127.0.0.1:15313
                """);
    }

    @Test
    void policies() {
        model.setPolicy(new Policy.RoundRobin());
        model.pool("own").setPolicy(new Policy.WeightedHashed());
        assertThat(PolicyListing.show(model)).isEqualTo("roundrobin\n");
        assertThat(PolicyListing.show(model, "")).isEqualTo("roundrobin\n");
        assertThat(PolicyListing.show(model, "own")).isEqualTo("whashed\n");
        assertThatThrownBy(() -> PolicyListing.show(model, "none")).hasMessage("No pool named none");
    }

    @Test
    void binds() {
        Frontend first = new Frontend(Endpoint.parse("127.0.0.1:15311", 53), Protocol.DO_UDP, true);
        first.queries().add(31);
        Endpoint second = Endpoint.parse("[fd00:1111:2222:3333:4444:5555:6666:7777]:15311", 53);
        assertThat(BindListing.show(List.of(first, new Frontend(second, Protocol.DO_TCP, true))))
                .isEqualTo("""
                #   Address                        Protocol              Queries
                0   127.0.0.1:15311                UDP                   31
                1   [fd00:1111:2222:3333           TCP                   0
                """);
    }

    @Test
    void acl() {
        NetmaskGroup acl = NetmaskGroup.parse(List.of(
                "fe80::/10", "192.168.1.7/24", "!10.1.2.3/8", "127.0.0.0/8", "10.0.0.0/16", "::1", "2001:db8::1:2/32"));
        assertThat(AclListing.show(acl)).isEqualTo("""
                10.0.0.0/16
                !10.0.0.0/8
                127.0.0.0/8
                192.168.1.0/24
                ::1/128
                2001:db8::/32
                fe80::/10
                """);
    }

    @Test
    void cacheStats() {
        assertThat(CacheListing.printStats(new CacheStats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)))
                .isEqualTo("""
                Entries: 1/2
                Hits: 3
                Misses: 4
                Deferred inserts: 5
                Deferred lookups: 6
                Lookup Collisions: 7
                Insert Collisions: 8
                TTL Too Shorts: 9
                Cleanup Count: 10
                """);
    }

    @Test
    void help() {
        List<String> names = List.of("showServers", "ServerPolicy", "addACL", "show");
        assertThat(HelpListing.show(names, "")).isEqualTo("addACL\nServerPolicy\nshow\nshowServers\n");
        assertThat(HelpListing.show(names, "sho")).isEqualTo("show\nshowServers\n");
        assertThat(HelpListing.show(names, "show")).isEqualTo("show(text)\nshowServers\n");
        assertThat(HelpListing.show(names, "zz")).isEqualTo("Nothing found for zz\n");
    }

    @Test
    void helpOfOneFunction() {
        List<String> names = List.of("newServer", "newServerPolicy", "addCapabilitiesToRetain", "addDOHLocal");
        assertThat(HelpListing.show(names, "newServer"))
                .startsWith("newServer(address or options) -> Server\n  in part: see its options\n  options: ")
                .contains(" address,", " checkInterval,", "\n  cpus: without effect: no thread belongs to a server\n")
                .endsWith("\nnewServerPolicy\n");
        assertThat(HelpListing.show(names, "newServer").lines()).allMatch(line -> line.length() <= 100);
        assertThat(HelpListing.show(names, "addCapabilitiesToRetain"))
                .isEqualTo("addCapabilitiesToRetain(capabilities)\n");
        assertThat(HelpListing.show(names, "addDOHLocal")).contains("\n  cpus: without effect: ");
    }

    @Test
    void helpOfClassesAndTheirMembers() {
        assertThat(HelpListing.show(List.of(), "Server"))
                .contains("Server:isUp()\n", "Server:upStatus\n")
                .doesNotContain("ServerPool:");
        assertThat(HelpListing.show(List.of(), "ServerPool:getCache"))
                .isEqualTo("ServerPool:getCache() -> PacketCache\n");
        assertThat(HelpListing.show(List.of(), "ServerPool.getCache"))
                .isEqualTo("ServerPool:getCache() -> PacketCache\n");
    }
}
