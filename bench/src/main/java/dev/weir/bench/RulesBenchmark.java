package dev.weir.bench;

import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.model.Model;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.CompiledChain;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.MessageSelector;
import dev.weir.engine.rule.NameSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.RuleChain;
import dev.weir.engine.rule.RuleWalk;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.rule.SuffixSet;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.wire.Name;
import dev.weir.wire.Rcode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a thousand rules that do not match cost each query, a quarter each of name, suffix, network, and type with regular expression:
 * compiled, and asked one by one. And what making the compiled chain costs.
 *
 * <pre>{@code ./mvnw -q -pl bench -am -DskipTests package && bench/jmh RulesBenchmark -prof gc}</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx512m"})
public class RulesBenchmark {
    /** The type that the regular expressions' rules ask for: another one than the query's, or its own. */
    @Param({"TXT", "A"})
    public String regexType = "TXT";

    private final byte[] question = SampleMessages.question("www.example.net.");
    private List<Rule<Action>> rules;
    private CompiledChain<Action> chain;
    private List<Rule<Action>> many;
    private RuleWalk walk;
    private Lane withRules;
    private Lane without;

    @Setup
    public void prepare() {
        int type = regexType.equals("A") ? 1 : 16;
        rules = mixed(250, type);
        many = mixed(25_000, type);
        chain = CompiledChain.of(rules);
        Model model = new Model();
        model.rules().set(rules);
        withRules = refusing(model);
        without = refusing(new Model());
        walk = new RuleWalk(withRules.worker());
        if (withRules.ask(question) != WalkVerdict.ANSWER || walk.first(chain, withRules.query()) >= 0) {
            throw new IllegalStateException("a rule matches");
        }
        for (Rule<Action> rule : rules) {
            if (rule.selector().matches(withRules.query(), withRules.worker())) {
                throw new IllegalStateException(rule.selector().text() + " matches");
            }
        }
    }

    /** With a last rule that refuses everything. */
    private static Lane refusing(Model model) {
        Rule<Action> refused =
                Rule.of(new LogicSelector.All(), new Answering.RCode(Rcode.REFUSED, AnswerFlags.DEFAULT), null, "");
        model.rules().add(refused);
        model.start();
        return new Lane(model);
    }

    private static List<Rule<Action>> mixed(int each, int type) {
        List<Selector> selectors = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            selectors.add(new NameSelector.QName(Name.parse("host" + i + ".example.net.")));
            selectors.add(
                    new NameSelector.Suffix(SuffixSet.of(List.of(Name.parse("zone" + i + ".example.net."))), false));
            String network = "10." + (i >> 8 & 0xff) + "." + (i & 0xff) + ".0/24";
            selectors.add(new ClientSelector.Netmasks(NetmaskGroup.parse(List.of(network)), true, false));
            Expression expression = Expression.posix("^bad" + i + "[0-9]+\\.example\\.net$");
            selectors.add(new LogicSelector.And(
                    List.of(new MessageSelector.QType(type), new NameSelector.Regex(expression))));
        }
        List<Rule<Action>> all = new ArrayList<>();
        selectors.forEach(selector -> all.add(Rule.of(selector, new Action.Drop(), null, "")));
        return all;
    }

    /** From a received datagram to REFUSED by the only rule. */
    @Benchmark
    public WalkVerdict refused() {
        return without.ask(question);
    }

    /** The same behind the thousand rules: the difference is what they cost. */
    @Benchmark
    public WalkVerdict refusedAfterRules() {
        return withRules.ask(question);
    }

    /** The thousand rules alone, asked one by one. */
    @Benchmark
    public int oneByOne() {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).selector().matches(withRules.query(), withRules.worker())) {
                return i;
            }
        }
        return -1;
    }

    /** The thousand rules alone, compiled. */
    @Benchmark
    public int compiled() {
        return walk.first(chain, withRules.query());
    }

    /** Compiling a chain of 100,000 rules. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public CompiledChain<Action> compile100k() {
        return CompiledChain.of(many);
    }

    /** Adding 10,000 rules one by one while the chain is in use. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public CompiledChain<Action> add10k() {
        RuleChain<Action> growing = new RuleChain<>(() -> {}, this);
        for (int i = 0; i < 10_000; i++) {
            growing.add(many.get(i));
            growing.compiled();
        }
        return growing.compiled();
    }
}
