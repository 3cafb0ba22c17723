package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.config.Ledger;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsMessage.Rr;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Received;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.ReceivedProxyHeader;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TestSubject;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every selector and action over the wire: each question of {@code rules-and-actions.tsv} is asked twice over UDP and twice over TCP, so that what
 * the first one left in cache, counters and tags is asked for too. What is said there is what Debian's dnsdist 1.7.3 does, as far as it knows the
 * name ({@code -Dweir.subject=dnsdist}).
 *
 * <p>The columns of the table:
 *
 * <ol>
 *   <li>label: names below {@code LABEL.test.} are this case's own
 *   <li>since: empty, or {@code newer} where 1.7.3 does not know it
 *   <li>configuration; {@code HERE} selects the case's names, {@code PORT} and {@code TEE} are the listener's and the third backend's
 *   <li>question: a type and words, see {@link #query}
 *   <li>outcome: what came back four times (once if all are alike), and behind {@code |} what backends were asked
 * </ol>
 */
class EveryRuleAndActionTest {
    private static final Duration SILENCE = Duration.ofMillis(300);
    private static final InetAddress PROXY = InetAddress.ofLiteral("127.0.0.9");

    /** Seconds that may pass between an answer's way into the cache and its way out. */
    private static final int AGE = 4;

    private static final Pattern TTL = Pattern.compile("@(\\d+)");

    private static List<FakeBackend> backends;
    private static DnsProcess subject;

    record Case(String label, String since, String configuration, String question, String outcome) {
        static Case of(String line) {
            String[] fields = line.split("\t", -1);
            return new Case(fields[0], fields[1], fields[2], fields[3], fields[4]);
        }

        boolean isKnownToSubject() {
            return since.isEmpty() || TestSubject.current() == TestSubject.WEIR;
        }

        @Override
        public String toString() {
            return label + ": " + question;
        }
    }

    static List<Case> cases() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(EveryRuleAndActionTest.class.getResourceAsStream("rules-and-actions.tsv"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(Case::of)
                    .toList();
        }
    }

    @BeforeAll
    static void start() throws IOException {
        backends = List.of(backend("192.0.2.1"), backend("192.0.2.2"), backend("192.0.2.3"));
        StringBuilder configuration = new StringBuilder("""
                newServer({address="%s", checkInterval=3600})
                newServer({address="%s", pool="other", checkInterval=3600})
                newServer({address="%s", pool="proxied", checkInterval=3600, useProxyProtocol=true})
                newServer({address="%s", pool="subnet", checkInterval=3600, useClientSubnet=true})
                getPool(""):setCache(newPacketCache(1000))
                getPool("other"):setCache(newPacketCache(1000))
                setProxyProtocolACL({"127.0.0.9/32"})
                setECSOverride(false)
                function below(name)
                  local names = newSuffixMatchNode()
                  names:add(newDNSName(name))
                  return SuffixMatchNodeRule(names)
                end
                """.formatted(
                        backends.get(0).hostPort(),
                        backends.get(1).hostPort(),
                        backends.get(1).hostPort(),
                        backends.get(1).hostPort()));
        for (Case each : cases()) {
            if (each.isKnownToSubject() && !each.configuration.isEmpty()) {
                configuration
                        .append(each.configuration
                                .replace("HERE", "below(\"" + each.label + ".test.\")")
                                .replace("TEE", backends.get(2).hostPort()))
                        .append('\n');
            }
        }
        subject = DnsProcess.start(configuration.toString());
    }

    @AfterAll
    static void stop() {
        subject.close();
        backends.forEach(FakeBackend::close);
    }

    /** Answers as the first label says: a response code, two types of records, or nothing at all; else an address for A. */
    private static FakeBackend backend(String address) {
        return FakeBackend.start(received -> {
            DnsMessage query = received.query();
            String name = query.question().name();
            return switch (name.substring(0, name.indexOf('.'))) {
                case "nx" -> Reply.send(query.reply(DnsMessage.NXDOMAIN).withAuthority(Rr.soa("test.", 600)));
                case "servfail" -> Reply.send(query.reply(DnsMessage.SERVFAIL));
                case "badvers" -> Reply.send(badVersion(query));
                case "two" ->
                    Reply.send(query.reply(
                            DnsMessage.NOERROR,
                            Rr.a(name, 100, address),
                            Rr.txt(name, 5000, 3),
                            Rr.a(name, 3, address)));
                case "silent" -> Reply.drop();
                default -> Reply.send(FakeBackend.addressOrNothing(query, address));
            };
        });
    }

    /** Extended code 16: the upper eight bits stand in the OPT record. */
    private static DnsMessage badVersion(DnsMessage query) {
        DnsMessage reply = query.reply(DnsMessage.NOERROR);
        return new DnsMessage(
                reply.id(),
                reply.flags(),
                reply.questions(),
                List.of(),
                List.of(),
                List.of(new Rr(".", DnsMessage.OPT, 1232, 1L << 24, new byte[0])));
    }

    /**
     * A question from words: a type, then any of {@code nord ad cd notify chaos edns do v1 ecs trailing tlv}, {@code name=FIRST} for the first label
     * and {@code from=ADDRESS}.
     */
    private static byte[] query(Case asked, List<String> words) {
        String first = value(words, "name").orElse("x");
        int type = type(words.getFirst());
        DnsQuery query = DnsQuery.of(first + "." + asked.label + ".test.", type);
        for (String word : words) {
            query = switch (word) {
                case "nord" -> query.withFlags(0);
                case "ad" -> query.withFlags(DnsMessage.RD | DnsMessage.AD);
                case "cd" -> query.withFlags(DnsMessage.RD | DnsMessage.CD);
                case "notify" -> query.withFlags(4 << 11);
                case "chaos" -> query.withClass(3);
                case "edns" -> query.edns(1232);
                case "do" -> query.withDnssecOk();
                case "ecs" -> query.option(DnsMessage.ECS_OPTION, new byte[] {0, 1, 24, 0, (byte) 198, 51, 100});
                default -> query;
            };
        }
        DnsMessage message = query.message();
        if (words.contains("v1")) {
            message = new DnsMessage(
                    message.id(),
                    message.flags(),
                    message.questions(),
                    List.of(),
                    List.of(),
                    List.of(new Rr(".", DnsMessage.OPT, 1232, 1L << 16, new byte[0])));
        }
        byte[] packet = message.compose();
        return words.contains("trailing") ? Arrays.copyOf(packet, packet.length + 4) : packet;
    }

    private static Optional<String> value(List<String> words, String key) {
        return words.stream()
                .filter(word -> word.startsWith(key + "="))
                .map(word -> word.substring(key.length() + 1))
                .findFirst();
    }

    private static final Map<String, Integer> TYPES = Map.of(
            "A",
            DnsMessage.A,
            "AAAA",
            DnsMessage.AAAA,
            "TXT",
            DnsMessage.TXT,
            "MX",
            DnsMessage.MX,
            "SVCB",
            64,
            "ANY",
            DnsMessage.ANY);

    private static int type(String name) {
        return Objects.requireNonNull(TYPES.get(name), name);
    }

    /** Those that the table has no place for: what they look at comes in another way. */
    private static final Set<String> ELSEWHERE = Set.of(
            "KeyValueStoreLookupAction", // KeyValueStoresTest
            "KeyValueStoreLookupRule",
            "KeyValueStoreRangeLookupAction",
            "KeyValueStoreRangeLookupRule",
            "benchRule", // CopiesAndBindingsTest: measures a selector
            "newRuleAction"); // a rule of both

    @Test
    void theTableHasEveryOneThatWorks() throws IOException {
        List<Case> cases = cases();
        Pattern makesOne = Pattern.compile("(?!add|clear|get|make|mv|rm|set|show|top)[A-Za-z0-9]+(?:Rule|Action)");
        List<String> missing = Ledger.all(Ledger.Table.FUNCTIONS).stream()
                .filter(each -> each.status() == Ledger.Status.WORKS
                        && makesOne.matcher(each.name()).matches())
                .map(each -> each.name())
                .filter(name -> !ELSEWHERE.contains(name))
                .filter(name -> cases.stream().noneMatch(each -> each.configuration.contains(name + "(")))
                .toList();
        assertThat(missing).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void doesAsTheTableSays(Case asked) {
        assumeTrue(asked.isKnownToSubject());
        List<String> words = List.of(asked.question.split(" ", -1));
        List<Integer> before =
                backends.stream().map(backend -> backend.received().size()).toList();
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            answers.add(overUdp(asked, words));
        }
        for (int i = 0; i < 2; i++) {
            answers.add(overTcp(asked, words));
        }
        // What is sent beside the answers may arrive after them.
        Await.reached(SILENCE, () -> seen(asked, answers, before).equals(asked.outcome));
        String seen = seen(asked, answers, before);
        assertThat(seen).as("%s", asked.configuration).isEqualTo(asked.outcome);
    }

    private static String seen(Case asked, List<String> answers, List<Integer> before) {
        StringBuilder seen = new StringBuilder(inShort(agedAs(asked.outcome, answers)));
        for (int i = 0; i < backends.size(); i++) {
            List<String> queries = backends.get(i).received().stream()
                    .skip(before.get(i))
                    .map(EveryRuleAndActionTest::describe)
                    .toList();
            if (!queries.isEmpty()) {
                seen.append(" | ").append(i + 1).append(": ").append(counted(queries));
            }
        }
        return seen.toString();
    }

    private static String overUdp(Case asked, List<String> words) {
        byte[] packet = query(asked, words);
        try (UdpClient client = UdpClient.between(client(words), subject.address())) {
            return describe(client.tryExchange(announced(packet, words, false), patience(asked)));
        }
    }

    private static String overTcp(Case asked, List<String> words) {
        byte[] packet = query(asked, words);
        try (TcpClient client = TcpClient.between(client(words), subject.address())) {
            if (words.contains("tlv")) {
                client.sendRaw(announced(new byte[0], words, true));
            }
            client.send(packet);
            return describe(client.tryReceive(patience(asked)));
        }
    }

    private static InetAddress client(List<String> words) {
        return words.contains("tlv")
                ? PROXY
                : InetAddress.ofLiteral(value(words, "from").orElse("127.0.0.1"));
    }

    /** No longer than necessary for an answer that is not to come. */
    private static Duration patience(Case asked) {
        return asked.outcome.contains("nothing") ? SILENCE : UdpClient.PATIENCE;
    }

    private static byte[] announced(byte[] packet, List<String> words, boolean tcp) {
        if (!words.contains("tlv")) {
            return packet;
        }
        byte[] header = ReceivedProxyHeader.compose(
                new InetSocketAddress("127.0.0.1", 4242),
                subject.address(),
                tcp,
                new ReceivedProxyHeader.Tlv(0x42, "foo".getBytes(StandardCharsets.US_ASCII)));
        return ByteBuffer.allocate(header.length + packet.length)
                .put(header)
                .put(packet)
                .array();
    }

    // ---- words for what was seen

    private static String describe(Optional<byte[]> answer) {
        return answer.map(DnsMessage::parse)
                .map(EveryRuleAndActionTest::describe)
                .orElse("nothing");
    }

    private static String describe(DnsMessage message) {
        StringBuilder text = new StringBuilder(
                switch (message.rcode()) {
                    case DnsMessage.NOERROR -> "NOERROR";
                    case DnsMessage.FORMERR -> "FORMERR";
                    case DnsMessage.SERVFAIL -> "SERVFAIL";
                    case DnsMessage.NXDOMAIN -> "NXDOMAIN";
                    case DnsMessage.NOTIMP -> "NOTIMP";
                    case DnsMessage.REFUSED -> "REFUSED";
                    default -> "rcode" + message.rcode();
                });
        flags(message, text);
        message.answers().forEach(record -> record(record, text));
        message.authorities().forEach(record -> text.append(" authority")
                .append(record.type())
                .append('@')
                .append(record.ttlSeconds()));
        opt(message, text);
        return text.toString();
    }

    private static String describe(Received received) {
        DnsMessage query = received.query();
        StringBuilder text = new StringBuilder(received.tcp() ? "tcp" : "udp");
        flags(query, text);
        opt(query, text);
        received.proxyHeader().ifPresent(header -> header.tlvs().forEach(tlv -> text.append(" tlv")
                .append(tlv.type())
                .append('=')
                .append(new String(tlv.value(), StandardCharsets.ISO_8859_1))));
        int end = query.compose().length;
        if (received.packet().length > end) {
            text.append(" trailing");
        }
        return text.toString();
    }

    private static void flags(DnsMessage message, StringBuilder text) {
        Map<String, Integer> flags = new LinkedHashMap<>();
        flags.put("aa", DnsMessage.AA);
        flags.put("tc", DnsMessage.TC);
        flags.put("rd", DnsMessage.RD);
        flags.put("ra", DnsMessage.RA);
        flags.put("ad", DnsMessage.AD);
        flags.put("cd", DnsMessage.CD);
        flags.forEach((name, bit) -> text.append(message.has(bit) ? " " + name : ""));
    }

    private static void record(Rr record, StringBuilder text) {
        String data =
                switch (record.type()) {
                    case DnsMessage.A, DnsMessage.AAAA -> record.text();
                    default -> record.type() + ":" + HexFormat.of().formatHex(record.rdata());
                };
        text.append(' ').append(data).append('@').append(record.ttlSeconds());
    }

    private static void opt(DnsMessage message, StringBuilder text) {
        message.opt().ifPresent(opt -> {
            text.append(" opt").append(opt.rclass());
            text.append(message.dnssecOk() ? " do" : "");
            long extended = opt.ttlSeconds() >>> 24;
            text.append(extended > 0 ? " ext" + extended : "");
            ByteBuffer options = ByteBuffer.wrap(opt.rdata());
            while (options.remaining() >= 4) {
                text.append(" o").append(options.getShort() & 0xFFFF).append('=');
                byte[] data = new byte[options.getShort() & 0xFFFF];
                options.get(data);
                text.append(HexFormat.of().formatHex(data));
            }
        });
    }

    /** The same query several times is said once. */
    private static String counted(List<String> queries) {
        Map<String, Long> counts = queries.stream()
                .collect(Collectors.groupingBy(query -> query, LinkedHashMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(each -> (each.getValue() > 1 ? each.getValue() + "x " : "") + each.getKey())
                .collect(Collectors.joining(", "));
    }

    /** Four times the same is said once. */
    private static String inShort(List<String> answers) {
        return answers.stream().distinct().count() == 1 ? answers.getFirst() : String.join(" / ", answers);
    }

    /** The answers with the times to live that the outcome wants, where they are those but for what has passed meanwhile. */
    private static List<String> agedAs(String outcome, List<String> answers) {
        List<String> wanted = List.of(outcome.split(" \\| ", -1)[0].split(" / ", -1));
        List<String> aged = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            aged.add(agedAs(wanted.get(i % wanted.size()), answers.get(i)));
        }
        return aged;
    }

    private static String agedAs(String wanted, String seen) {
        Iterator<Integer> times = TTL.matcher(wanted)
                .results()
                .map(time -> Integer.valueOf(time.group(1)))
                .iterator();
        return TTL.matcher(seen).replaceAll(time -> {
            int is = Integer.parseInt(time.group(1));
            int was = times.hasNext() ? times.next() : is;
            return "@" + (is <= was && was - is <= AGE ? was : is);
        });
    }
}
