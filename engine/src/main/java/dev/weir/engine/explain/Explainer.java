package dev.weir.engine.explain;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.block.DynamicBlock;
import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.cache.CacheQuery;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.explain.Explanation.End;
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
import dev.weir.engine.query.HttpAnswer;
import dev.weir.engine.query.HttpRequest;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.ReplyPort;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.walk.QueryPath;
import dev.weir.engine.walk.ResponsePath;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.engine.walk.Worker;
import dev.weir.wire.ClientSubnet;
import dev.weir.wire.Edns;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tells why a query would become what it would: sends one that nobody has asked through the walk itself, which goes by a {@link Rehearsal} of
 * the running configuration. Nothing is counted, recorded, logged, stored or sent. Any thread; each call stands alone.
 *
 * <p>Functions of the operator's are called as for any query. What a PROXY header would say is given as the client; limits on connections are
 * not looked at.
 */
public final class Explainer {
    private static final ReplyPort NOBODY = new ReplyPort() {
        @Override
        public void reply(Query query) {}

        @Override
        public void abandon(Query query) {}
    };

    private final Model model;
    private final Engine engine;
    private final LongSupplier nanoClock;

    public Explainer(Model model) {
        this(model, System::nanoTime);
    }

    /** @param nanoClock the clock that the walk's limits, blocks and entries go by */
    public Explainer(Model model, LongSupplier nanoClock) {
        this.model = model;
        this.engine = model.engine();
        this.nanoClock = nanoClock;
    }

    /** @throws IllegalArgumentException in words for whoever asks, if no such query can come in */
    public Explanation explain(ImaginedQuery asked) {
        return new Case(asked, frontend(asked)).explain();
    }

    private Frontend frontend(ImaginedQuery asked) {
        List<String> others = new ArrayList<>();
        for (Frontend frontend : engine.frontends()) {
            boolean here = asked.listener() == null || frontend.address().equals(asked.listener());
            if (here && frontend.protocol() == asked.protocol()) {
                return frontend;
            }
            others.add(frontend.address() + " " + frontend.protocol().shortName());
        }
        throw new IllegalArgumentException(
                "no listener takes " + asked.protocol().prettyName()
                        + (asked.listener() == null ? "" : " at " + asked.listener()) + "; there are: "
                        + (others.isEmpty() ? "none" : String.join(", ", others)));
    }

    /** One query on its way. */
    private final class Case {
        private final ImaginedQuery asked;
        private final Frontend frontend;
        private final Snapshot real = engine.snapshot();
        private final long now = nanoClock.getAsLong();
        private final Rehearsal rehearsal = new Rehearsal(engine, now);
        private final Query query = new Query();
        private final List<Step> steps = new ArrayList<>();
        private byte[] sent = {};

        Case(ImaginedQuery asked, Frontend frontend) {
            this.asked = asked;
            this.frontend = frontend;
        }

