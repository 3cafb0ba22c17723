package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.ClientRange;
import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.model.Model;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.ring.RingReport;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.MessageSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.script.listing.AclListing;
import dev.weir.script.listing.BindListing;
import dev.weir.script.listing.BlockListing;
import dev.weir.script.listing.LatencyListing;
import dev.weir.script.listing.PolicyListing;
import dev.weir.script.listing.PoolListing;
import dev.weir.script.listing.RuleListing;
import dev.weir.script.listing.ServerListing;
import dev.weir.script.listing.StatisticsListing;
import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TempDirectory;
import dev.weir.web.console.ConsoleClient;
import dev.weir.web.console.ConsoleKey;
import dev.weir.web.console.ConsoleSettings;
import dev.weir.wire.Name;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Do our listings read byte for byte like those of Debian's dnsdist that holds the same servers, pools, rules and networks? */
class ListingsLikeDnsdistTest {
    private static final UUID RULE = UUID.fromString("41111111-2222-3333-4444-555555555555");
    private static final UUID RESPONSE_RULE = UUID.fromString("51111111-2222-3333-4444-555555555555");
    private static final List<String> ACL = List.of("fe80::/10", "192.168.1.7/24", "!10.1.2.3/8", "10.0.0.0/16", "::1");
    private static final String LONG_NAME = "a-name-that-no-column-has-room-for";

    private final Model model = new Model();
    private final int dnsPort = LoopbackPorts.free();

    private String config(int consolePort) {
        return """
                addLocal("127.0.0.1:%d")
                controlSocket("127.0.0.1:%d")
                setKey("%s")
                setSecurityPollSuffix("")
                setACL({"%s"})
                newServer({address="127.0.0.1:1", name="%s", qps=1000, order=3, weight=7, pool={"", "b"}}):setDown()
                newServer({address="[2001:db8:1111:2222:3333:4444:5555:6666]:65535", qps=123456789, pool={"b", "a"}}):setUp()
                getPool(""):setCache(newPacketCache(1234))
                setPoolServerPolicy(whashed, "a")
                addAction(AndRule({QTypeRule(DNSQType.TXT), TCPRule(false)}), TCAction(), {name="%s", uuid="%s"})
                addResponseAction(AllRule(), DropResponseAction(), {uuid="%s"})
                """.formatted(
                        dnsPort,
                        consolePort,
                        DnsProcess.CONSOLE_KEY,
                        String.join("\", \"", ACL),
                        LONG_NAME,
                        LONG_NAME,
                        RULE,
                        RESPONSE_RULE);
    }

    private void configureOurs() {
        Endpoint listen = Endpoint.parse("127.0.0.1:" + dnsPort, 53);
        model.engine().addFrontend(new Frontend(listen, Protocol.DO_UDP, true));
        model.engine().addFrontend(new Frontend(listen, Protocol.DO_TCP, true));
        model.setAcl(NetmaskGroup.parse(ACL));
        BackendSpec.Builder named = BackendSpec.of(Endpoint.parse("127.0.0.1:1", 53));
        named.name = LONG_NAME;
        named.qps = 1000;
        named.order = 3;
        named.weight = 7;
        named.pools = List.of("", "b");
        add(named, false);
        BackendSpec.Builder nameless =
                BackendSpec.of(Endpoint.parse("[2001:db8:1111:2222:3333:4444:5555:6666]:65535", 53));
        nameless.qps = 123_456_789;
        nameless.pools = List.of("b", "a");
        add(nameless, true);
        model.pool("").setCache(new PacketCache(CacheSpec.of(1234), 0, bound -> 0));
        model.pool("a").setPolicy(new Policy.WeightedHashed());
        Selector txtOverUdp =
                new LogicSelector.And(List.of(new MessageSelector.QType(16), new ClientSelector.Tcp(false)));
        model.rules().add(Rule.of(txtOverUdp, new Action.Truncate(), RULE, LONG_NAME));
        model.responseRules().add(Rule.of(new LogicSelector.All(), new ResponseAction.Drop(), RESPONSE_RULE, ""));
    }

    private void add(BackendSpec.Builder spec, boolean up) {
        Backend backend = new Backend(spec.build());
        backend.health().force(up);
        model.addBackend(backend);
    }

    @Test
    void sameBytes() throws IOException {
        configureOurs();
        int consolePort = LoopbackPorts.free();
        ConsoleKey key = Objects.requireNonNull(ConsoleKey.parse(DnsProcess.CONSOLE_KEY));
        try (TempDirectory directory = TempDirectory.create("weir-listings")) {
            directory.write("dnsdist.conf", config(consolePort));
            List<String> command =
                    List.of("/usr/bin/dnsdist", "--supervised", "--disable-syslog", "-C", "dnsdist.conf");
            try (ChildProcess dnsdist = ChildProcess.start(directory.path(), command)) {
                assertThat(Await.reached(Await.PATIENCE, () -> LoopbackPorts.tcpListening(consolePort)))
                        .as(dnsdist.output())
                        .isTrue();
                try (ConsoleClient theirs = ConsoleClient.connect(
                        LoopbackPorts.address(consolePort), key, ConsoleSettings.DEFAULT_MAX_MESSAGE_BYTES)) {
                    compare(theirs);
                }
            }
        }
    }

