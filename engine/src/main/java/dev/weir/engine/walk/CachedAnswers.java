package dev.weir.engine.walk;

import dev.weir.engine.cache.CacheQuery;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.model.Setting;
import dev.weir.engine.pool.Pool;
import dev.weir.engine.query.Query;
import dev.weir.wire.ClientSubnet;
import dev.weir.wire.Edns;
import dev.weir.wire.Header;
import dev.weir.wire.Octets;
import dev.weir.wire.Question;

/** What the walk has to do with packet caches: the keys of queries, answers out, answers in. One data thread. */
final class CachedAnswers {
    private final Worker worker;
    private final CacheQuery asked = new CacheQuery();

    CachedAnswers(Worker worker) {
        this.worker = worker;
    }

    /** Makes the query's key and looks it up; on a hit the answer is the message under treatment. */
    boolean find(Query query, Pool pool, PacketCache cache, boolean overUdp) {
        query.found().cacheIdentity().set(Header.flags(query.packet()), query.dnssecOk(), overUdp);
        identifySubnet(query, cache);
        long key = cache.key(query.packet(), query.length(), query.nameLength(), overUdp);
        query.found().setCacheKey(key);
        return lookUp(query, pool, cache, key, 0);
    }

    /** {@link #find} for an answer that holds for every subnet, before the client's is added; finding none is not counted. */
    boolean findForAllSubnets(Query query, Pool pool, PacketCache cache, boolean overUdp) {
        query.found().cacheIdentity().clearSubnet();
        query.found().cacheIdentity().set(Header.flags(query.packet()), query.dnssecOk(), overUdp);
        long key = cache.key(query.packet(), query.length(), query.nameLength(), overUdp);
        query.found().setCacheKeyWithoutSubnet(key);
        return lookUp(query, pool, cache, key, PacketCache.MISS_NOT_COUNTED);
    }

    private boolean lookUp(Query query, Pool pool, PacketCache cache, long key, int options) {
        int staleTtl = worker.snapshot().settings().number(Setting.STALE_CACHE_ENTRIES_TTL);
        int staleSeconds = staleTtl > 0 && !pool.hasUsable() ? staleTtl : 0;
        byte[] answer = worker.cachedAnswer();
        asked.of(key, query.found().cacheIdentity(), query.packet(), query.nameLength(), query.flags())
                .at(worker.nowSeconds(), staleSeconds)
                .options(options);
        int found = cache.lookup(asked, answer, worker.stats());
        if (found < 0) {
            return false;
        }
        query.setPacket(answer, found & PacketCache.LENGTH_MASK);
        query.found().setCacheHit((found & PacketCache.STALE) != 0);
        return true;
    }

    /** The subnet that goes to the backend, ours or the client's own, is part of an entry's identity where the cache looks at it. */
    private void identifySubnet(Query query, PacketCache cache) {
        query.found().cacheIdentity().clearSubnet();
        if (!cache.spec().parseEcs()) {
            return;
        }
        Edns edns = worker.parseEdns(query);
        if (edns.present() && worker.subnet().parse(query.packet(), edns) > 0) {
            ClientSubnet subnet = worker.subnet();
            query.found().cacheIdentity().setSubnet(subnet.family(), subnet.sourcePrefix(), subnet.hi(), subnet.lo());
        }
    }

    /** Makes the key anew from what the query has become; without a readable question its answer is not stored. */
    void keyAsSent(Query query, PacketCache cache, boolean overUdp) {
        Question question = worker.question();
        if (question.parse(query.packet(), query.length()) < 0) {
            query.found().setCache(null);
            return;
        }
        int flags = Header.flags(query.packet());
        long key = cache.key(query.packet(), query.length(), question.nameLength(), overUdp);
        if (key != query.found().cacheKey() || !query.found().cacheIdentity().is(flags, query.dnssecOk(), overUdp)) {
            query.found().setCacheKey(key);
            query.found().forgetZeroScope();
            query.found().cacheIdentity().set(flags, query.dnssecOk(), overUdp);
            identifySubnet(query, cache);
        }
    }

    /**
     * Offers the answer in its final form.
     *
     * @param holdsForAll whether the backend said that it holds for all subnets, for a query that was looked up without one
     */
    void store(Query query, PacketCache cache, boolean holdsForAll) {
        if (holdsForAll) {
            query.found().cacheIdentity().clearSubnet();
        }
        long key = holdsForAll
                ? query.found().cacheKeyWithoutSubnet()
                : query.found().cacheKey();
        byte[] answer = query.packet();
        int tempFailureTtl = (int) query.decided().tempFailureTtl();
        if (query.length() == Header.LENGTH) {
            int length = writeQuestion(query, answer);
            cache.insertBare(
                    key,
                    query.found().cacheIdentity(),
                    answer,
                    length,
                    tempFailureTtl,
                    worker.nowSeconds(),
                    worker.stats());
        } else {
            cache.insert(
                    key,
                    query.found().cacheIdentity(),
                    answer,
                    query.length(),
                    tempFailureTtl,
                    worker.nowSeconds(),
                    worker.stats());
        }
    }

    /** Writes the query's question behind a header that came without one, for the cache to find it by; returns where it ends. */
    private static int writeQuestion(Query query, byte[] answer) {
        int nameEnd = Question.OFFSET + query.nameLength();
        System.arraycopy(query.nameBytes(), query.nameOffset(), answer, Question.OFFSET, query.nameLength());
        Octets.putU16(answer, nameEnd, query.type());
        Octets.putU16(answer, nameEnd + 2, query.recordClass());
        return nameEnd + 4;
    }
}
