package dev.weir.engine.walk;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.Result;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.query.Query;
import dev.weir.engine.rate.RateTable;
import dev.weir.engine.rate.TokenBucket;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.ContextSelector;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.MessageSelector;
import dev.weir.engine.rule.NameSelector;
import dev.weir.engine.rule.NameSet;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.rule.StatefulSelector;
import dev.weir.engine.rule.SuffixSet;
import dev.weir.testkit.DnsQuery;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Rules of all kinds over few names and networks, so that many queries meet some: pure, stateful, with sets that rules share and that
 * change while queries pass, with actions that go on and such that give the query another name. The operator's own code notes each call.
 */
final class RandomRules {
    private static final String[] LABELS = {"a", "b", "www", "Mail"};
    private static final String[] ZONES = {"example.", "TEST.", "b.test.", "."};
    private static final int[] TYPES = {1, 28, 16, 255};
    private static final int[] PREFIXES_4 = {0, 8, 16, 24, 31, 32};
    private static final int[] PREFIXES_6 = {0, 32, 64, 127, 128};

    /** What happened, in order. */
    final List<String> events = new ArrayList<>();

    private final Random random;
    private final List<SuffixSet> suffixes = new ArrayList<>();
    private final List<NetmaskGroup> groups = new ArrayList<>();
    private final List<NameSet> names = new ArrayList<>();
    private int codes;

    RandomRules(Random random) {
        this.random = random;
        for (int i = 0; i < 3; i++) {
            suffixes.add(suffixes());
            groups.add(group());
            names.add(names());
        }
    }

    /** Mostly short chains, some long ones, some empty. */
    int ruleCount() {
        return switch (random.nextInt(10)) {
            case 0 -> random.nextInt(4);
            case 1 -> 100 + random.nextInt(200);
            default -> random.nextInt(40);
        };
    }

    Rule<Action> rule() {
        return Rule.of(selector(0), action(), null, "");
    }

    static DnsQuery question(Random random) {
        return DnsQuery.of(nameText(random), TYPES[random.nextInt(TYPES.length)]);
    }

    static Endpoint client(Random random) {
        return new Endpoint(address(random), 1024 + random.nextInt(2));
    }

    private static IpAddress address(Random random) {
        return random.nextInt(3) > 0
                ? IpAddress.parse("10." + random.nextInt(2) + "." + random.nextInt(3) + "." + random.nextInt(4))
                : IpAddress.parse("2001:db8:" + random.nextInt(2) + "::" + random.nextInt(3));
    }