    private void compare(ConsoleClient theirs) throws IOException {
        assertThat(withoutTcpColumn(ServerListing.show(model, false))).isEqualTo(theirs.execute("showServers()"));
        assertThat(PoolListing.show(model)).isEqualTo(theirs.execute("showPools()"));
        assertThat(BindListing.show(model.engine().frontends())).isEqualTo(theirs.execute("showBinds()"));
        assertThat(AclListing.show(model.acl())).isEqualTo(theirs.execute("showACL()"));
        assertThat(PolicyListing.show(model)).isEqualTo(theirs.execute("showServerPolicy()"));
        assertThat(PolicyListing.show(model, "a")).isEqualTo(theirs.execute("showPoolServerPolicy(\"a\")"));
        assertThat(RuleListing.show(model.rules(), false, RuleListing.UNTRUNCATED))
                .isEqualTo(theirs.execute("showRules()"));
        assertThat(RuleListing.show(model.rules(), false, 9))
                .isEqualTo(theirs.execute("showRules({truncateRuleWidth=9})"));
        assertThat(RuleListing.top(model.rules(), 10, false, RuleListing.UNTRUNCATED))
                .isEqualTo(theirs.execute("topRules()"));
        assertThat(withoutCreationOrder(RuleListing.show(model.responseRules(), true, RuleListing.UNTRUNCATED)))
                .isEqualTo(withoutCreationOrder(theirs.execute("showResponseRules({showUUIDs=true})")));
        assertThat(LatencyListing.show(new RingReport(model.engine().rings()).latency()))
                .isEqualTo(theirs.execute("showResponseLatency()"));
        compareBlocks(theirs);
        String statistics = new StatisticsListing(model.engine()).dumpStats();
        assertThat(columns(statistics)).containsAll(columns(theirs.execute("dumpStats()")));
    }

    private void compareBlocks(ConsoleClient theirs) throws IOException {
        String empty = BlockListing.show(model.engine().blocks(), System.nanoTime());
        assertThat(withoutEbpfColumn(empty)).isEqualTo(theirs.execute("showDynBlocks()"));
        DynamicBlocks blocks = model.engine().blocks();
        BlockSpec drop = BlockSpec.of("a reason that needs some room", 100_000, Result.NONE);
        for (String address : List.of("192.0.2.7", "10.0.0.1", "2001:db8:1111:2222:3333:4444:5555:6666")) {
            theirs.execute("addDynBlocks({[newCA('%s')]=1}, '%s', 100000)".formatted(address, drop.reason()));
            blocks.insert(ClientRange.of(Netmask.parse(address)), drop, System.nanoTime());
        }
        Result[] actions = {Result.REFUSED, Result.NXDOMAIN, Result.TRUNCATE, Result.NO_RECURSE, Result.NO_OP};
        List<String> names = List.of("b.a.test.", "a.test.", "x.B.test.", "test.", "a.b.a.test.");
        for (int i = 0; i < actions.length; i++) {
            String call = "addDynBlockSMT({'%s'}, 'r', 100000, DNSAction.%s)";
            theirs.execute(call.formatted(names.get(i), actions[i].luaName()));
            Name name = Name.parse(names.get(i).toLowerCase(Locale.ROOT));
            blocks.insert(name, BlockSpec.of("r", 100_000, actions[i]), System.nanoTime());
        }
        String ours = withoutEbpfColumn(BlockListing.show(blocks, System.nanoTime()));
        assertThat(withoutSeconds(ours)).isEqualTo(withoutSeconds(theirs.execute("showDynBlocks()")));
    }

    /** The column is new since 2.0. */
    private static String withoutEbpfColumn(String listing) {
        return listing.replaceAll("(?m) (eBPF| {4}) {6}(?= [^ ]*( [^ ]+)*$)", "");
    }

    private static String withoutSeconds(String listing) {
        return listing.replaceAll(" 100000 |  99999 ", " ###### ");
    }

    /** Since 2.0 there is a column TCP behind Lat, and both show {@code -} instead of 0.0 before the first answer. */
    private static String withoutTcpColumn(String listing) {
        return listing.replace("  Lat   TCP", "  Lat")
                .replace("    -     -", "  0.0")
                .replaceAll("(?m)^(All.*) {6}$", "$1");
    }

    /** The counter is the process's, and other tests may have made rules in ours. */
    private static String withoutCreationOrder(String listing) {
        return listing.replaceAll("(?<=-[0-9a-f]{12} {3}) *[0-9]+ (?= )", "");
    }

    /** Each cell of a dump with its value's whole part blanked, so that names and columns are left. */
    private static SortedSet<String> columns(String dump) {
        SortedSet<String> cells = new TreeSet<>();
        for (String line : dump.split("\n", -1)) {
            int second = Math.min(51, line.length());
            for (String cell : List.of(line.substring(0, second), line.substring(second))) {
                cells.add(cell.stripTrailing().replaceAll("\t *[0-9]+", "\t#"));
            }
        }
        return cells;
    }
}
