package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.kernel.AbsentFilter;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MemoryFilter;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packet filters as Lua sees them; texts are those that dnsdist 1.7.3 was seen to write, where it has the function. */
class PacketFiltersTest {
    private final List<FilterSpec> opened = new ArrayList<>();

    private World world() {
        World world = new World();
        world.host.filtering = spec -> {
            opened.add(spec);
            return new MemoryFilter(spec);
        };
        return world;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "newBPFFilter(3, 2, 1)",
                "newBPFFilter({maxItems=3}, {maxItems=2}, {maxItems=1})",
                "newBPFFilter(3, {maxItems=2}, 1, false)",
                "newBPFFilter({ipv4MaxItems=3, ipv6MaxItems=2, qnamesMaxItems=1, external=false})"
            })
    void allHistoricalForms(String call) {
        world().with("bpf = " + call);
        FilterSpec spec = opened.getFirst();
        assertThat(spec.external()).isFalse();
        assertThat(spec.table(Kind.IPV4).maxItems()).isEqualTo(3);
        assertThat(spec.table(Kind.IPV6).maxItems()).isEqualTo(2);
        assertThat(spec.table(Kind.QNAMES).maxItems()).isEqualTo(1);
        assertThat(spec.table(Kind.CIDR4).maxItems()).isZero();
        assertThat(spec.table(Kind.SUFFIXES)).isEqualTo(new FilterSpec.Table(1, ""));
    }

    @Test
    void pinsAndTheSizesOfOurOwnTables() {
        world().with("""
                newBPFFilter({maxItems=9, pinnedPath='/sys/fs/bpf/d/v4'}, {maxItems=8}, {maxItems=7}, true)
                newBPFFilter({ipv4MaxItems=9, cidr4MaxItems=5, qnamesMaxItems=4, qnamesPinnedPath='/sys/fs/bpf/d/q',
                    external=true, optional=true, qtypeAny=255})
                newBPFFilter({external=true, suffixesMaxItems=1, suffixesPinnedPath='/s', ratesMaxItems=2})
                """);
        FilterSpec old = opened.get(0);
        assertThat(old.external()).isTrue();
        assertThat(old.table(Kind.IPV4).pinnedPath()).isEqualTo("/sys/fs/bpf/d/v4");
        assertThat(old.table(Kind.SUFFIXES)).isEqualTo(new FilterSpec.Table(7, "/sys/fs/bpf/d/weir-suffixes"));
        assertThat(old.table(Kind.RATES4)).isEqualTo(new FilterSpec.Table(9, "/sys/fs/bpf/d/weir-rates4"));
        assertThat(old.table(Kind.RATES6)).isEqualTo(new FilterSpec.Table(8, "/sys/fs/bpf/d/weir-rates6"));
        FilterSpec named = opened.get(1);
        assertThat(named.optional()).isTrue();
        assertThat(named.anyType()).isEqualTo(255);
        assertThat(named.table(Kind.RATES4).maxItems()).isEqualTo(5);
        FilterSpec own = opened.get(2);
        assertThat(own.table(Kind.SUFFIXES)).isEqualTo(new FilterSpec.Table(1, "/s"));
        assertThat(own.table(Kind.RATES6)).isEqualTo(new FilterSpec.Table(2, ""));
    }

    @Test
    void statisticsLookLikeDnsdists() {
        World world = world().with("""
                bpf = newBPFFilter({ipv4MaxItems=9, ipv6MaxItems=9, qnamesMaxItems=9, cidr4MaxItems=9, cidr6MaxItems=9,
                    external=true})
                bpf:block(newCA("192.0.2.2:55"))
                bpf:block(newCA("192.0.2.1"))
                bpf:block(newCA("2001:db8::1"), BPFAction.Truncate)
                bpf:blockQName(newDNSName("evil.example"), 255)
                bpf:blockQName("any.example")
                bpf:addRangeRule("198.51.100.7/24", 1)
                bpf:addRangeRule("198.51.100.128/25", 0)
                bpf:addRangeRule("2001:db8::/32", 2)
                bpf:blockSuffix("bad.example", 1, BPFAction.Refused)
                bpf:rateLimit("203.0.113.0/24", 10)
                """);
        assertThat(world.ask("bpf:getStats()")).isEqualTo("""
                192.0.2.1: 0
                192.0.2.2: 0
                [2001:db8::1]: 0
                198.51.100.0/24: 0
                198.51.100.128/25: 0
                2001:db8::/32: 0
                any.example. 65535: 0
                evil.example. 255: 0
                *.bad.example. 1: 0
                203.0.113.0/24 rate: 0

                """);
        assertThat(world.ask("bpf:lsRangeRule()")).isEqualTo("""
                198.51.100.0/24 Drop: 0
                198.51.100.128/25 Pass: 0
                2001:db8::/32 Truncate: 0

                """);
        assertThat(world.ask("bpf:unblock(newCA('192.0.2.1')) bpf:unblock(newCA('192.0.2.2'))"
                        + " bpf:unblock(newCA('2001:db8::1')) bpf:unblockQName(newDNSName('EVIL.example'), 255)"
                        + " bpf:unblockQName(newDNSName('any.example')) bpf:rmRangeRule('198.51.100.0/24')"
                        + " bpf:rmRangeRule('198.51.100.128/25') bpf:rmRangeRule('2001:db8::/32')"
                        + " bpf:unblockSuffix('bad.example', 1) bpf:removeRateLimit('203.0.113.0/24')"))
                .isEmpty();
        assertThat(world.ask("bpf:getStats()")).isEqualTo("\n");
    }

    @Test
    void misuseIsToldAsDnsdistTellsIt() {
        World world = world().with("bpf = newBPFFilter(1, 0, 1) bpf:block(newCA('192.0.2.1'))");
        assertThat(world.ask("bpf:block(newCA('192.0.2.1'))"))
                .isEqualTo("Error: BPFFilter:block: Trying to block an already blocked address: 192.0.2.1");
        assertThat(world.ask("bpf:block(newCA('192.0.2.2'))"))
                .isEqualTo("Error: BPFFilter:block: Table full when trying to block 192.0.2.2");
        assertThat(world.ask("bpf:unblock(newCA('192.0.2.2'))"))
                .isEqualTo("Error: BPFFilter:unblock: Error removing blocked address 192.0.2.2:"
                        + " No such file or directory");
        assertThat(world.ask("bpf:unblockQName(newDNSName('evil.nope'), 2)"))
                .isEqualTo("Error: BPFFilter:unblockQName: Error removing qname address evil.nope:"
                        + " No such file or directory");
        assertThat(world.ask("bpf:block(newCA('::1'))")).contains("ipv6MaxItems is 0");
        assertThat(world.ask("bpf:block(newCA('192.0.2.2'), 5)")).contains("'action' must be one of");
        assertThat(world.ask("bpf:addRangeRule('192.0.2.0/24')")).contains("'action' must be a number");
        assertThat(world.ask("bpf:rateLimit('192.0.2.0/24', 0)")).contains("'qps' must be from 1");
        assertThat(world.ask("bpf:foo()")).contains("BPFFilter has no method or attribute 'foo'");
        assertThat(world.ask("newBPFFilter()")).startsWith("Error: newBPFFilter: ");
        assertThat(world.ask("newBPFFilter({qtypeAny=254})")).contains("must be 65535 or 255");
        assertThat(world.ask("setDefaultBPFFilter(bpf)")).isEqualTo("setDefaultBPFFilter cannot be used at runtime!\n");
    }

    /** A restart must not stumble over what the configuration itself has put into a pinned table. */
    @Test
    void pinnedEntriesMayBeThereAlreadyWhileTheConfigurationLoads() {
        String blocks = "bpf:block(newCA('192.0.2.1')) bpf:block(newCA('192.0.2.1'))";
        assertThat(world().load("bpf = newBPFFilter({ipv4MaxItems=9, ipv4PinnedPath='/p/v4'}) " + blocks)
                        .error())
                .isNull();
        assertThat(String.valueOf(
                        world().load("bpf = newBPFFilter(9, 9, 9) " + blocks).error()))
                .contains("Trying to block an already blocked address");
    }

    @Test
    void anOptionalFilterIsDoneWithout() {
        World world = world();
        world.host.filtering = spec -> {
            throw new KernelException(KernelException.Reason.UNAVAILABLE, "no rights");
        };
        assertThat(String.valueOf(world.load("newBPFFilter(1, 1, 1)").error())).contains("newBPFFilter: no rights");
        world = world();
        world.host.filtering = spec -> {
            throw new KernelException(KernelException.Reason.UNAVAILABLE, "no rights");
        };
        world.with("bpf = newBPFFilter({ipv4MaxItems=1, optional=true}) bpf:block(newCA('192.0.2.1'))"
                + " setDefaultBPFFilter(bpf)");
        assertThat(world.model.filters().standard()).isInstanceOf(AbsentFilter.class);
    }

    @Test
    void dynamicFilters() {
        World world = world().with("""
                bpf = newBPFFilter(1, 1, 1)
                dyn = newDynBPFFilter(bpf)
                dyn:excludeRange({"192.0.2.0/24", "2001:db8::/32"})
                dyn:includeRange("192.0.2.9/32")
                registerDynBPFFilter(dyn)
                """);
        world.ask("dyn:block(newCA('192.0.2.8'))");
        world.ask("dyn:block(newCA('2001:db8::1'))");
        assertThat(world.ask("bpf:getStats()")).isEqualTo("\n");
        world.ask("addBPFFilterDynBlocks({[newCA('192.0.2.9')]=5, [newCA('198.51.100.1')]=6}, dyn, 10, 'why')");
        world.ask("dyn:purgeExpired()");
        assertThat(world.ask("bpf:getStats()").lines().filter(line -> !line.isEmpty()))
                .as("one found no room")
                .hasSize(1);
        assertThat(world.model.filters().refused()).isEqualTo(1);
        assertThat(world.model.filters().registered()).hasSize(1);
        world.model.filters().purge(System.nanoTime() + 11_000_000_000L);
        assertThat(world.ask("bpf:getStats()")).isEqualTo("\n");
        world.ask("unregisterDynBPFFilter(dyn)");
        assertThat(world.model.filters().registered()).isEmpty();
        assertThat(world.ask("newDynBPFFilter(1)"))
                .isEqualTo("Error: newDynBPFFilter: 'bpf' must be a BPFFilter, not a number");
    }

    @Test
    void filtersGoBeforeSockets() {
        World world = world().with("bpf = newBPFFilter(1, 1, 1)");
        Frontend frontend = new Frontend(Endpoint.parse("127.0.0.1:5300", 53), Protocol.DO_UDP, false);
        world.model.engine().addFrontend(frontend);
        assertThat(world.ask("getBind(0):attachFilter(bpf)")).contains("the socket of 127.0.0.1:5300 is not open");
        frontend.opened(() -> 7, null);
        Supplier<KernelFilter> before = frontend::filter;
        assertThat(world.ask("getBind(0):attachFilter(bpf)")).isEmpty();
        assertThat(before.get()).isNotNull();
        assertThat(world.ask("getBind(0):detachFilter() getBind(0):detachFilter()"))
                .isEmpty();
        assertThat(before.get()).isNull();
        assertThat(world.ask("bpf:attachToAllBinds()")).isEmpty();
        assertThat(before.get()).isNotNull();
        assertThat(world.ask("getBind(0):attachFilter(nil)")).contains("'filter' must be a BPFFilter, not nil");
    }
}
