package dev.weir.engine.walk;

import dev.weir.engine.action.Action;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.model.Setting;
import dev.weir.engine.model.Snapshot;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.pool.Pool;
import dev.weir.engine.query.Query;
import dev.weir.engine.rule.CompiledChain;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.RuleWalk;
import dev.weir.engine.stat.Counter;
import dev.weir.wire.ClientSubnet;
import dev.weir.wire.Header;
import dev.weir.wire.ProxyHeader;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A query's walk from its reception to its backend. One object per data thread; transports never leak into it, and it leaks into none.
 *
 * <pre>
 *   admit   size, PROXY header, ACL                         (datagrams; streams are admitted when they connect)
 *   read    header checks, question, EDNS
 *   record  the ring of queries, query counts
 *   block   dynamic blocks: client, then name
 *   rules   query rules decide: pool, tags, answer
 *   cache   hit: answer; miss: cache-miss rules
 *   select  the policy picks a backend
 *   forward the transport takes it from here
 * </pre>
 *
 * The answer's walk is {@link ResponsePath}.
 */
public final class QueryPath {
    /** Largest plain query taken over UDP, in octets, without its PROXY header. */
    private static final int MAX_DATAGRAM = 1500;

    /** What a client without EDNS takes over UDP (RFC 1035 4.2.1). */
    private static final int PLAIN_PAYLOAD_SIZE = 512;

    /** PP2_TYPE_SSL: with an empty value, says that the client came encrypted. */
    private static final int PROXY_TLS = 0x20;

    private static final byte[] EMPTY = {};

    private final Worker worker;
    private final ResponsePath responses;
    private final CachedAnswers cached;
    private final Forwarder forwarder;
    private final ProxyAdmission proxy;
    private final CertificateAnswer certificates;
    private final RuleWalk walk;
    private final BlockStage blocks;
    private final LogLimit complaints = new LogLimit(10);

    /** The pool of the query in hand, from its look-up to its backend. */
    private @Nullable Pool target;

    /** Whether the operator's rules or policy had the query in hand after its cache key was made. */
    private boolean touched;

    /** @param responses the same thread's; gives answers that need no backend their last touches */
    public QueryPath(Worker worker, ResponsePath responses, Forwarder forwarder) {
        this.worker = worker;
        this.responses = responses;
        this.cached = responses.cached();
        this.forwarder = forwarder;
        this.proxy = new ProxyAdmission(worker);
        this.certificates = new CertificateAnswer(worker);
        this.walk = new RuleWalk(worker);
        this.blocks = new BlockStage(worker, responses);
        responses.dispatch(this::dispatch);
    }

    /** Takes a datagram through the whole walk. */
    public WalkVerdict datagram(Query query, boolean cutByKernel) {
        WalkVerdict verdict = admit(query, cutByKernel, MAX_DATAGRAM);
        return verdict == WalkVerdict.CONTINUE ? handle(query) : verdict;
    }

    /** The same with a datagram that hides its query; nobody who may not ask makes us decrypt anything. */
    public WalkVerdict datagram(Query query, boolean cutByKernel, SealedQueries sealed) {
        WalkVerdict verdict = admit(query, cutByKernel, sealed.mostOctets());
        return verdict == WalkVerdict.CONTINUE ? handle(query, sealed) : verdict;
    }

    /** Takes an admitted message that hides its query through the walk, or a plain one that asks how to hide it; others are dropped. */
    public WalkVerdict handle(Query query, SealedQueries sealed) {
        if (sealed.open(query)) {
            return handle(query);
        }
        worker.stats().increment(Counter.QUERIES);
        query.origin().frontend().queries().increment(worker.stats());
        if (!certificates.isAskedFor(query)) {
            return noncompliant(query);
        }
        query.lendKey(worker.nameKey());
        query.question(worker.question(), worker.parseEdns(query), PLAIN_PAYLOAD_SIZE);
        record(query);
        WalkVerdict verdict = blocks.check(query);
        if (verdict != WalkVerdict.CONTINUE) {
            return verdict;
        }
        certificates.compose(query);
        return responses.selfAnswered(query);
    }

    /** Takes an admitted query through the walk: a datagram's, or one of a stream that was admitted when it connected. */
    public WalkVerdict handle(Query query) {
        query.lendKey(worker.nameKey());
        WalkVerdict verdict = read(query);
        if (verdict == WalkVerdict.CONTINUE) {
            record(query);
            verdict = blocks.check(query);
        }
        if (verdict == WalkVerdict.CONTINUE && !blocks.pastRules()) {
            verdict = rules(query);
        }
        return verdict == WalkVerdict.CONTINUE ? dispatch(query) : verdict;
    }

