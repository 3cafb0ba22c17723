package dev.weir.app.xdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.engine.kernel.MemoryFilter;
import dev.weir.sys.Bpf;
import dev.weir.sys.Capabilities;
import dev.weir.sys.Errno;
import dev.weir.testkit.KernelSandbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What {@code weir xdp} understands, and what it says. What it does in the kernel is for GuardTest and XdpTest. */
class XdpToolTest {
    private static final Bpf FORBIDDEN = new Bpf((command, attr) -> -Errno.EPERM);

    private record Outcome(int status, String out, String err) {}

    private static Outcome run(Bpf bpf, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = new XdpTool(
                        bpf,
                        MemoryFilter::new,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        steps -> {})
                .run(arguments);
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Outcome run(String line) {
        return run(FORBIDDEN, line.isEmpty() ? new String[0] : line.split(" "));
    }

    @Test
    void helpIsForTheWholeAndPerCommand() {
        Outcome whole = run("--help");
        assertThat(whole.status()).isZero();
        assertThat(run("")).isEqualTo(new Outcome(2, "", whole.out()));
        for (Command command : Command.values()) {
            assertThat(whole.out()).contains("\n  " + command);
            Outcome one = run(command + " --help");
            assertThat(one.status()).isZero();
            assertThat(one.out()).startsWith("usage: weir xdp " + command).contains("--maps DIR", "--json");
            assertThat(one.out().lines())
                    .allSatisfy(line -> assertThat(line.length()).isLessThan(120));
        }
    }

    @Test
    void whatIsNotUnderstoodIsNamed() {
        String[][] cases = {
            {"atach", "there is no command 'atach'"},
            {"attach", "'attach' needs -i NAME"},
            {"attach -i", "--interface needs a value: NAME"},
            {"attach -i a --mode fast", "--mode is native, generic or auto, not 'fast'"},
            {"attach -i a --port 0", "a port is a whole number from 1 on, not '0'"},
            {"attach -i a --port 53,70000", "a port is at most 65535, not 70000"},
            {"attach -i a --max-addresses 5,6,7", "--max-addresses is N[,N6], not '5,6,7'"},
            {"attach -i a --max-names 5,6", "--max-names is N, not '5,6'"},
            {"attach -i a --max-limits 0", "--max-limits is a whole number from 1 on, not '0'"},
            {"load x --for 3", "--for is a number with s, m, h or d behind, not '3'"},
            {"attach -i a --max-items none", "--max-items is a whole number from 1 on, not 'none'"},
            {"attach -i a --xsk", "--xsk is not implemented yet"},
            {"attach -i a --maps x --maps y", "--maps is said twice"},
            {"attach a b", "'attach' does not know what to do with 'a': -i names interfaces"},
            {"attach -i a --unanswerable maybe", "--unanswerable is drop or pass, not 'maybe'"},
            {"attach -i a --json=yes", "--json takes no value"},
            {"attach -x", "'attach' knows no option -x"},
            {"status --all", "'status' knows no option --all"},
            {"detach", "'detach' needs either -i NAME or --all"},
            {"detach --all -i a", "'detach' needs either -i NAME or --all"},
            {"block", "'block' needs ADDRESS|RANGE|NAME"},
            {"block 192.0.2.300", "'192.0.2.300' is not an IP address, and as a name it would need a dot at its end"},
            {"block 192.0.2.0/33", "'192.0.2.0/33'"},
            {"block a..b", "'a..b' has an empty label"},
            {"block . --suffix", "'.' is everything: say --everything if it is meant"},
            {"block 0.0.0.0/0", "'0.0.0.0/0' is everything"},
            {"block ::/0 --action truncate", "'::/0' is everything"},
            {
                "block 192.0.2.1/24",
                "'192.0.2.1/24' has bits behind its prefix: the range is 192.0.2.0/24, the address 192.0.2.1"
            },
            {"unblock fd00::1/64", "'fd00::1/64' has bits behind its prefix: the range is fd00::/64"},
            {"attach -i a --max-sources 100000000", "--max-sources is at most 67108864, not 100000000"},
            {"attach -i a --chain --replace", "--chain keeps the program that is there, --replace takes it off"},
            {"limit 192.0.2.0/24 5 --per /24", "--per divides 192.0.2.0/24 into networks of more bits: from /25 to /32"
            },
            {"limit ::/0 5 --per 129", "--per divides ::/0 into networks of more bits: from /1 to /128, not '129'"},
            {"limit 192.0.2.1/24 5", "'192.0.2.1/24' has bits behind its prefix"},
            {"block !192.0.2.0/24", "'!192.0.2.0/24' is no range"},
            {"block stra\u00dfe.example", "'stra\u00dfe.example' has a letter that stands for itself or for others"},
            {"block \u2028.example", "'\u2028.example' is no internationalized name"},
            {"block 192.0.2.1 --suffix", "--suffix and --type are for names, 192.0.2.1 is none"},
            {"block example.com --type SORT", "'SORT' is not a record type"},
            {"block example.com --action reject", "--action is pass, drop, truncate, refused, nxdomain, not 'reject'"},
            {"block 192.0.2.1 --for 10", "--for is a number with s, m, h or d behind, not '10'"},
            {"block example.com --for 10m", "entries of single names have no end"},
            {"limit 192.0.2.0/24", "'limit' needs RANGE QPS"},
            {"limit 192.0.2.0/24 0", "a rate is a whole number from 1 on, not '0'"},
            {"top --interval 0", "--interval is a number of seconds from 0.1 on, not '0'"},
            {"ls everything", "'ls' lists addresses, ranges, names, suffixes or limits, not 'everything'"},
            {"watch --sample 0", "--sample is a whole number from 1 on, not '0'"},
        };
        for (String[] one : cases) {
            Outcome outcome = run(one[0]);
            assertThat(outcome.status()).as(one[0]).isEqualTo(2);
            assertThat(outcome.err()).startsWith("weir xdp: " + one[1]).endsWith("\nTry 'weir xdp --help'.\n");
            assertThat(outcome.out()).isEmpty();
        }
    }

    @Test
    void lackOfRightsComesWithARemedy() throws Exception {
        KernelSandbox.run(sandbox -> {
            sandbox.veth();
            String maps = sandbox.bpffs().resolve("dns").toString();
            Outcome outcome = run(FORBIDDEN, "attach", "-i", "a", "--maps", maps);
            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.err())
                    .startsWith("weir xdp attach: bpf(")
                    .contains("EPERM")
                    .contains("the capabilities are there, so it is a security module");
            assertThat(Path.of(maps)).doesNotExist();
        });
    }

