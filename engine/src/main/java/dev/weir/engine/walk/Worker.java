package dev.weir.engine.walk;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.expression.Scanners;
import dev.weir.engine.model.Engine;
import dev.weir.engine.model.Setting;
import dev.weir.engine.model.Snapshot;
import dev.weir.engine.model.WalkSettings;
import dev.weir.engine.policy.PolicyContext;
import dev.weir.engine.pool.Pool;
import dev.weir.engine.query.HashedName;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;
import dev.weir.engine.ring.QueryCounts;
import dev.weir.engine.ring.RingWriter;
import dev.weir.engine.ring.Rings;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.StatShard;
import dev.weir.wire.AnswerComposer;
import dev.weir.wire.ClientSubnet;
import dev.weir.wire.ClientSubnetEditor;
import dev.weir.wire.Edns;
import dev.weir.wire.EdnsEditor;
import dev.weir.wire.Header;
import dev.weir.wire.MessageRewriter;
import dev.weir.wire.Question;
import dev.weir.wire.Rcode;
import dev.weir.wire.ResponseEditor;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * One data thread's tools: clock and snapshot of the batch, counters, random numbers, and the wire editors, each made once. Belongs to its
 * thread.
 */
public final class Worker implements PolicyContext, RuleContext {
    private final Engine engine;
    private final StatShard stats;
    private final RingWriter rings;
    private final QueryCounts queryCounts;
    private final RandomGenerator random;
    private Snapshot snapshot;
    private Executor home = Runnable::run;
    private long nowNanos;

    private final Question question = new Question();
    private final Edns edns = new Edns();
    private final EdnsEditor ednsEditor = new EdnsEditor();
    private final AnswerComposer composer = new AnswerComposer();
    private final MessageRewriter messageRewriter = new MessageRewriter();
    private final ResponseEditor responseEditor = new ResponseEditor();
    private final ClientSubnetEditor subnetEditor = new ClientSubnetEditor();
    private final ClientSubnet subnet = new ClientSubnet();
    private final HashedName nameKey = new HashedName();
    private final byte[] cachedAnswer = new byte[Query.BUFFER];
    private final Scanners scanners = new Scanners();

    /** @param random this thread's own stream of numbers */
    public Worker(Engine engine, RandomGenerator random) {
        this(engine, engine.statistics().takeShard(), engine.rings(), engine.queryCounts(), random, engine.snapshot());
    }

    private Worker(
            Engine engine,
            StatShard stats,
            Rings rings,
            QueryCounts queryCounts,
            RandomGenerator random,
            Snapshot snapshot) {
        this.engine = engine;
        this.stats = stats;
        this.rings = rings.newWriter();
        this.queryCounts = queryCounts;
        this.random = random;
        this.snapshot = snapshot;
    }

    /**
     * A worker for queries that nobody has asked: counters, rings and query counts know nothing of what it does. It is not closed, and begins no
     * batch but this one.
     *
     * @param snapshot what it goes by
     * @param nowNanos {@link System#nanoTime}
     */
    public static Worker unseen(Engine engine, RandomGenerator random, Snapshot snapshot, long nowNanos) {
        Rings none = new Rings();
        none.configure(none.spec().recording(false, false));
        Worker worker = new Worker(engine, StatShard.nowhere(), none, new QueryCounts(), random, snapshot);
        worker.nowNanos = nowNanos;
        return worker;
    }

    /** Sets what runs something on this thread, soon, called from any thread. */
    public void home(Executor executor) {
        home = executor;
    }

    Executor home() {
        return home;
    }

    /** Gives back what the engine keeps for each thread. The thread has ended, or asks for nothing any more. */
    public void close() {
        rings.close();
        engine.statistics().giveBack(stats);
    }

    /**
     * Begins a batch: all its queries see this time and this snapshot.
     *
     * @param newNowNanos {@link System#nanoTime}
     */
    public void beginBatch(long newNowNanos) {
        nowNanos = newNowNanos;
        snapshot = engine.snapshot();
    }

