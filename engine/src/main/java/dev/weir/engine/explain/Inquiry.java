package dev.weir.engine.explain;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.block.DynamicBlock;
import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.cache.CacheQuery;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.explain.Explanation.Outcome;
import dev.weir.engine.explain.Explanation.Stage;
import dev.weir.engine.explain.Explanation.Step;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.model.Engine;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Snapshot;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.pool.Pool;
import dev.weir.engine.query.HttpRequest;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.ReplyPort;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.walk.QueryPath;
import dev.weir.engine.walk.ResponsePath;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.engine.walk.Worker;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One query on its way: what it meets, told step by step. */
final class Inquiry {
    private static final ReplyPort NOBODY = new ReplyPort() {
        @Override
        public void reply(Query query) {}

        @Override
        public void abandon(Query query) {}
    };

    private final ImaginedQuery asked;
    private final Frontend frontend;
    private final Model model;
    private final Engine engine;
    private final Snapshot real;
    private final long now;
    private final Rehearsal rehearsal;
    private final Query query = new Query();
    private final List<Step> steps = new ArrayList<>();
    private byte[] sent = {};

    /** @param nowNanos when it comes in, {@link System#nanoTime} */
    Inquiry(Model model, ImaginedQuery asked, Frontend frontend, long nowNanos) {
        this.model = model;
        this.engine = model.engine();
        this.real = engine.snapshot();
        this.asked = asked;
        this.frontend = frontend;
        this.now = nowNanos;
        this.rehearsal = new Rehearsal(engine, nowNanos);
    }

    Explanation explain() {
        String question = asked + " to " + frontend.address();
        begin();
        if (dropsInKernel() || !isAdmitted()) {
            String reason = steps.getLast().text();
            return new Explanation(question, steps, Ending.end(Outcome.DROPPED, "dropped: " + reason, Map.of()));
        }
        DynamicBlock block = blockBeforeRules();
        Worker worker = Worker.unseen(engine, RandomGenerator.getDefault(), rehearsal.snapshot(real), now);
        rehearsal.walker(worker);
        QueryPath path = new QueryPath(worker, new ResponsePath(worker), this::forward);
        WalkVerdict verdict = path.handle(query);
        arrange(verdict, block);
        boolean poolIsThere = real.pools().containsKey(query.decided().poolName());
        String blockedBy = block == null || engine.blocks().effective(block) == Result.NO_RECURSE
                ? ""
                : "the dynamic block of " + block.key();
        Ending ending = new Ending(asked, frontend, query, rehearsal, blockedBy, poolIsThere, sent);
        return new Explanation(question, steps, ending.of(verdict));
    }

    private void begin() {
        byte[] packet = new byte[Query.BUFFER];
        int length = asked.compose(packet);
        query.begin(asked.protocol(), frontend, packet, length, now);
        query.origin().peer().set(asked.client());
        query.origin().client().set(asked.client());
        query.origin().local().set(frontend.address());
        query.origin().destination().set(frontend.address());
        query.origin().setServerName(asked.serverName());
        query.origin().replyTo(NOBODY, 0);
        if (asked.protocol() == Protocol.DOH || asked.protocol() == Protocol.DOH3) {
            String host = asked.serverName().isEmpty() ? frontend.address().toString() : asked.serverName();
            query.origin().setHttp(new HttpRequest("https", host, asked.path(), "", Map.of()));
        }
    }

    private boolean forward(Query forwarded, Backend backend) {
        sent = forwarded.packetCopy();
        return true;
    }

    // ---- before the walk

    private boolean dropsInKernel() {
        boolean drops = false;
        IpAddress client = asked.client().ip();
        Name name = asked.protocol() == Protocol.DO_UDP ? asked.name() : null;
        for (KernelFilter filter : model.filters().all()) {
            boolean standsHere = frontend.filter() == filter;
            if (!standsHere && !filter.spec().external()) {
                continue;
            }
            try {
                KernelFilter.Entry entry = filter.deciding(client, name, asked.type());
                say(filter, entry);
                drops |= standsHere && entry != null && entry.action() != MatchAction.PASS;
            } catch (KernelException e) {
                steps.add(Step.of(Stage.KERNEL, "the filter can't be read: " + e.getMessage(), Map.of()));
            }
        }
        return drops;
    }