    /** Each capability that attaching needs is missing once, and named. */
    @Test
    void missingCapabilitiesAreNamed() throws Exception {
        KernelSandbox.run(sandbox -> {
            sandbox.veth();
            String maps = sandbox.bpffs().resolve("dns").toString();
            List<Integer> needed = List.of(Capabilities.CAP_BPF, Capabilities.CAP_NET_ADMIN, Capabilities.CAP_PERFMON);
            List<String> names = List.of("CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON");
            for (int missing = 0; missing <= needed.size(); missing++) {
                long bits = 0;
                for (int i = 0; i < needed.size(); i++) {
                    bits |= i == missing ? 0 : 1L << needed.get(i);
                }
                Outcome outcome = attachWith(bits, maps);
                if (missing == needed.size()) {
                    assertThat(outcome.status()).as(outcome.err()).isZero();
                } else {
                    assertThat(outcome.status()).isEqualTo(1);
                    assertThat(outcome.err()).contains(names.get(missing)).contains("run it as root");
                    assertThat(outcome.err().lines()).hasSize(1);
                }
            }
            assertThat(run(Bpf.kernel(), "detach", "--all", "--purge", "--maps", maps)
                            .status())
                    .isZero();
        });
    }

    private static Outcome attachWith(long capabilities, String maps) throws Exception {
        AtomicReference<Outcome> outcome = new AtomicReference<>();
        Thread poor = Thread.ofPlatform().start(() -> {
            try {
                new Capabilities(capabilities, capabilities, 0).apply();
                outcome.set(run(Bpf.kernel(), "attach", "-i", "a", "--maps", maps));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        poor.join();
        return outcome.get();
    }

    @Test
    void withoutTablesEntriesHaveNoPlace() {
        for (String line : List.of("block 192.0.2.1", "ls", "top --once", "unlimit 192.0.2.0/24")) {
            Outcome outcome = run(line + " --maps /nowhere");
            assertThat(outcome.status()).as(line).isEqualTo(1);
            assertThat(outcome.err()).endsWith("no tables are pinned in /nowhere: weir xdp attach makes them\n");
        }
        assertThat(run("watch --maps /nowhere").err()).contains("no guard has its events in /nowhere");
        assertThat(run("status --maps /nowhere").out()).isEqualTo("no interface has a guard in /nowhere/weir\n");
        assertThat(run("status --maps /nowhere --json").out()).isEqualTo("{\"interfaces\":[],\"tables\":[]}\n");
    }

    @Test
    void optionsAndOperandsComeInAnyOrder() throws Exception {
        Words words = Words.parse(
                Command.BLOCK, List.of("--type=AAAA", "www.example.com", "--suffix", "--maps", "/x", "--json"));
        assertThat(words.operands()).containsExactly("www.example.com");
        assertThat(words.value(Option.TYPE)).isEqualTo("AAAA");
        assertThat(words.has(Option.SUFFIX)).isTrue();
        assertThat(words.maps(Path.of("/y"))).isEqualTo(Path.of("/x"));
        assertThat(Words.parse(Command.BLOCK, List.of("--", "-x")).operands()).containsExactly("-x");
        assertThat(Words.parse(Command.STATUS, List.of("-ia", "-i", "b,c", "--interface=a"))
                        .values(Option.INTERFACE))
                .containsExactly("a", "b", "c");
        assertThat(Words.parse(Command.ATTACH, List.of("-i", "a", "b", "--port", "53"))
                        .interfaces())
                .containsExactly("a", "b");
    }

    @Test
    void subjectsShowWhatTheyAre() throws Exception {
        assertThat(Subject.parse("192.0.2.1")).isInstanceOf(Subject.Address.class);
        assertThat(Subject.parse("2001:db8::1")).isInstanceOf(Subject.Address.class);
        assertThat(Subject.parse("2001:db8::/32")).isInstanceOf(Subject.Range.class);
        assertThat(Subject.parse("example.com")).isInstanceOf(Subject.Domain.class);
        assertThat(Subject.parse("192.0.2.1.")).isInstanceOf(Subject.Domain.class);
        assertThat(Subject.parse(".")).isInstanceOf(Subject.Domain.class);
    }

    @Test
    void emptyWordsAreNoSubjects() {
        for (String[] words : new String[][] {{"block", "", "--suffix"}, {"unblock", " "}, {"block", ""}}) {
            Outcome outcome = run(FORBIDDEN, words);
            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.err())
                    .startsWith("weir xdp: an empty word is neither an address nor a range nor a name");
        }
    }

    @Test
    void subjectsHaveOneForm() throws Exception {
        assertThat(Subject.parse("::ffff:192.0.2.1").text()).isEqualTo("192.0.2.1");
        assertThat(Subject.parse("::ffff:192.0.2.0/120").text()).isEqualTo("192.0.2.0/24");
        assertThat(Subject.parse("m\u00fcnchen.de").text()).isEqualTo("xn--mnchen-3ya.de");
        assertThat(Subject.parse("192.0.2.0/255.255.255.0").text()).isEqualTo("192.0.2.0/24");
        assertThat(Subject.parse("_dns.example").text()).isEqualTo("_dns.example");
    }

    @Test
    void theTopIsByRateThenByHits() throws Exception {
        List<KernelFilter.Entry> entries = List.of(entry("a", 100), entry("b", 50), entry("c", 7), entry("d", 0));
        Map<String, Long> before = Map.of("QNAMES a 65535", 100L, "QNAMES b 65535", 10L, "QNAMES c 65535", 500L);
        List<Top.Row> rows = Top.rows(entries, before, 2, 10);
        assertThat(rows).extracting(row -> row.entry().subject()).containsExactly("b", "c", "a");
        // c was removed and made anew in between.
        assertThat(rows).extracting(Top.Row::perSecond).containsExactly(20.0, 3.5, 0.0);
        assertThat(Top.rows(entries, before, 2, 1)).hasSize(1);
    }

    private static KernelFilter.Entry entry(String name, long hits) {
        return new KernelFilter.Entry(
                Kind.QNAMES, name, FilterSpec.ANY_TYPE, MatchAction.DROP, 1, hits, KernelFilter.FOREVER, null);
    }
}