    private static String nameText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int labels = random.nextInt(4); labels > 0; labels--) {
            text.append(LABELS[random.nextInt(LABELS.length)]).append('.');
        }
        String zone = ZONES[random.nextInt(ZONES.length)];
        return text.isEmpty() || !zone.equals(".") ? text + zone : text.toString();
    }

    private Name name() {
        return Name.parse(nameText(random));
    }

    private Netmask netmask() {
        IpAddress ip = address(random);
        int[] prefixes = ip.isV4() ? PREFIXES_4 : PREFIXES_6;
        return new Netmask(ip, prefixes[random.nextInt(prefixes.length)], random.nextInt(6) == 0);
    }

    private SuffixSet suffixes() {
        SuffixSet set = new SuffixSet();
        for (int i = random.nextInt(4); i > 0; i--) {
            set.add(name());
        }
        return set;
    }

    private NameSet names() {
        NameSet set = new NameSet();
        for (int i = random.nextInt(4); i > 0; i--) {
            set.add(name());
        }
        return set;
    }

    private NetmaskGroup group() {
        NetmaskGroup group = new NetmaskGroup();
        for (int i = random.nextInt(4); i > 0; i--) {
            group.add(netmask());
        }
        return group;
    }

    private Selector selector(int depth) {
        return switch (random.nextInt(depth > 2 ? 12 : 20)) {
            case 0, 1 -> new NameSelector.QName(name());
            case 2, 3 ->
                new NameSelector.Suffix(random.nextInt(4) == 0 ? suffixes.get(random.nextInt(3)) : suffixes(), true);
            case 4, 5 ->
                new ClientSelector.Netmasks(
                        random.nextInt(4) == 0 ? groups.get(random.nextInt(3)) : group(), random.nextBoolean(), true);
            case 6, 7 -> new MessageSelector.QType(TYPES[random.nextInt(TYPES.length)]);
            case 8 -> new NameSelector.QNameSet(random.nextBoolean() ? names.get(random.nextInt(3)) : names());
            case 9 -> plain();
            case 10, 11 -> random.nextInt(4) == 0 ? stateful() : plain();
            case 12, 13, 14, 15, 16 -> new LogicSelector.And(parts(depth));
            case 17, 18 -> new LogicSelector.Or(parts(depth));
            default -> new LogicSelector.Not(selector(depth + 1));
        };
    }

    private List<Selector> parts(int depth) {
        List<Selector> parts = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            parts.add(selector(depth + 1));
        }
        return parts;
    }

    private Selector plain() {
        return switch (random.nextInt(9)) {
            case 0 -> new LogicSelector.All();
            case 1 -> new ClientSelector.Tcp(random.nextBoolean());
            case 2 -> new MessageSelector.Rd();
            case 3 -> new ContextSelector.Tag("tag" + random.nextInt(3), random.nextBoolean() ? null : "1");
            case 4 -> new NameSelector.Regex(Expression.posix("^(www|a)\\.b"));
            case 5 -> new NameSelector.LabelsCount(1, 1 + random.nextInt(3));
            case 6 -> new ClientSelector.DstPort(1024);
            case 7 -> new NameSelector.WireLength(5, 12);
            default -> new MessageSelector.TrailingData();
        };
    }

    private Selector stateful() {
        return switch (random.nextInt(4)) {
            case 0 -> new StatefulSelector.MaxQps(new TokenBucket(20 + random.nextInt(100), 5, 0));
            case 1 ->
                new StatefulSelector.MaxQpsIp(
                        new RateTable(new RateTable.Spec(1 + random.nextInt(5), 24, 64, 2, 300, 1024)));
            case 2 -> new StatefulSelector.Probability(random.nextDouble());
            default -> code();
        };
    }

    /** The operator's: notes that it was asked; some change the query or a set while they are asked. */
    private Selector code() {
        int number = codes++;
        int kind = random.nextInt(8);
        Effect effect = effect();
        return new StatefulSelector.Custom("code " + number, query -> {
            events.add("code " + number + " asked about " + query.name());
            if (kind == 0) {
                effect.on(query);
            }
            return (query.nameLength() + number) % 3 == 0;
        });
    }

    private Action action() {
        Effect effect = effect();
        return switch (random.nextInt(24)) {
            case 0 -> new Action.Drop();
            case 1 -> new Action.Allow();
            case 2 -> new Action.ToPool("p" + random.nextInt(3), random.nextBoolean());
            case 3, 4, 5 -> new Action.SetTag("tag" + random.nextInt(3), "" + random.nextInt(2));
            case 6 -> new Action.UnsetTag("tag" + random.nextInt(3));
            case 7 -> new Action.SetNoRecurse();
            case 8 -> new Action.SetSkipCache();
            case 9 -> new Action.Qps(new TokenBucket(10 + random.nextInt(100), 5, 0));
            case 10, 11 ->
                new Action.Custom("code", query -> {
                    effect.on(query);
                    return Result.NONE;
                });
            default -> new Action.None();
        };
    }

    private interface Effect {
        void on(Query query);
    }

    private Effect effect() {
        int which = random.nextInt(3);
        Name name = name();
        Netmask netmask = netmask();
        return switch (random.nextInt(8)) {
            case 0 -> query -> suffixes.get(which).add(name);
            case 1 -> query -> suffixes.get(which).remove(name);
            case 2 -> query -> names.get(which).add(name);
            case 3 -> query -> names.get(which).remove(name);
            case 4 -> query -> groups.get(which).add(netmask);
            case 5 -> query -> groups.get(which).remove(netmask);
            default -> query -> query.rename(name);
        };
    }
}