    public Engine engine() {
        return engine;
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    @Override
    public StatShard stats() {
        return stats;
    }

    /** The thread's way into the rings. */
    RingWriter rings() {
        return rings;
    }

    /** Where queries are counted by their names, if the operator wants that. */
    QueryCounts queryCounts() {
        return queryCounts;
    }

    @Override
    public long nowNanos() {
        return nowNanos;
    }

    /** {@link PacketCache#seconds} at the start of the batch. */
    public long nowSeconds() {
        return PacketCache.seconds(nowNanos);
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public int hashSeed() {
        return snapshot.settings().number(Setting.HASH_PERTURBATION);
    }

    @Override
    public double weightedBalancingFactor() {
        return snapshot.settings().factor(Setting.WEIGHTED_BALANCING_FACTOR);
    }

    @Override
    public double consistentHashingBalancingFactor() {
        return snapshot.settings().factor(Setting.CONSISTENT_HASHING_BALANCING_FACTOR);
    }

    @Override
    public boolean roundRobinFailOnNoServer() {
        return snapshot.settings().on(Setting.ROUND_ROBIN_FAIL_ON_NO_SERVER);
    }

    @Override
    public int nextTurn() {
        return engine.nextTurn();
    }

    @Override
    public Scanners scanners() {
        return scanners;
    }

    @Override
    public Edns parseEdns(Query query) {
        edns.parse(query.packet(), query.length());
        return edns;
    }

    @Override
    public AnswerComposer composer() {
        return composer;
    }

    @Override
    public MessageRewriter messageRewriter() {
        return messageRewriter;
    }

    @Override
    public ResponseEditor responseEditor() {
        return responseEditor;
    }

    @Override
    public EdnsEditor ednsEditor() {
        return ednsEditor;
    }

    @Override
    public int addSubnet(Query query, byte[] packet, int length) {
        WalkSettings settings = snapshot.settings();
        Peer client = query.origin().client();
        IpAddress fixed = query.decided().fixedEcs(client.family());
        int family = fixed == null ? client.family() : fixed.family();
        long hi = fixed == null ? client.hi() : fixed.hi();
        long lo = fixed == null ? client.lo() : fixed.lo();
        int bits = family == 4
                ? settings.number(Setting.ECS_SOURCE_PREFIX_V4)
                : settings.number(Setting.ECS_SOURCE_PREFIX_V6);
        if (fixed != null) {
            bits = query.decided().fixedEcsPrefix(client.family());
        } else if (query.decided().ecsPrefixLength() >= 0) {
            bits = query.decided().ecsPrefixLength();
        }
        bits = Math.min(bits, family == 4 ? 32 : 128);
        boolean override = query.decided().ecsOverride() || settings.on(Setting.ECS_OVERRIDE);
        int wireFamily = family == 4 ? ClientSubnet.IPV4 : ClientSubnet.IPV6;
        return subnetEditor.add(packet, length, wireFamily, hi, lo, bits, override);
    }

    @Override
    public boolean startAnswer(Query query) {
        if (composer.start(query.packet(), query.length()) >= 0) {
            return true;
        }
        query.setLength(Answers.bare(query.packet(), Rcode.SERVFAIL));
        return false;
    }

    /**
     * Turns the query's packet into an answer without records whose header is the query's but for QR and response code: what Lua functions
     * ask for with a result, and what blocks and missing backends come to. dnsdist answers so, and {@code RCodeAction} does not.
     */
    public void answerBare(Query query, int rcode) {
        if (composer.startBare(query.packet(), query.length(), rcode) >= 0) {
            finishAnswer(query);
        } else {
            query.setLength(Answers.bare(query.packet(), Rcode.SERVFAIL));
        }
    }

    /** The same with TC, which asks the client to come back over TCP; its flags are those of an answer of our own. */
    public void answerTruncated(Query query) {
        if (startAnswer(query)) {
            composer.flag(Header.AA, false);
            composer.flag(Header.TC, true);
            finishAnswer(query);
        }
    }

    @Override
    public void finishAnswer(Query query) {
        WalkSettings settings = snapshot.settings();
        int length = composer.finish(
                query.hasEdns() && settings.on(Setting.ADD_EDNS_TO_SELF_GENERATED_RESPONSES),
                settings.number(Setting.PAYLOAD_SIZE_ON_SELF_GENERATED_ANSWERS));
        if (length < 0) {
            stats.increment(Counter.TRUNC_FAILURES);
            length = Answers.bare(query.packet(), Rcode.SERVFAIL);
        }
        query.setLength(length);
    }

    @Override
    public boolean poolIsUsable(String pool) {
        Pool there = snapshot.pools().get(pool);
        return there != null && there.hasUsable();
    }

    @Override
    public boolean poolHasInFlightOver(String pool, long limit) {
        Pool there = snapshot.pools().get(pool);
        return there != null && there.outstanding() > limit;
    }

    Question question() {
        return question;
    }

    Edns edns() {
        return edns;
    }

    ClientSubnetEditor subnetEditor() {
        return subnetEditor;
    }

    ClientSubnet subnet() {
        return subnet;
    }

    HashedName nameKey() {
        return nameKey;
    }

    /** Where the answer of a cache hit is put together. */
    byte[] cachedAnswer() {
        return cachedAnswer;
    }
}
