package dev.weir.bench;

import dev.weir.engine.expression.Expression;
import dev.weir.engine.expression.ExpressionText;
import dev.weir.engine.expression.Scanners;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a thousand expressions of {@code RegexRule} that do not match cost a query, each time with another one of many names; beside them
 * {@code java.util.regex} with a matcher for each.
 *
 * <pre>{@code ./mvnw -q -pl bench -am -DskipTests package && bench/jmh ExpressionBenchmark -prof gc}</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx512m"})
public class ExpressionBenchmark {
    private static final int NAMES = 1_024;
    private static final String[] WORDS = {
        "www", "mail", "api", "cdn", "static", "img", "login", "shop", "news", "cloud", "edge", "data", "update",
        "example", "service"
    };
    private static final String[] ENDS = {"com", "net", "org", "de", "co.uk", "io", "cloudfront.net", "akamai.net"};

    private final List<Expression> expressions = new ArrayList<>();
    private final List<Matcher> matchers = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final Scanners scanners = new Scanners();
    private final ExpressionText text = new ExpressionText(1_024);
    private int next;

    /** As block lists and filters of tunnels and generated names have them, ten kinds. */
    static List<String> sources() {
        List<String> sources = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            sources.addAll(List.of(
                    "^bad" + i + "[0-9]+\\.example\\.net$",
                    "(^|\\.)ads?" + i + "\\.",
                    "[0-9]{5,}\\.zone" + i + "\\.com$",
                    "^[a-z]{12,}\\.top" + i + "$",
                    "^([a-f0-9]{2,8}){2,4}\\.tunnel" + i,
                    "tracker" + i,
                    "^.*\\.click" + i + "\\.net$",
                    "^(www|cdn|img)[0-9]*\\.site" + i + "\\.(com|net|org)$",
                    "_(tcp|udp)\\.svc" + i + "\\.",
                    "^xn--[a-z0-9-]+\\.tld" + i + "$"));
        }
        return sources;
    }

    static List<String> names() {
        Random random = new Random(3);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < NAMES; i++) {
            StringBuilder name = new StringBuilder();
            for (int labels = 1 + random.nextInt(3); labels > 0; labels--) {
                name.append(WORDS[random.nextInt(WORDS.length)]);
                name.append(random.nextInt(3) == 0 ? "" + random.nextInt(10_000) : "")
                        .append('.');
            }
            names.add(name + ENDS[random.nextInt(ENDS.length)]);
        }
        return names;
    }

    @Setup
    public void prepare() {
        names.addAll(names());
        for (String source : sources()) {
            expressions.add(Expression.posix(source));
            matchers.add(Pattern.compile(source, Pattern.CASE_INSENSITIVE).matcher(""));
        }
        for (int i = 0; i < NAMES; i++) {
            if (expressions() != 0 || javaUtilRegex() != 0) {
                throw new IllegalStateException("an expression matches");
            }
        }
    }

    private String nextName() {
        next = next + 1 & NAMES - 1;
        return names.get(next);
    }

    private ExpressionText nextText() {
        text.clear();
        text.append(nextName());
        text.finish();
        return text;
    }

    /** Preparing the name for all expressions. */
    @Benchmark
    public ExpressionText prepareName() {
        return nextText();
    }

    /** Preparing the name and asking all thousand. */
    @Benchmark
    public int expressions() {
        ExpressionText name = nextText();
        int found = 0;
        for (int i = 0; i < expressions.size(); i++) {
            found += scanners.matches(expressions.get(i), name) ? 1 : 0;
        }
        return found;
    }

    /** The same without looking at letters first. */
    @Benchmark
    public int scanned() {
        ExpressionText name = nextText();
        int found = 0;
        for (int i = 0; i < expressions.size(); i++) {
            found += scanners.scan(expressions.get(i), name) ? 1 : 0;
        }
        return found;
    }

    @Benchmark
    public int javaUtilRegex() {
        String name = nextName();
        int found = 0;
        for (int i = 0; i < matchers.size(); i++) {
            found += matchers.get(i).reset(name).find() ? 1 : 0;
        }
        return found;
    }
}