    private void say(KernelFilter filter, KernelFilter.@Nullable Entry entry) {
        String which = filter.spec().external() ? "tables for external programs" : "filter at the socket";
        if (entry == null) {
            steps.add(Step.of(Stage.KERNEL, which + ": no entry", Map.of()));
            return;
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("external", filter.spec().external());
        facts.put("entry", entry.subject());
        facts.put("action", entry.action().toString());
        String left = "";
        if (entry.endNanos() != KernelFilter.FOREVER) {
            long seconds = Math.max(0, TimeUnit.NANOSECONDS.toSeconds(entry.endNanos() - now));
            facts.put("seconds-left", seconds);
            left = ", for " + seconds + " s more";
        }
        steps.add(Step.of(Stage.KERNEL, which + ": " + entry.action() + " " + entry.subject() + left, facts));
    }

    private boolean isAdmitted() {
        boolean allowed = real.acl().match(query.origin().client());
        steps.add(Step.of(
                Stage.ACL,
                asked.client().ip() + (allowed ? " may ask" : " is not in the ACL"),
                Map.of("allowed", allowed)));
        return allowed;
    }

    /** The block that keeps the query from the rules, the client's before the name's; null if none does. */
    private @Nullable DynamicBlock blockBeforeRules() {
        DynamicBlocks.InForce blocks = engine.blocks().inForce();
        if (blocks == null) {
            return null;
        }
        DynamicBlock ofClient = blocks.client(query.origin().client(), now);
        if (keepsFromRules(ofClient)) {
            return ofClient;
        }
        Query named = new Query();
        named.rename(asked.name());
        DynamicBlock ofName = blocks.name(named, now);
        return keepsFromRules(ofName) ? ofName : null;
    }

    private boolean keepsFromRules(@Nullable DynamicBlock block) {
        if (block == null) {
            return false;
        }
        Result action = engine.blocks().effective(block);
        boolean passes = action == Result.NO_OP
                || action == Result.SET_TAG
                || action == Result.TRUNCATE && !asked.protocol().isDatagram();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(block.endNanos() - now);
        steps.add(Step.of(
                Stage.BLOCK,
                block.key() + ": " + action.luaName() + " for " + seconds + " s more, " + block.reason()
                        + (passes ? " (goes on to the rules)" : ""),
                Map.of(
                        "key", block.key(),
                        "action", action.luaName(),
                        "reason", block.reason(),
                        "seconds-left", seconds)));
        return !passes;
    }

    // ---- after the walk

    private void arrange(WalkVerdict verdict, @Nullable DynamicBlock block) {
        take(Stage.RULE);
        if (asked.all() && block == null) {
            passedRules();
        }
        boolean searched = verdict == WalkVerdict.PARK
                || query.found().cacheHit()
                || rehearsal.policyAsked()
                || rehearsal.steps().stream().anyMatch(step -> step.stage() == Stage.CACHE_MISS_RULE);
        Pool pool = real.pools().get(query.decided().poolName());
        if (searched && pool != null) {
            pool(pool);
            cache(pool);
        }
        take(Stage.CACHE_MISS_RULE);
        if (rehearsal.policyAsked() && pool != null && !query.found().cacheHit()) {
            server(pool);
        }
        take(Stage.CACHE_HIT_RULE);
        take(Stage.SELF_ANSWERED_RULE);
    }

    private void take(Stage stage) {
        rehearsal.steps().stream().filter(step -> step.stage() == stage).forEach(steps::add);
    }

    private void passedRules() {
        List<? extends Rule<?>> rules = real.rules().rules();
        for (int number : rehearsal.passed(rules.size())) {
            Rule<?> rule = rules.get(number);
            steps.add(new Step(
                    Stage.RULE,
                    number,
                    "does not match: " + rule.selector().text(),
                    Map.of("matches", false, "selector", rule.selector().text(), "name", rule.name())));
        }
        steps.sort(Comparator.comparing(Step::stage).thenComparingInt(Step::number));
    }

    private void pool(Pool pool) {
        Policy policy = pool.policy() == null ? real.policy() : pool.policy();
        String name = pool.name().isEmpty() ? "the default pool" : pool.name();
        steps.add(Step.of(
                Stage.POOL,
                name + ": " + pool.countUp() + " of " + pool.servers().size() + " servers up, policy " + policy.name(),
                Map.of(
                        "pool", pool.name(),
                        "up", pool.countUp(),
                        "servers", pool.servers().size(),
                        "policy", policy.name())));
    }

    private void cache(Pool pool) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("hit", query.found().cacheHit());
        String text = cacheText(pool, facts);
        steps.add(Step.of(Stage.CACHE, text, facts));
    }

    private String cacheText(Pool pool, Map<String, Object> facts) {
        if (pool.cache() == null) {
            return "the pool has none";
        }
        if (query.found().cache() == null) {
            return query.decided().skipCache()
                    ? "not asked: a rule says so"
                    : "not asked: nothing of this query is stored";
        }
        long key = query.found().cacheHit() && query.found().cacheKey() == 0
                ? query.found().cacheKeyWithoutSubnet()
                : query.found().cacheKey();
        String hex = "key " + Long.toHexString(key);
        facts.put("key", Long.toHexString(key));
        if (query.found().cacheHit()) {
            return (query.found().staleHit() ? "an answer whose time is over, as no server is up, " : "an answer, ")
                    + hex;
        }
        return missing(query.found().cache(), key) + ", " + hex;
    }

    /** Why there is none. */
    private String missing(PacketCache cache, long key) {
        if (sent.length == 0) {
            return "no answer";
        }
        CacheQuery again = new CacheQuery()
                .of(key, query.found().cacheIdentity(), sent, query.nameLength(), query.flags())
                .at(PacketCache.seconds(now), Integer.MAX_VALUE)
                .options(PacketCache.MISS_NOT_COUNTED);
        int found = cache.lookup(again, new byte[Query.BUFFER], StatShard.nowhere());
        if (found == PacketCache.COLLISION) {
            return "no answer, another query's has its place";
        }
        return found >= 0 && (found & PacketCache.STALE) != 0 ? "no answer, it has expired" : "no answer";
    }

    private void server(Pool pool) {
        Backend backend = query.found().backend();
        if (backend == null) {
            steps.add(Step.of(Stage.SERVER, "none of the pool's takes queries", Map.of()));
            return;
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("server", backend.label());
        facts.put("address", backend.address().toString());
        facts.put("state", backend.health().stateText());
        facts.put("outstanding", backend.outstanding());
        steps.add(Step.of(
                Stage.SERVER,
                label(backend) + " of " + pool.servers().size() + ", "
                        + backend.health().stateText() + ", " + backend.outstanding() + " in flight",
                facts));
    }

    /** Name and address, if it has a name. */
    static String label(Backend backend) {
        String address = backend.address().toString();
        return backend.label().equals(address) ? address : backend.label() + " (" + address + ")";
    }
}
