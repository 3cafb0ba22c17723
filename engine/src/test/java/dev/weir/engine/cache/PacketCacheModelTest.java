package dev.weir.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Names;
import dev.weir.wire.Question;
import dev.weir.wire.Ttls;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations on the cache and on a map with the documented rules. Keys are few and chosen at random, so that names collide, chains
 * form and shards fill up; answers have sizes of all classes.
 */
class PacketCacheModelTest {
    private static final StatShard MINE = new Statistics().takeShard();

    private static final int OPERATIONS = 40_000;
    private static final int SHARDS = 3;
    private static final int MAX_ENTRIES = 240;
    private static final int KEYS = 400;
    private static final int NAMES = 6;

    private record Entry(int lowKey, String name, int flags, boolean dnssecOk, long subnet, byte[] answer, long until) {
        boolean isFor(int otherLowKey, String otherName, int otherFlags, boolean otherDnssecOk, long otherSubnet) {
            return lowKey == otherLowKey
                    && name.equals(otherName)
                    && flags == otherFlags
                    && dnssecOk == otherDnssecOk
                    && subnet == otherSubnet;
        }
    }

    private final Map<Integer, Entry> model = new HashMap<>();
    private final CacheIdentity identity = new CacheIdentity();
    private final byte[] out = new byte[65_535];
    private long hits;
    private long misses;
    private long lookupCollisions;
    private long insertCollisions;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void behavesAsTheModel(long seed) {
        Random random = new Random(seed);
        PacketCache cache = new PacketCache(
                CacheSpec.builder(MAX_ENTRIES)
                        .numberOfShards(SHARDS)
                        .maximumEntrySize(65_535)
                        .parseEcs(true)
                        .dontAge(true)
                        .build(),
                1,
                random::nextInt);
        long now = 1_800_000_000L;
        for (int i = 0; i < OPERATIONS; i++) {
            now += random.nextInt(50) == 0 ? random.nextInt(20) : 0;
            int dice = random.nextInt(1000);
            if (dice < 500) {
                insert(cache, random, now);
            } else if (dice < 990) {
                lookup(cache, random, now);
            } else if (dice < 995) {
                long expiredAt = now;
                int removed = cache.purgeExpired(0, now);
                assertThat(removed).isEqualTo(removeFromModel(e -> expiredAt >= e.until));
            } else if (dice < 999) {
                String name = name(random);
                int removed = cache.expungeByName(Name.parse(name), 255, false);
                assertThat(removed).isEqualTo(removeFromModel(e -> e.name.equals(name)));
            } else {
                assertThat(cache.expunge(0)).isEqualTo(model.size());
                model.clear();
            }
            assertThat(cache.size()).isEqualTo(model.size());
        }
        CacheStats stats = cache.stats();
        assertThat(stats.hits()).isEqualTo(hits).isPositive();
        assertThat(stats.misses()).isEqualTo(misses).isPositive();
        assertThat(stats.lookupCollisions()).isEqualTo(lookupCollisions).isPositive();
        assertThat(stats.insertCollisions()).isEqualTo(insertCollisions).isPositive();
        assertThat(stats.deferredInserts() + stats.deferredLookups()).isZero();
        assertThat(cache.reservedBytes()).isLessThan(60L << 20);
    }

    private int removeFromModel(Predicate<Entry> test) {
        int before = model.size();
        model.values().removeIf(test);
        return before - model.size();
    }

    private static String name(Random random) {
        return "name-" + "x".repeat(random.nextInt(3) * 7) + random.nextInt(NAMES) + ".example.org";
    }

    private void setIdentity(int flags, boolean dnssecOk, long subnet) {
        identity.set(flags, dnssecOk, true);
        if (subnet == 0) {
            identity.clearSubnet();
        } else {
            identity.setSubnet(1, 24, 0, subnet);
        }
    }

    private void insert(PacketCache cache, Random random, long now) {
        int key = random.nextInt(KEYS);
        int lowKey = random.nextInt(2);
        String name = name(random);
        int flags = random.nextBoolean() ? Header.RD : 0;
        boolean dnssecOk = random.nextInt(4) == 0;
        long subnet = random.nextInt(3);
        int ttl = random.nextInt(60);
        Packets packet = Packets.answer(name, Packets.A).a(ttl, String.format("%08x", random.nextInt()));
        if (random.nextInt(3) == 0) {
            int size = 1 << random.nextInt(16);
            packet.padding(random.nextInt(size));
        }
        byte[] answer = packet.bytes();
        if (answer.length > 65_535) {
            return;
        }
        long until = now + Math.min(ttl, Ttls.scan(answer, answer.length) & 0x7fff_ffffL);
        setIdentity(flags, dnssecOk, subnet);

        Insertion result = cache.insert((long) key << 32 | lowKey, identity, answer, answer.length, -1, now, MINE);

        Entry old = model.get(key);
        long inShard =
                model.keySet().stream().filter(k -> k % SHARDS == key % SHARDS).count();
        Insertion expected;
        if (old == null) {
            expected = inShard < MAX_ENTRIES / SHARDS ? Insertion.STORED : Insertion.FULL;
        } else if (old.isFor(lowKey, name, flags, dnssecOk, subnet)) {
            expected = until > old.until ? Insertion.STORED : Insertion.KEPT;
        } else if (now < old.until) {
            expected = Insertion.COLLISION;
            insertCollisions++;
        } else {
            expected = Insertion.STORED;
        }
        assertThat(result).isEqualTo(expected);
        if (expected == Insertion.STORED) {
            model.put(key, new Entry(lowKey, name, flags, dnssecOk, subnet, answer, until));
        }
    }

    private void lookup(PacketCache cache, Random random, long now) {
        int key = random.nextInt(KEYS);
        Entry entry = model.get(key);
        boolean exact = entry != null && random.nextInt(4) > 0;
        int lowKey = exact ? entry.lowKey : random.nextInt(2);
        String name = exact ? entry.name : name(random);
        int flags = exact ? entry.flags : random.nextBoolean() ? Header.RD : 0;
        boolean dnssecOk = exact ? entry.dnssecOk : random.nextInt(4) == 0;
        long subnet = exact ? entry.subnet : random.nextInt(3);
        int staleSeconds = random.nextInt(4) == 0 ? 10 : 0;
        byte[] query = Packets.query(name, Packets.A).bytes();
        int nameLength = Names.endOfPlain(query, query.length, Question.OFFSET) - Question.OFFSET;
        setIdentity(flags, dnssecOk, subnet);

        int found = cache.lookup(
                new CacheQuery()
                        .of((long) key << 32 | lowKey, identity, query, nameLength, Header.RD)
                        .at(now, staleSeconds),
                out,
                MINE);

        if (entry == null || now >= entry.until + staleSeconds) {
            assertThat(found).isEqualTo(PacketCache.MISS);
            misses++;
        } else if (!entry.isFor(lowKey, name, flags, dnssecOk, subnet)) {
            assertThat(found).isEqualTo(PacketCache.COLLISION);
            lookupCollisions++;
        } else {
            hits++;
            assertThat((found & PacketCache.STALE) != 0).isEqualTo(now >= entry.until);
            int length = found & PacketCache.LENGTH_MASK;
            assertThat(length).isEqualTo(entry.answer.length);
            if (now < entry.until) {
                assertThat(Arrays.equals(out, 0, length, entry.answer, 0, length))
                        .isTrue();
            }
        }
    }
}