    /** The walk from the cache on, which a restarted query takes once more. */
    WalkVerdict dispatch(Query query) {
        WalkVerdict verdict = cache(query);
        if (verdict == WalkVerdict.CONTINUE) {
            verdict = select(query);
        }
        if (verdict == WalkVerdict.CONTINUE && touched) {
            storeUnderWhatIsSent(query);
        }
        return verdict == WalkVerdict.CONTINUE ? forward(query) : verdict;
    }

    // ---- admit

    private WalkVerdict admit(Query query, boolean cutByKernel, int mostOctets) {
        Snapshot snapshot = worker.snapshot();
        boolean proxied = query.origin().frontend().proxyProtocol()
                && snapshot.proxyAcl().match(query.origin().peer());
        int most = mostOctets + (proxied ? snapshot.settings().number(Setting.PROXY_MAXIMUM_PAYLOAD_SIZE) : 0);
        if (cutByKernel || query.length() < Header.LENGTH || query.length() > most) {
            return noncompliant(query);
        }
        query.origin().client().set(query.origin().peer());
        query.origin().destination().set(query.origin().local());
        if (proxied) {
            return proxy.strip(query);
        }
        if (!snapshot.acl().match(query.origin().peer())) {
            worker.stats().increment(Counter.ACL_DROPS);
            return WalkVerdict.DROP;
        }
        return WalkVerdict.CONTINUE;
    }

    // ---- read

    private WalkVerdict read(Query query) {
        byte[] packet = query.packet();
        if (query.length() < Header.LENGTH) {
            return noncompliant(query);
        }
        worker.stats().increment(Counter.QUERIES);
        query.origin().frontend().queries().increment(worker.stats());
        int flags = Header.flags(packet);
        if ((flags & (Header.QR | Header.TC)) != 0) {
            return noncompliant(query);
        }
        if (Header.qdcount(packet) == 0) {
            return empty(query);
        }
        if ((flags & Header.RD) != 0) {
            worker.stats().increment(Counter.RDQUERIES);
        }
        if (worker.question().parse(packet, query.length()) < 0) {
            return noncompliant(query);
        }
        query.question(worker.question(), worker.parseEdns(query), PLAIN_PAYLOAD_SIZE);
        if (isTransfer(query.type()) && query.origin().protocol().hasOneAnswer()) {
            return responses.selfAnswered(query, Rcode.NOTIMP);
        }
        return WalkVerdict.CONTINUE;
    }

    private WalkVerdict noncompliant(Query query) {
        worker.stats().increment(Counter.NONCOMPLIANT_QUERIES);
        query.origin().frontend().noncompliantQueries().increment(worker.stats());
        return WalkVerdict.DROP;
    }

    private WalkVerdict empty(Query query) {
        worker.stats().increment(Counter.EMPTY_QUERIES);
        if (worker.snapshot().settings().on(Setting.DROP_EMPTY_QUERIES)) {
            return WalkVerdict.DROP;
        }
        query.withoutQuestion(worker.parseEdns(query), PLAIN_PAYLOAD_SIZE);
        return responses.selfAnswered(query, Rcode.NOTIMP);
    }

    // ---- record

    private void record(Query query) {
        worker.rings().query(query);
        worker.queryCounts().count(query, worker.stats());
    }

    // ---- rules

    private WalkVerdict rules(Query query) {
        WalkVerdict verdict = run(worker.snapshot().rules(), query, true);
        if (verdict == WalkVerdict.CONTINUE && Header.has(query.packet(), Header.QR)) {
            return responses.selfAnswered(query);
        }
        return verdict;
    }

    /** A query that waited goes on behind the rules: its packet may have become its answer. */
    private WalkVerdict resumed(Query query) {
        return Header.has(query.packet(), Header.QR) ? responses.selfAnswered(query) : dispatch(query);
    }

    private WalkVerdict run(CompiledChain<Action> chain, Query query, boolean maySuspend) {
        for (int at = walk.first(chain, query); at >= 0; at = walk.next()) {
            Rule<Action> rule = chain.rule(at);
            rule.matches().increment(worker.stats());
            touched = true;
            query.decided().setActionParameter(null);
            Result result = rule.action().perform(query, worker);
            if (query.decided().suspension() != null) {
                if (maySuspend) {
                    return responses.suspend(query, this::resumed);
                }
                worker.engine().suspensions().forget(query);
            }
            if (result == Result.DROP) {
                worker.stats().increment(Counter.RULE_DROP);
                return WalkVerdict.DROP;
            }
            if (apply(result, query)) {
                return WalkVerdict.CONTINUE;
            }
        }
        return WalkVerdict.CONTINUE;
    }