        Explanation explain() {
            String question = asked + " to " + frontend.address();
            begin();
            if (dropsInKernel() || !isAdmitted()) {
                String reason = steps.getLast().text();
                return new Explanation(question, steps, end(Outcome.DROPPED, "dropped: " + reason, Map.of()));
            }
            DynamicBlock block = block();
            Worker worker = Worker.unseen(engine, RandomGenerator.getDefault(), rehearsal.snapshot(real), now);
            rehearsal.walker(worker);
            QueryPath path = new QueryPath(worker, new ResponsePath(worker), this::forward);
            WalkVerdict verdict = path.handle(query);
            arrange(verdict, block);
            return new Explanation(question, steps, end(verdict, block));
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

        private @Nullable DynamicBlock block() {
            DynamicBlocks.InForce blocks = engine.blocks().inForce();
            if (blocks == null) {
                return null;
            }
            DynamicBlock block = blocks.client(query.origin().client(), now);
            if (block == null) {
                Query named = new Query();
                named.rename(asked.name());
                block = blocks.name(named, now);
            }
            if (block != null) {
                Result action = engine.blocks().effective(block);
                long seconds = TimeUnit.NANOSECONDS.toSeconds(block.endNanos() - now);
                steps.add(Step.of(
                        Stage.BLOCK,
                        block.key() + ": " + action.luaName() + " for " + seconds + " s more, " + block.reason(),
                        Map.of(
                                "key", block.key(),
                                "action", action.luaName(),
                                "reason", block.reason(),
                                "seconds-left", seconds)));
            }
            return block;
        }

        // ---- after the walk

        private void arrange(WalkVerdict verdict, @Nullable DynamicBlock block) {
            take(Stage.RULE);
            if (asked.all() && (block == null || rulesFollow(block))) {
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

        private boolean rulesFollow(DynamicBlock block) {
            return engine.blocks().effective(block) == Result.NO_OP
                    || engine.blocks().effective(block) == Result.SET_TAG;
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
                    name + ": " + pool.countUp() + " of " + pool.servers().size() + " servers up, policy "
                            + policy.name(),
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

        private static String label(Backend backend) {
            String address = backend.address().toString();
            return backend.label().equals(address) ? address : backend.label() + " (" + address + ")";
        }

        // ---- the end

        private End end(WalkVerdict verdict, @Nullable DynamicBlock block) {
            return switch (verdict) {
                case PARK -> forwarded();
                case ANSWER -> answered(block);
                default -> unanswered(block);
            };
        }

        private End unanswered(@Nullable DynamicBlock block) {
            if (rehearsal.isSuspended()) {
                return end(
                        Outcome.SUSPENDED,
                        "suspended by " + rehearsal.stoppedBy() + ": what becomes of it is decided outside",
                        Map.of("by", rehearsal.stoppedBy()));
            }
            String by;
            if (!rehearsal.stoppedBy().isEmpty()) {
                by = rehearsal.stoppedBy();
            } else if (block != null && engine.blocks().effective(block) == Result.DROP) {
                by = "the dynamic block of " + block.key();
            } else if (!real.pools().containsKey(query.decided().poolName())) {
                by = "there is no pool " + query.decided().poolName();
            } else if (rehearsal.policyAsked() && query.found().backend() == null) {
                by = "no server takes queries";
            } else if (frontend.muted()) {
                by = "the listener is muted";
            } else {
                by = "it is no query that is answered";
            }
            return end(Outcome.DROPPED, "dropped: " + by, Map.of("by", by));
        }

        private End answered(@Nullable DynamicBlock block) {
            HttpAnswer http = query.decided().httpAnswer();
            if (http != null) {
                return end(
                        Outcome.ANSWERED,
                        "answered with HTTP status " + http.status(),
                        Map.of("status", http.status()));
            }
            AnswerLines answer = AnswerLines.of(query.packetCopy());
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("rcode", answer.rcode());
            facts.put("answers", answer.answers());
            String delay = query.decided().delayMillis() == 0
                    ? ""
                    : " after " + query.decided().delayMillis() + " ms";
            if (query.found().cacheHit()) {
                return new End(
                        Outcome.CACHED, "answered from the cache: " + answer.head() + delay, facts, answer.lines());
            }
            String by = answerer(block);
            facts.put("by", by);
            return new End(Outcome.ANSWERED, "answered by " + by + ": " + answer.head() + delay, facts, answer.lines());
        }

        private String answerer(@Nullable DynamicBlock block) {
            if (!rehearsal.answeredBy().isEmpty()) {
                return rehearsal.answeredBy();
            }
            if (block != null && !rulesFollow(block)) {
                return "the dynamic block of " + block.key();
            }
            return rehearsal.policyAsked() ? "Weir, for want of a server" : "Weir itself";
        }

        private End forwarded() {
            Backend backend = query.found().backend();
            if (backend == null) {
                throw new IllegalStateException("forwarded to nobody");
            }
            BackendSpec spec = backend.spec();
            String over = transport(spec);
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("server", backend.label());
            facts.put("address", backend.address().toString());
            facts.put("transport", over);
            StringBuilder text = new StringBuilder("sent to " + label(backend) + " over " + over);
            if (!query.name().equals(asked.name())) {
                text.append(", as ").append(query.name());
            }
            String subnet = subnet();
            if (!subnet.isEmpty()) {
                facts.put("subnet", subnet);
                text.append(", with subnet ").append(subnet);
            }
            if (spec.additions().proxyProtocol()) {
                facts.put("proxy-protocol", true);
                text.append(", with a PROXY header");
            }
            if ((Header.flags(sent) & Header.RD) == 0 && (asked.flags() & Header.RD) != 0) {
                text.append(", without RD");
            }
            return end(Outcome.FORWARDED, text.toString(), facts);
        }

        private String transport(BackendSpec spec) {
            if (spec.http() != null) {
                return "HTTPS";
            }
            if (spec.tls() != null) {
                return "TLS";
            }
            return asked.protocol().forwardsOverUdp() && !spec.tcp().only() ? "UDP" : "TCP";
        }

        /** The subnet in the message as it is sent; empty without one. */
        private String subnet() {
            Edns edns = new Edns();
            edns.parse(sent, sent.length);
            ClientSubnet subnet = new ClientSubnet();
            if (!edns.present() || subnet.parse(sent, edns) <= 0) {
                return "";
            }
            IpAddress network = subnet.family() == ClientSubnet.IPV4
                    ? IpAddress.v4((int) subnet.lo())
                    : IpAddress.v6(subnet.hi(), subnet.lo());
            return Netmask.of(network, subnet.sourcePrefix()).toString();
        }

        private static End end(Outcome outcome, String text, Map<String, Object> facts) {
            return new End(outcome, text, facts, List.of());
        }
    }
}
