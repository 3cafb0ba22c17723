package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.testkit.Await;
import dev.weir.testkit.CdbFile;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LmdbFile;
import dev.weir.testkit.MaxMindFile;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.UdpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Do look-ups in key-value stores find over the wire what dnsdist's find, and notice new files? */
class KeyValueStoresTest {
    private static final String[] STORES = {"cdb", "lmdb"};

    private static TempDirectory files;
    private static FakeBackend backend;
    private static DnsProcess subject;

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A name of short labels in wire format. */
    private static byte[] wire(String name) {
        StringBuilder wire = new StringBuilder();
        for (String label : name.split("\\.", -1)) {
            wire.append((char) label.length()).append(label);
        }
        return text(wire.toString());
    }

    private static Map<byte[], byte[]> entries() {
        Map<byte[], byte[]> entries = new LinkedHashMap<>();
        entries.put(wire("wire.test."), text("wire"));
        entries.put(text("plain.test"), text("plain"));
        entries.put(wire("suffix.test."), text("suffix"));
        entries.put(new byte[] {127, 0, 0, 1}, text("address"));
        entries.put(new byte[] {127, 0, 0, 0}, text("network"));
        entries.put(text("tagged"), text("tag"));
        return entries;
    }

    private static Path cdb(Map<byte[], byte[]> entries) throws Exception {
        CdbFile cdb = new CdbFile();
        entries.forEach(cdb::put);
        Files.write(files.path().resolve("fresh"), cdb.compose());
        return Files.move(
                files.path().resolve("fresh"), files.path().resolve("t.cdb"), StandardCopyOption.REPLACE_EXISTING);
    }

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(LmdbFile.canWrite(), "liblmdb0 is not installed");
        files = TempDirectory.create("stores");
        cdb(entries());
        try (LmdbFile lmdb = new LmdbFile(files.path().resolve("t.lmdb"))) {
            lmdb.change("db", 0, transaction -> entries().forEach(transaction::put));
            lmdb.change("ranges", 0, transaction -> {
                transaction.put(new byte[] {126, 0, 0, 50}, new byte[] {126, 0, 0, 40, 'x'});
                transaction.put(new byte[] {127, -1, -1, -1}, new byte[] {127, 0, 0, 1, 'r', 'a', 'n', 'g', 'e'});
            });
        }
        backend = FakeBackend.answering("192.0.2.1");
        StringBuilder lua = new StringBuilder("newServer(\"" + backend.hostPort() + "\")\n");
        lua.append("getPool(''):setCache(newPacketCache(100))\n");
        lua.append("cdb = newCDBKVStore('" + files.path().resolve("t.cdb") + "', 1)\n");
        lua.append("lmdb = newLMDBKVStore('" + files.path().resolve("t.lmdb") + "', 'db')\n");
        lua.append("ranges = newLMDBKVStore('" + files.path().resolve("t.lmdb") + "', 'ranges')\n");
        lua.append("addAction(AllRule(), SetTagAction('key', 'tagged'))\n");
        for (String store : STORES) {
            for (String[] key : new String[][] {
                {"wire", "KeyValueLookupKeyQName()"},
                {"plain", "KeyValueLookupKeyQName(false)"},
                {"suffix", "KeyValueLookupKeySuffix()"},
                {"long", "KeyValueLookupKeySuffix(3)"},
                {"address", "KeyValueLookupKeySourceIP()"},
                {"network", "KeyValueLookupKeySourceIP(24, 64)"},
                {"tag", "KeyValueLookupKeyTag('key')"},
                {"none", "KeyValueLookupKeyTag('none')"}
            }) {
                lua.append("addAction(AllRule(), KeyValueStoreLookupAction(%s, %s, '%s-%s'))\n"
                        .formatted(store, key[1], store, key[0]));
            }
        }
        lua.append("""
                addAction(AllRule(), KeyValueStoreRangeLookupAction(ranges, KeyValueLookupKeySourceIP(), 'range'))
                addAction(AllRule(), LuaAction(function(dq)
                  seen = {}
                  for k, v in pairs(dq:getTagArray()) do seen[k] = v end
                  return DNSAction.None, ""
                end))
                addAction(KeyValueStoreLookupRule(cdb, KeyValueLookupKeyQName()), RCodeAction(DNSRCode.NOTIMP))
                addAction(AndRule({QNameRule("range.test."), KeyValueStoreRangeLookupRule(ranges, KeyValueLookupKeySourceIP())}),
                          RCodeAction(DNSRCode.REFUSED))
                """);
        subject = DnsProcess.start(lua.toString());
    }

    @AfterAll
    static void stop() {
        if (subject != null) {
            subject.close();
            backend.close();
            files.close();
        }
    }

    private static DnsMessage ask(String name) {
        try (UdpClient client = subject.udp()) {
            return client.ask(DnsQuery.of(name, A));
        }
    }

    private static String seen(String tag) {
        return subject.console("'[' .. tostring(seen['" + tag + "']) .. ']'").strip();
    }

    private static void assertSeen(String wire, String plain, String suffix, String longSuffix) {
        for (String store : STORES) {
            assertThat(seen(store + "-wire")).as(store).isEqualTo("[" + wire + "]");
            assertThat(seen(store + "-plain")).as(store).isEqualTo("[" + plain + "]");
            assertThat(seen(store + "-suffix")).as(store).isEqualTo("[" + suffix + "]");
            assertThat(seen(store + "-long")).as(store).isEqualTo("[" + longSuffix + "]");
            assertThat(seen(store + "-address")).as(store).isEqualTo("[address]");
            assertThat(seen(store + "-network")).as(store).isEqualTo("[network]");
            assertThat(seen(store + "-tag")).as(store).isEqualTo("[tag]");
            assertThat(seen(store + "-none")).as(store).isEqualTo("[]");
        }
    }

    /** The second query is answered from the cache, and looked up all the same. */
    @Test
    void actionsPutWhatTheyFindIntoTags() {
        for (int again = 0; again < 2; again++) {
            assertThat(ask("WIRE.test.").rcode()).as("by the rule").isEqualTo(DnsMessage.NOTIMP);
            assertSeen("wire", "", "wire", "");
            assertThat(ask("plain.test.").answerTexts()).containsExactly("192.0.2.1");
            assertSeen("", "plain", "", "");
            ask("a.b.suffix.test.");
            assertSeen("", "", "suffix", "");
        }
        try (TcpClient tcp = subject.tcp()) {
            assertThat(tcp.ask(DnsQuery.of("wire.test.", A)).rcode()).isEqualTo(DnsMessage.NOTIMP);
        }
    }

    @Test
    void rangesAreFoundByWhatLiesInThem() {
        assertThat(ask("range.test.").rcode()).isEqualTo(DnsMessage.REFUSED);
        assertThat(subject.console("seen.range:sub(5)").strip()).isEqualTo("range");
    }

    @Test
    void codeLooksUpToo() {
        for (String store : STORES) {
            assertThat(subject.console(store + ":lookup(newCA('127.0.0.1'))").strip())
                    .isEqualTo("address");
            assertThat(subject.console(store + ":lookup(newDNSName('wire.test'))")
                            .strip())
                    .isEqualTo("wire");
            assertThat(subject.console(store + ":lookup(newDNSName('plain.test'), false)")
                            .strip())
                    .isEqualTo("plain");
            assertThat(subject.console(store + ":lookup('tagged')").strip()).isEqualTo("tag");
            assertThat(subject.console(store + ":lookup('nothing')").strip()).isEmpty();
            assertThat(subject.console(store + ":lookupSuffix(newDNSName('a.suffix.test'))")
                            .strip())
                    .isEqualTo("suffix");
            assertThat(subject.console(store + ":lookupSuffix(newDNSName('a.suffix.test'), 3)")
                            .strip())
                    .isEmpty();
        }
    }

    @Test
    void rulesAreListedAsThere() {
        assertThat(subject.console("showRules()"))
                .contains("lookup key-value store based on 'qname in wire format' and set the result in tag 'cdb-wire'")
                .contains("based on 'qname' and set")
                .contains("based on 'suffix in wire format with at least 3 label(s)' and")
                .contains("based on 'source IP (masked to 24 (v4) / 64 (v6) bits)' and")
                .contains("based on 'value of the tag named 'key'' and")
                .contains(
                        "do a range-based lookup in key-value store based on 'source IP (masked to 32 (v4) / 128 (v6) bits)'")
                .contains("range-based lookup key-value store based on");
    }

    @Test
    void newContentIsNoticed() throws Exception {
        Map<byte[], byte[]> more = entries();
        more.put(wire("later.test."), text("later"));
        cdb(more);
        try (LmdbFile lmdb = new LmdbFile(files.path().resolve("t.lmdb"))) {
            lmdb.change("db", 0, transaction -> transaction.put(wire("later.test."), text("later")));
        }
        for (String store : STORES) {
            Await.until(store, Await.PATIENCE, () -> subject.console(store + ":lookup(newDNSName('later.test'))")
                    .strip()
                    .equals("later"));
        }
    }

    @NewerThanDebian("knows no MaxMind databases, and stops for LMDB files that are not there")
    @Test
    void addressesAreKnownByCountry() throws Exception {
        Path mmdb = files.path().resolve("t.mmdb");
        Files.write(
                mmdb,
                new MaxMindFile(28)
                        .put("127.0.0.0", 8, Map.of("country", Map.of("iso_code", "XX"), "number", 7L))
                        .compose());
        try (DnsProcess geo = DnsProcess.start("""
                        db = openMMDB('%s', {mmap=true})
                        addAction(AllRule(), KeyValueStoreLookupAction(newMMDBKVStore(db, {"country", "iso_code"}),
                                                                       KeyValueLookupKeySourceIP(), "country"))
                        addAction(TagRule("country", "XX"), SpoofAction("203.0.113.7"))
                        absent = {openMMDB('/nowhere'), newLMDBKVStore('/nowhere', 'x'), newCDBKVStore('/nowhere', 1)}
                        """.formatted(mmdb));
                UdpClient client = geo.udp()) {
            for (int again = 0; again < 2; again++) {
                assertThat(client.ask(DnsQuery.of("a.test.", A)).answerTexts()).containsExactly("203.0.113.7");
            }
            assertThat(geo.console("db:query('number', newCA('127.9.9.9'))")).isEqualTo("7");
            assertThat(geo.console("db:query({'country'}, '127.0.0.1').iso_code"))
                    .isEqualTo("XX");
            assertThat(geo.console("tostring(db:exists('192.0.2.1')) .. tostring(db:exists(newCA('127.0.0.1')))"))
                    .isEqualTo("falsetrue");
            assertThat(geo.console(
                            "absent[2]:lookup('x') .. absent[3]:lookup('x') .. tostring(absent[1]:query('x', '::1'))"))
                    .isEqualTo("nil");
            assertThat(geo.process().output()).contains("Unable to read a key-value store");
        }
    }
}