    /** Carries out what an action returned: whether later rules are skipped. */
    private boolean apply(Result result, Query query) {
        String parameter = query.decided().actionParameter();
        return switch (result) {
            case ALLOW, HEADER_MODIFY -> true;
            case NXDOMAIN -> answered(query, Rcode.NXDOMAIN, Counter.RULE_NXDOMAIN);
            case REFUSED -> answered(query, Rcode.REFUSED, Counter.RULE_REFUSED);
            case SERVFAIL -> answered(query, Rcode.SERVFAIL, Counter.RULE_SERVFAIL);
            case SPOOF, SPOOF_RAW, SPOOF_PACKET -> {
                SpoofedByLua.apply(result, parameter, query, worker);
                yield true; // also if nothing in the text suits the query, which then goes on
            }
            case TRUNCATE -> query.origin().overUdp() && truncated(query);
            case POOL -> {
                query.decided().setPoolName(parameter == null ? "" : parameter);
                yield true;
            }
            case NO_RECURSE -> {
                Header.set(query.packet(), Header.RD, false);
                yield true;
            }
            case DELAY -> {
                query.decided().setDelayMillis(Numbers.parseOr(parameter, 0));
                yield false;
            }
            case NONE, NO_OP, SET_TAG, DROP -> false;
        };
    }

    private boolean answered(Query query, int rcode, Counter counter) {
        worker.stats().increment(counter);
        worker.answerBare(query, rcode);
        return true;
    }

    private boolean truncated(Query query) {
        worker.stats().increment(Counter.RULE_TRUNCATED);
        worker.answerTruncated(query);
        return true;
    }

    // ---- cache

    private WalkVerdict cache(Query query) {
        Pool pool = findPool(query);
        if (pool == null) {
            return WalkVerdict.DROP;
        }
        target = pool;
        chooseBackendFirstIfKeyDependsOnIt(query, pool);
        touched = false;
        boolean mayCache = !query.decided().skipCache() && !isTransfer(query.type());
        PacketCache cache = mayCache ? pool.cache() : null;
        query.found().setCache(cache);
        boolean addSubnet = query.decided().useEcs() && wantsSubnet(query, pool);
        WalkVerdict verdict = WalkVerdict.CONTINUE;
        if (addSubnet && cache != null) {
            verdict = lookUpZeroScope(query, pool, cache);
        }
        if (verdict == WalkVerdict.CONTINUE && addSubnet) {
            addSubnet(query);
        }
        if (verdict == WalkVerdict.CONTINUE && cache != null) {
            verdict = lookUp(query, pool, cache);
        }
        return verdict;
    }

    private @Nullable Pool findPool(Query query) {
        Snapshot snapshot = worker.snapshot();
        String name = query.decided().poolName();
        Pool pool = name.isEmpty() ? snapshot.defaultPool() : snapshot.pools().get(name);
        if (pool == null && complaints.admit(worker.nowNanos()) > 0) {
            Log.error("Dropping queries for a pool that does not exist", "rules", "pool", name);
        }
        return pool;
    }

    /** Compatibility: without a cache, or with servers that disagree on what changes the query, selection comes before the look-up. */
    private void chooseBackendFirstIfKeyDependsOnIt(Query query, Pool pool) {
        if (pool.cache() == null || !pool.uniform()) {
            query.found().setBackend(choose(query, pool));
        }
    }

    private static boolean wantsSubnet(Query query, Pool pool) {
        Backend backend = query.found().backend();
        return backend == null ? pool.ecs() : backend.spec().additions().clientSubnet();
    }

    private static boolean isTransfer(int type) {
        return type == RecordType.AXFR || type == RecordType.IXFR;
    }

    /** Compatibility: an answer that holds for every subnet (scope 0) is kept, and found, under the key without one. */
    private WalkVerdict lookUpZeroScope(Query query, Pool pool, PacketCache cache) {
        Backend backend = query.found().backend();
        boolean allowed = cache.spec().parseEcs()
                && pool.zeroScope()
                && (backend == null || !backend.spec().additions().disableZeroScope())
                && worker.parseEdns(query).findOption(query.packet(), ClientSubnet.OPTION) < 0;
        if (!allowed) {
            return WalkVerdict.CONTINUE;
        }
        boolean hit = cached.findForAllSubnets(query, pool, cache, overUdp(query));
        return hit ? responses.cacheHit(query) : WalkVerdict.CONTINUE;
    }

