package dev.weir.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import dev.weir.wire.Edns;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Names;
import dev.weir.wire.Question;
import dev.weir.wire.Records;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketCacheTest {
    private static final StatShard MINE = new Statistics().takeShard();

    private static final long NOW = 1_800_000_000L;

    private final CacheIdentity identity = new CacheIdentity();
    private final byte[] out = new byte[4096];

    private static PacketCache cache(CacheSpec.Builder spec) {
        Random random = new Random(7);
        return new PacketCache(spec.build(), 42, random::nextInt);
    }

    private static CacheSpec.Builder spec() {
        return CacheSpec.builder(1000);
    }

    private static int nameLength(byte[] message) {
        return Names.endOfPlain(message, message.length, Question.OFFSET) - Question.OFFSET;
    }

    private long key(PacketCache cache, byte[] query) {
        return cache.key(query, query.length, nameLength(query), true);
    }

    private Insertion insert(PacketCache cache, byte[] query, byte[] answer) {
        identity.set(Header.flags(query), false, true);
        return cache.insert(key(cache, query), identity, answer, answer.length, -1, NOW, MINE);
    }

    private int lookup(PacketCache cache, byte[] query, long now, int staleSeconds, int options) {
        identity.set(Header.flags(query), false, true);
        return cache.lookup(
                new CacheQuery()
                        .of(key(cache, query), identity, query, nameLength(query), Header.flags(query))
                        .at(now, staleSeconds)
                        .options(options),
                out,
                MINE);
    }

    private int lookup(PacketCache cache, byte[] query, long now) {
        return lookup(cache, query, now, 0, 0);
    }

    private long ttl() {
        Records records = new Records();
        records.start(out, out.length);
        records.next();
        return records.ttl();
    }

    @Test
    void aHitHasTheQuerysIdAndCaseAndAgedTtls() {
        PacketCache cache = cache(spec());
        byte[] answer = Packets.answer("www.example.org", Packets.A)
                .a(300, "c0000201")
                .opt(1232, 0, "")
                .bytes();
        assertThat(insert(cache, Packets.query("www.example.org", Packets.A).bytes(), answer))
                .isEqualTo(Insertion.STORED);

        byte[] query = Packets.query("WWW.example.ORG", Packets.A).id(0xbeef).bytes();
        int length = lookup(cache, query, NOW + 100);

        byte[] expected = Packets.answer("WWW.example.ORG", Packets.A)
                .id(0xbeef)
                .a(200, "c0000201")
                .opt(1232, 0, "")
                .bytes();
        assertThat(Arrays.copyOf(out, length)).isEqualTo(expected);
        assertThat(cache.stats().hits()).isEqualTo(1);
        assertThat(cache.stats().misses()).isZero();
    }

    @Test
    void theAnswerMayGoIntoTheQuerysArray() {
        PacketCache cache = cache(spec());
        byte[] answer =
                Packets.answer("www.example.org", Packets.A).a(300, "c0000201").bytes();
        byte[] query = Packets.query("Www.example.org", Packets.A).id(77).bytes();
        insert(cache, query, answer);
        byte[] packet = Arrays.copyOf(query, 512);
        int length = cache.lookup(
                new CacheQuery()
                        .of(key(cache, query), identity, packet, nameLength(query), Header.RD)
                        .at(NOW, 0),
                packet,
                MINE);
        byte[] expected = Packets.answer("Www.example.org", Packets.A)
                .id(77)
                .a(300, "c0000201")
                .bytes();
        assertThat(Arrays.copyOf(packet, length)).isEqualTo(expected);
    }

    @Test
    void rdAndCdAreTheClients() {
        PacketCache cache = cache(spec());
        byte[] query = Packets.query("www.example.org", Packets.A).flags(0).bytes();
        insert(
                cache,
                query,
                Packets.answer("www.example.org", Packets.A).a(9, "c0000201").bytes());
        int client = Header.CD | Header.AD;
        assertThat(cache.lookup(
                        new CacheQuery()
                                .of(key(cache, query), identity, query, nameLength(query), client)
                                .at(NOW, 0),
                        out,
                        MINE))
                .isPositive();
        assertThat(Header.flags(out)).isEqualTo(Header.QR | Header.RA | Header.CD);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // what, rcode, ttl of A (-1 none), ttl of SOA (-1 none), TC, result, first second without a hit
        "positive, 0, 300, -1, false, STORED, 300",
        "positive above maxTTL, 0, 5000, -1, false, STORED, 1000",
        "smallest TTL counts, 0, 300, 200, false, STORED, 100",
        "nodata, 0, -1, 300, false, STORED, 100",
        "nodata below the negative limit, 0, -1, 50, false, STORED, 50",
        "nxdomain, 3, -1, 300, false, STORED, 100",
        "nxdomain without SOA but with a record, 3, 300, -1, false, STORED, 100",
        "other error, 4, 300, -1, false, STORED, 300",
        "below minTTL, 0, 9, -1, false, TTL_TOO_SHORT, 0",
        "servfail, 2, -1, -1, false, STORED, 7",
        "servfail with records, 2, 300, -1, false, STORED, 7",
        "refused, 5, -1, -1, false, STORED, 7",
        "empty, 0, -1, -1, false, NOT_CACHEABLE, 0",
        "empty nxdomain, 3, -1, -1, false, NOT_CACHEABLE, 0",
        "truncated and empty, 0, -1, -1, true, STORED, 15",
        "truncated with records, 0, 300, -1, true, STORED, 300",
    })
    void lifetimes(String what, int rcode, int ttl, int soaTtl, boolean tc, Insertion result, int seconds) {
        PacketCache cache = cache(spec().maxTtl(1000)
                .maxNegativeTtl(100)
                .minTtl(10)
                .temporaryFailureTtl(7)
                .truncatedTtl(15)
                .dontAge(true));
        Packets answer = Packets.answer("www.example.org", Packets.A).rcode(rcode);
        if (tc) {
            answer.flags(Header.QR | Header.TC);
        }
        if (ttl >= 0) {
            answer.a(ttl, "c0000201");
        }
        if (soaTtl >= 0) {
            answer.soa(soaTtl);
        }
        byte[] query = Packets.query("www.example.org", Packets.A).bytes();
        assertThat(insert(cache, query, answer.opt(1232, 0, "").bytes()))
                .as(what)
                .isEqualTo(result);
        assertThat(cache.stats().ttlTooShorts()).isEqualTo(result == Insertion.TTL_TOO_SHORT ? 1 : 0);
        if (result == Insertion.STORED) {
            assertThat(lookup(cache, query, NOW + seconds - 1)).isPositive();
        }
        assertThat(lookup(cache, query, NOW + seconds)).isEqualTo(PacketCache.MISS);
    }

    @Test
    void aQuerysOwnFailureTtlGoesBeforeTheSpecs() {
        PacketCache cache = cache(spec());
        byte[] query = Packets.query("www.example.org", Packets.A).bytes();
        byte[] failure = Packets.answer("www.example.org", Packets.A).rcode(2).bytes();
        identity.set(Header.RD, false, true);
        assertThat(cache.insert(key(cache, query), identity, failure, failure.length, 0, NOW, MINE))
                .isEqualTo(Insertion.NOT_CACHEABLE);
        assertThat(cache.insert(key(cache, query), identity, failure, failure.length, 3, NOW, MINE))
                .isEqualTo(Insertion.STORED);
        assertThat(lookup(cache, query, NOW + 2)).isPositive();
        assertThat(lookup(cache, query, NOW + 3)).isEqualTo(PacketCache.MISS);
    }

    @Test
    void whatIsNotCacheable() {
        PacketCache cache = cache(spec().maximumEntrySize(600));
        byte[] query = Packets.query("www.example.org", Packets.A).bytes();
        for (int type : new int[] {251, 252}) {
            assertThat(insert(
                            cache,
                            query,
                            Packets.answer("www.example.org", type)
                                    .a(300, "c0000201")
                                    .bytes()))
                    .isEqualTo(Insertion.NOT_CACHEABLE);
        }
        byte[] big = Packets.answer("www.example.org", Packets.A).padding(600).bytes();
        assertThat(insert(cache, query, big)).isEqualTo(Insertion.NOT_CACHEABLE);
        byte[] broken =
                Packets.answer("www.example.org", Packets.A).a(300, "c0000201").bytes();
        for (int length = 0; length < broken.length; length++) {
            identity.set(Header.RD, false, true);
            assertThat(cache.insert(key(cache, query), identity, broken, length, -1, NOW, MINE))
                    .isEqualTo(Insertion.NOT_CACHEABLE);
        }
        assertThat(cache.size()).isZero();
    }

    @Test
    void staleAnswersServeOnlyWhenAllowed() {
        PacketCache cache = cache(spec().staleTtl(33));
        byte[] query = Packets.query("www.example.org", Packets.A).bytes();
        insert(
                cache,
                query,
                Packets.answer("www.example.org", Packets.A).a(10, "c0000201").bytes());
        assertThat(lookup(cache, query, NOW + 10)).isEqualTo(PacketCache.MISS);
        int found = lookup(cache, query, NOW + 10, 20, 0);
        assertThat(found & PacketCache.STALE).isNotZero();
        assertThat(ttl()).isEqualTo(33);
        assertThat(lookup(cache, query, NOW + 29, 20, 0)).isPositive();
        assertThat(lookup(cache, query, NOW + 30, 20, 0)).isEqualTo(PacketCache.MISS);
        assertThat(lookup(cache, query, NOW + 9, 20, 0) & PacketCache.STALE).isZero();
        assertThat(ttl()).isEqualTo(1);
    }

    @Test
    void truncatedAnswersCanBeRefusedAndMissesNotCounted() {
        PacketCache cache = cache(spec());
        byte[] query = Packets.query("www.example.org", Packets.A).bytes();
        byte[] answer = Packets.answer("www.example.org", Packets.A)
                .flags(Header.QR | Header.TC)
                .a(10, "c0000201")
                .bytes();
        insert(cache, query, answer);
        assertThat(lookup(cache, query, NOW, 0, PacketCache.REFUSE_TRUNCATED)).isEqualTo(PacketCache.MISS);
        assertThat(lookup(cache, query, NOW, 0, 0)).isPositive();
        assertThat(cache.stats().misses()).isEqualTo(1);
        byte[] other = Packets.query("other.example.org", Packets.A).bytes();
        assertThat(lookup(cache, other, NOW, 0, PacketCache.MISS_NOT_COUNTED)).isEqualTo(PacketCache.MISS);
        assertThat(cache.stats().misses()).isEqualTo(1);
    }

    @Test
    void dontAgeKeepsTtls() {
        PacketCache cache = cache(spec().dontAge(true));
        byte[] query = Packets.query("www.example.org", Packets.A).bytes();
        insert(
                cache,
                query,
                Packets.answer("www.example.org", Packets.A).a(300, "c0000201").bytes());
        assertThat(lookup(cache, query, NOW + 299)).isPositive();
        assertThat(ttl()).isEqualTo(300);
    }

    @ParameterizedTest
    @CsvSource({
        "flags, 0, false, true, 0, 24, 0",
        "DO, 256, true, true, 0, 24, 0",
        "UDP, 256, false, false, 0, 24, 0",
        "subnet, 256, false, true, 1, 24, 5",
        "subnet prefix, 256, false, true, 1, 16, 4",
        "subnet family, 256, false, true, 2, 24, 4",
    })
    void anotherIdentityIsACollision(
            String what, int flags, boolean dnssecOk, boolean udp, int family, int bits, long lo) {
        PacketCache cache = cache(spec().parseEcs(true));
        byte[] query = Packets.query("www.example.org", Packets.A).bytes();
        byte[] answer =
                Packets.answer("www.example.org", Packets.A).a(300, "c0000201").bytes();
        identity.set(256, false, true);
        identity.setSubnet(1, 24, 0, 4);
        assertThat(cache.insert(5, identity, answer, answer.length, -1, NOW, MINE))
                .isEqualTo(Insertion.STORED);
        assertThat(cache.lookup(
                        new CacheQuery()
                                .of(5, identity, query, nameLength(query), 256)
                                .at(NOW, 0),
                        out,
                        MINE))
                .isPositive();

        CacheIdentity other = new CacheIdentity();
        other.set(flags, dnssecOk, udp);
        if (family != 0) {
            other.setSubnet(family, bits, 0, lo);
        }
        assertThat(cache.lookup(
                        new CacheQuery()
                                .of(5, other, query, nameLength(query), 256)
                                .at(NOW, 0),
                        out,
                        MINE))
                .as(what)
                .isEqualTo(PacketCache.COLLISION);
        assertThat(cache.stats().lookupCollisions()).isEqualTo(1);
        assertThat(cache.stats().misses()).isZero();
        assertThat(cache.insert(5, other, answer, answer.length, -1, NOW + 299, MINE))
                .isEqualTo(Insertion.COLLISION);
        assertThat(cache.stats().insertCollisions()).isEqualTo(1);
        assertThat(cache.insert(5, other, answer, answer.length, -1, NOW + 300, MINE))
                .isEqualTo(Insertion.STORED);
        assertThat(cache.lookup(
                        new CacheQuery()
                                .of(5, other, query, nameLength(query), 256)
                                .at(NOW + 300, 0),
                        out,
                        MINE))
                .isPositive();
        assertThat(cache.size()).isEqualTo(1);
    }

    @Test
    void anotherQuestionIsACollisionToo() {
        PacketCache cache = cache(spec());
        byte[] answer =
                Packets.answer("www.example.org", Packets.A).a(300, "c0000201").bytes();
        identity.set(256, false, true);
        cache.insert(5, identity, answer, answer.length, -1, NOW, MINE);
        for (byte[] query : List.of(
                Packets.query("www.example.com", Packets.A).bytes(),
                Packets.query("xww.example.org", Packets.A).bytes(),
                Packets.query("www.example.org", Packets.AAAA).bytes())) {
            assertThat(cache.lookup(
                            new CacheQuery()
                                    .of(5, identity, query, nameLength(query), 256)
                                    .at(NOW, 0),
                            out,
                            MINE))
                    .isEqualTo(PacketCache.COLLISION);
        }
    }

    @Test
    void onlyALaterExpiryReplaces() {
        PacketCache cache = cache(spec());
        byte[] query = Packets.query("www.example.org", Packets.A).bytes();
        insert(
                cache,
                query,
                Packets.answer("www.example.org", Packets.A).a(300, "c0000201").bytes());
        byte[] sooner =
                Packets.answer("www.example.org", Packets.A).a(300, "c0000202").bytes();
        assertThat(insert(cache, query, sooner)).isEqualTo(Insertion.KEPT);
        byte[] later = Packets.answer("www.example.org", Packets.A)
                .a(301, "c0000203")
                .padding(100)
                .bytes();
        // the padding's TTL of 300 is the smallest
        assertThat(insert(cache, query, later)).isEqualTo(Insertion.KEPT);
        byte[] longer = Packets.answer("www.example.org", Packets.A)
                .a(400, "c0000204")
                .a(400, "c0000205")
                .bytes();
        assertThat(insert(cache, query, longer)).isEqualTo(Insertion.STORED);
        assertThat(lookup(cache, query, NOW)).isEqualTo(longer.length);
        assertThat(cache.size()).isEqualTo(1);
    }

    @Test
    void aFullShardRefuses() {
        PacketCache cache = cache(CacheSpec.builder(40).numberOfShards(4));
        int stored = 0;
        for (int i = 0; i < 400; i++) {
            String name = "n" + i + ".example";
            Insertion result = insert(
                    cache,
                    Packets.query(name, Packets.A).bytes(),
                    Packets.answer(name, Packets.A).a(300, "c0000201").bytes());
            stored += result == Insertion.STORED ? 1 : 0;
            assertThat(result).isIn(Insertion.STORED, Insertion.FULL);
        }
        assertThat(stored).isEqualTo(40);
        assertThat(cache.isFull()).isTrue();
        assertThat(cache).hasToString("40/40");
        assertThat(cache.expunge(8)).isEqualTo(32);
        assertThat(cache.isFull()).isFalse();
        assertThat(cache.size()).isEqualTo(8);
        assertThat(cache.expunge(0)).isEqualTo(8);
    }

    @Test
    void purgeTakesTheExpiredOnly() {
        PacketCache cache = cache(CacheSpec.builder(100).numberOfShards(1));
        for (int i = 0; i < 20; i++) {
            String name = "n" + i + ".example";
            insert(
                    cache,
                    Packets.query(name, Packets.A).bytes(),
                    Packets.answer(name, Packets.A)
                            .a(i < 12 ? 10 : 20, "c0000201")
                            .bytes());
        }
        assertThat(cache.purgeExpired(0, NOW + 9)).isZero();
        assertThat(cache.purgeExpired(15, NOW + 10)).isEqualTo(5);
        assertThat(cache.purgeExpired(0, NOW + 10)).isEqualTo(7);
        assertThat(cache.size()).isEqualTo(8);
        assertThat(cache.stats().cleanupCount()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.org, 255, false, 2",
        "WWW.Example.ORG, 255, false, 2",
        "www.example.org, 28, false, 1",
        "www.example.org, 16, false, 0",
        "example.org, 255, true, 3",
        "example.org, 1, true, 2",
        "example.org, 255, false, 0",
        "ample.org, 255, true, 0",
        "., 255, true, 4",
    })
    void expungesByName(String name, int type, boolean suffix, int removed) {
        PacketCache cache = cache(spec());
        fill(cache);
        assertThat(cache.expungeByName(Name.parse(name), type, suffix)).isEqualTo(removed);
        assertThat(cache.size()).isEqualTo(4 - removed);
    }

    private void fill(PacketCache cache) {
        byte[] w4 = Packets.answer("www.example.org", Packets.A)
                .a(300, "c0000201")
                .a(300, "c0000202")
                .bytes();
        insert(cache, Packets.query("www.example.org", Packets.A).bytes(), w4);
        byte[] w6 = Packets.answer("www.example.org", Packets.AAAA)
                .record(1, Packets.AAAA, 300, "20010db8000000000000000000000001")
                .bytes();
        insert(cache, Packets.query("www.example.org", Packets.AAAA).bytes(), w6);
        byte[] m =
                Packets.answer("mail.example.org", Packets.A).a(300, "c0000201").bytes();
        insert(cache, Packets.query("mail.example.org", Packets.A).bytes(), m);
        byte[] x = Packets.answer("example.net", Packets.A)
                .a(300, "c0000203")
                .record(3, Packets.A, 300, "c0000201")
                .bytes();
        insert(cache, Packets.query("example.net", Packets.A).bytes(), x);
    }

    @Test
    void findsNamesAndAddresses() {
        PacketCache cache = cache(spec());
        fill(cache);
        assertThat(cache.domainsByAddress(HexFormat.of().parseHex("c0000201")))
                .containsExactlyInAnyOrder(Name.parse("www.example.org"), Name.parse("mail.example.org"));
        assertThat(cache.domainsByAddress(HexFormat.of().parseHex("20010db8000000000000000000000001")))
                .containsExactly(Name.parse("www.example.org"));
        assertThat(cache.addressesByDomain(Name.parse("WWW.example.org")))
                .map(address -> HexFormat.of().formatHex(address))
                .containsExactlyInAnyOrder("c0000201", "c0000202", "20010db8000000000000000000000001");
        assertThat(cache.addressesByDomain(Name.parse("example.org"))).isEmpty();
    }

    @Test
    void dumpsALinePerAnswerIntoANewFile(@TempDir Path directory) throws Exception {
        PacketCache cache = cache(spec());
        byte[] query = Packets.query("Foo.example.org", 16).bytes();
        byte[] answer =
                Packets.answer("Foo.example.org", 16).record(1, 16, 300, "0161").bytes();
        insert(cache, query, answer);
        Path file = directory.resolve("dump");
        assertThat(cache.dump(file, false, NOW + 2, 1_800_000_002L)).isEqualTo(1);
        String key = Integer.toUnsignedString(CacheShard.tableKey(key(cache, query)));
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "; dnsdist's packet cache dump follows",
                        ";",
                        "Foo.example.org. 298 TXT ; rcode 0, key " + key + ", length " + answer.length
                                + ", received over UDP 1, added 1800000000");
        assertThat(Files.getPosixFilePermissions(file))
                .contains(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
                .doesNotContain(PosixFilePermission.OTHERS_READ, PosixFilePermission.OWNER_EXECUTE);
        assertThatThrownBy(() -> cache.dump(file, false, NOW, NOW)).isInstanceOf(FileAlreadyExistsException.class);
        Path raw = directory.resolve("raw");
        cache.dump(raw, true, NOW, NOW);
        assertThat(Files.readString(raw)).contains(Base64.getEncoder().encodeToString(answer));
    }

    @Test
    void shufflesAddressesWithinTheirSet() {
        PacketCache cache = cache(spec().shuffle(true));
        Packets answer = Packets.answer("www.example.org", Packets.A).record(1, 5, 300, "c00c");
        for (int i = 0; i < 8; i++) {
            answer.a(300, String.format("c00002%02x", i));
        }
        byte[] bytes = answer.record(1, 46, 300, "0001").bytes();
        byte[] query = Packets.query("www.example.org", Packets.A).bytes();
        insert(cache, query, bytes);
        Set<String> orders = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            assertThat(lookup(cache, query, NOW)).isEqualTo(bytes.length);
            Records records = new Records();
            records.start(out, bytes.length);
            records.next();
            assertThat(records.type()).isEqualTo(5);
            StringBuilder order = new StringBuilder();
            Set<Integer> seen = new TreeSet<>();
            for (int j = 0; j < 8; j++) {
                records.next();
                assertThat(records.type()).isEqualTo(1);
                order.append(out[records.rdOffset() + 3]);
                seen.add((int) out[records.rdOffset() + 3]);
            }
            assertThat(seen).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
            orders.add(order.toString());
        }
        assertThat(orders).hasSizeGreaterThan(10);
    }

    @Test
    void shufflingStaysInTheAnswerSection() {
        PacketCache cache = cache(spec().shuffle(true));
        byte[] answer = Packets.answer("www.example.org", Packets.A)
                .a(300, "c0000201")
                .record(3, Packets.A, 300, "c0000202")
                .record(3, Packets.A, 300, "c0000203")
                .bytes();
        byte[] query = Packets.query("www.example.org", Packets.A).bytes();
        insert(cache, query, answer);
        for (int i = 0; i < 20; i++) {
            int length = lookup(cache, query, NOW);
            assertThat(Arrays.copyOf(out, length)).isEqualTo(answer);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // options of query 1, of query 2, payloads, are the keys equal?  A: defaults, C: cookieHashing, S: skip 3, R:
        // ranks 512,1232,4096
        "A, '', '', 1232, 1232, true",
        "A, 000a0002aabb, 000a0002aacc, 1232, 1232, true",
        "A, 000a0002aabb, 000a0003aabbcc, 1232, 1232, false",
        "A, 000c0002aabb, 000c0002aacc, 1232, 1232, true",
        "A, 00030002aabb, 00030002aacc, 1232, 1232, false",
        "A, 000a0001aa 00030001bb, 000a0001cc 00030001bb, 1232, 1232, true",
        "A, 000a0001aa 00030001bb, 000a0001cc 00030001dd, 1232, 1232, false",
        "A, '', '', 1232, 1400, false",
        "C, 000a0002aabb, 000a0002aacc, 1232, 1232, false",
        "C, 000c0002aabb, 000c0002aacc, 1232, 1232, true",
        "S, 00030002aabb, 00030002aacc, 1232, 1232, true",
        "S, 000a0002aabb, 000a0002aacc, 1232, 1232, true",
        "S, 000c0002aabb, 000c0002aacc, 1232, 1232, false",
        "R, '', '', 1232, 1400, true",
        "R, '', '', 1232, 4095, true",
        "R, '', '', 1232, 4096, false",
        "R, '', '', 4096, 65535, true",
        "R, '', '', 100, 200, false",
        // an option list that lies about its length is taken as it is
        "A, 000a0009aabb, 000a0009aacc, 1232, 1232, false",
    })
    void keysSkipWhatIsConfigured(String spec, String first, String second, int payload1, int payload2, boolean equal) {
        PacketCache cache = cache(
                switch (spec) {
                    case "C" -> spec().cookieHashing(true);
                    case "S" -> spec().skipOptions(List.of(3));
                    case "R" -> spec().payloadRanks(List.of(4096, 512, 1232));
                    default -> spec();
                });
        long key1 = key(
                cache,
                Packets.query("a.example", 1).opt(payload1, Edns.DO, first).bytes());
        long key2 = key(
                cache,
                Packets.query("a.example", 1).opt(payload2, Edns.DO, second).bytes());
        assertThat(key1 == key2).isEqualTo(equal);
    }

    @Test
    void keysOfOtherShapesAreOfAllOctets() {
        PacketCache cache = cache(spec());
        byte[] one = Packets.query("a.example", 1)
                .opt(1232, 0, "000a0001aa")
                .opt(1232, 0, "")
                .bytes();
        byte[] two = Packets.query("a.example", 1)
                .opt(1232, 0, "000a0001bb")
                .opt(1232, 0, "")
                .bytes();
        assertThat(key(cache, one)).isNotEqualTo(key(cache, two));
    }

    @Test
    void keysKnowFlagsCaseTransportTypeAndNotTheId() {
        PacketCache cache = cache(spec());
        byte[] query = Packets.query("www.example.org", 1).bytes();
        long key = key(cache, query);
        assertThat(key(cache, Packets.query("wWw.eXample.oRg", 1).id(9).bytes()))
                .isEqualTo(key);
        assertThat(key(cache, Packets.query("www.example.org", 1).flags(0).bytes()))
                .isNotEqualTo(key);
        assertThat(key(cache, Packets.query("www.example.org", 2).bytes())).isNotEqualTo(key);
        assertThat(key(
                        cache,
                        Packets.query("www.example.org", 1).opt(512, 0, "").bytes()))
                .isNotEqualTo(key);
        assertThat(cache.key(query, query.length, nameLength(query), false)).isNotEqualTo(key);
        byte[] longer = Arrays.copyOf(query, query.length + 20);
        Arrays.fill(longer, query.length, longer.length, (byte) -1);
        assertThat(cache.key(longer, query.length, nameLength(query), true)).isEqualTo(key);
    }
}