    private void addSubnet(Query query) {
        int length = worker.addSubnet(query, query.packet(), query.length());
        if (length > 0) {
            query.setLength(length);
            query.found().setEcsAdded(worker.subnetEditor().change());
        }
    }

    private WalkVerdict lookUp(Query query, Pool pool, PacketCache cache) {
        if (cached.find(query, pool, cache, overUdp(query))) {
            return responses.cacheHit(query);
        }
        worker.stats().increment(Counter.CACHE_MISSES);
        return missRules(query, pool);
    }

    private WalkVerdict missRules(Query query, Pool pool) {
        CompiledChain<Action> rules = worker.snapshot().cacheMissRules();
        if (rules.isEmpty()) {
            return WalkVerdict.CONTINUE;
        }
        WalkVerdict verdict = run(rules, query, false);
        if (verdict == WalkVerdict.CONTINUE && Header.has(query.packet(), Header.QR)) {
            return responses.selfAnswered(query);
        }
        if (verdict == WalkVerdict.CONTINUE && !query.decided().poolName().equals(pool.name())) {
            Pool other = findPool(query);
            if (other == null) {
                return WalkVerdict.DROP;
            }
            target = other;
            query.found().setCache(other.cache());
            query.found().forgetZeroScope();
            query.found().forgetBackend();
        }
        return verdict;
    }

    /**
     * Cache-miss rules and the operator's policies may change pool, name, options and flags of a query that was looked up. Its answer
     * belongs into the cache of the pool that gives it, under the key of what that pool was asked, and not under the key of the look-up.
     */
    private void storeUnderWhatIsSent(Query query) {
        PacketCache cache = query.found().cache();
        if (cache != null) {
            cached.keyAsSent(query, cache, overUdp(query));
        }
    }

    /** Whether the query goes to its backend over UDP, which is part of the cache key. */
    private boolean overUdp(Query query) {
        Backend backend = query.found().backend();
        Pool pool = target;
        boolean streamOnly = backend != null
                ? backend.spec().tcp().only()
                : pool != null
                        && !pool.servers().isEmpty()
                        && pool.servers().getFirst().spec().tcp().only();
        return query.origin().protocol().forwardsOverUdp() && !streamOnly;
    }

    // ---- select

    private @Nullable Backend choose(Query query, Pool pool) {
        Policy own = pool.policy();
        Policy policy = own == null ? worker.snapshot().policy() : own;
        touched |= policy instanceof Policy.Custom;
        return policy.select(pool.servers(), query, worker);
    }

    private WalkVerdict select(Query query) {
        if (!query.found().backendChosen()) {
            query.found().setBackend(choose(query, Objects.requireNonNull(target)));
        }
        if (query.found().backend() != null) {
            return WalkVerdict.CONTINUE;
        }
        worker.stats().increment(Counter.NO_POLICY);
        if (!worker.snapshot().settings().on(Setting.SERV_FAIL_WHEN_NO_SERVER)) {
            return WalkVerdict.DROP;
        }
        return responses.selfAnswered(query, Rcode.SERVFAIL);
    }

    // ---- forward

    private WalkVerdict forward(Query query) {
        Backend backend = Objects.requireNonNull(query.found().backend());
        if (backend.spec().additions().proxyProtocol()
                && backend.spec().additions().proxyProtocolAdvertiseTls()
                && query.origin().protocol().isEncrypted()
                && !hasTlsTlv(query)) {
            query.decided().addProxyTlv(PROXY_TLS, EMPTY);
        }
        query.found()
                .setOptAdded(!query.hasEdns()
                        && Header.arcount(query.packet()) > 0
                        && worker.parseEdns(query).present());
        query.found().sentAt(worker.nowNanos());
        if (forwarder.forward(query, backend)) {
            return WalkVerdict.PARK;
        }
        worker.stats().increment(Counter.DOWNSTREAM_SEND_ERRORS);
        backend.sendErrors().increment(worker.stats());
        return WalkVerdict.DROP;
    }

    /** A restarted query may have got it on its way to an earlier backend. */
    private static boolean hasTlsTlv(Query query) {
        for (ProxyHeader.Tlv tlv : query.decided().proxyTlvs()) {
            if (tlv.type() == PROXY_TLS) {
                return true;
            }
        }
        return false;
    }
}
