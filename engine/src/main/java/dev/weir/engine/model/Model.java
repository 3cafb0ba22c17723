package dev.weir.engine.model;

import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFilters;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.pool.Pool;
import dev.weir.engine.pool.PoolModel;
import dev.weir.engine.rule.RuleChain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What people change: rules, backends, pools, ACLs, settings, before the start and while running. The data threads never see it; each
 * change makes a new {@link Snapshot}, once {@link #start} has made the first one public.
 *
 * <p>All methods, and all methods of the chains and pools it hands out, lock this object.
 */
public final class Model {
    private static final List<String> DEFAULT_ACL = List.of(
            "127.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "169.254.0.0/16",
            "192.168.0.0/16",
            "172.16.0.0/12",
            "::1/128",
            "fc00::/7",
            "fe80::/10");

    private NetmaskGroup acl = NetmaskGroup.parse(DEFAULT_ACL);
    private NetmaskGroup proxyAcl = new NetmaskGroup();
    private final SettingsBuilder settings = new SettingsBuilder();
    private final Tuning tuning = new Tuning();
    private Policy policy = new Policy.LeastOutstanding();
    private final List<Backend> backends = new ArrayList<>();
    private final Map<String, PoolModel> pools = new TreeMap<>();

    private final RuleChain<Action> rules = new RuleChain<>(this::changed, this);
    private final RuleChain<Action> cacheMissRules = new RuleChain<>(this::changed, this);
    private final RuleChain<ResponseAction> responseRules = new RuleChain<>(this::changed, this);
    private final RuleChain<ResponseAction> cacheHitRules = new RuleChain<>(this::changed, this);
    private final RuleChain<ResponseAction> cacheInsertedRules = new RuleChain<>(this::changed, this);
    private final RuleChain<ResponseAction> selfAnsweredRules = new RuleChain<>(this::changed, this);
    private final RuleChain<ResponseAction> xfrRules = new RuleChain<>(this::changed, this);
    private final RuleChain<ResponseAction> timeoutRules = new RuleChain<>(this::changed, this);

    private final KernelFilters filters = new KernelFilters();
    private final Engine engine;
    private boolean started;

    public Model() {
        pools.put("", new PoolModel("", this::changed, this));
        engine = new Engine(snapshot());
        engine.blocks().mirrorTo(filters::standard, this::standardFilterSeesEveryClient);
    }

    public Engine engine() {
        return engine;
    }

    /** Makes the configuration public; every later change is public at once. */
    public synchronized void start() {
        started = true;
        engine.publish(snapshot());
    }

    /** Something that a snapshot holds has changed. */
    public synchronized void changed() {
        if (started) {
            engine.publish(snapshot());
        }
    }

    private Snapshot snapshot() {
        WalkSettings frozenSettings = settings.build();
        Map<String, Pool> frozen = new HashMap<>();
        pools.forEach((name, pool) -> frozen.put(name, pool.freeze(policy, frozenSettings.hashSeed())));
        Pool defaultPool = Objects.requireNonNull(frozen.get(""));
        return new Snapshot(
                frozenSettings,
                acl,
                proxyAcl,
                rules.compiled(),
                cacheMissRules.compiled(),
                responseRules.compiled(),
                cacheHitRules.compiled(),
                cacheInsertedRules.compiled(),
                selfAnsweredRules.compiled(),
                xfrRules.compiled(),
                timeoutRules.compiled(),
                Map.copyOf(frozen),
                defaultPool,
                policy,
                List.copyOf(backends));
    }

    // ---- who may ask

    /** Who may ask; networks may be added to and taken from it in place. */
    public synchronized NetmaskGroup acl() {
        return acl;
    }

    public synchronized void setAcl(NetmaskGroup newAcl) {
        acl = newAcl;
        changed();
    }

    /** Who must send a PROXY header. */
    public synchronized NetmaskGroup proxyAcl() {
        return proxyAcl;
    }

    public synchronized void setProxyAcl(NetmaskGroup newAcl) {
        proxyAcl = newAcl;
        changed();
    }

    // ---- rules

    public RuleChain<Action> rules() {
        return rules;
    }

    public RuleChain<Action> cacheMissRules() {
        return cacheMissRules;
    }

    public RuleChain<ResponseAction> responseRules() {
        return responseRules;
    }

    public RuleChain<ResponseAction> cacheHitRules() {
        return cacheHitRules;
    }

    public RuleChain<ResponseAction> cacheInsertedRules() {
        return cacheInsertedRules;
    }

    public RuleChain<ResponseAction> selfAnsweredRules() {
        return selfAnsweredRules;
    }

    public RuleChain<ResponseAction> xfrRules() {
        return xfrRules;
    }

    public RuleChain<ResponseAction> timeoutRules() {
        return timeoutRules;
    }

    // ---- backends and pools

    /** Adds a backend to the pools that its description names. Backends are kept sorted by order, then age. */
    public synchronized void addBackend(Backend backend) {
        backends.add(backend);
        sortBackends();
        for (String pool : backend.spec().pools()) {
            pool(pool).add(backend);
        }
        changed();
    }

    public synchronized void removeBackend(Backend backend) {
        backends.remove(backend);
        pools.values().forEach(pool -> pool.remove(backend));
        backend.remove();
        changed();
    }

    /** After a backend's order or weight has changed. */
    public synchronized void reorder() {
        sortBackends();
        changed();
    }

    private void sortBackends() {
        backends.sort(Backend.BY_ORDER);
    }

    public synchronized List<Backend> backends() {
        return List.copyOf(backends);
    }

    /** The pool of that name, made if it was not there. */
    public synchronized PoolModel pool(String name) {
        PoolModel pool = pools.get(name);
        if (pool == null) {
            pool = new PoolModel(name, this::changed, this);
            pools.put(name, pool);
            changed();
        }
        return pool;
    }

    /** The pool of that name if there is one. */
    public synchronized @Nullable PoolModel findPool(String name) {
        return pools.get(name);
    }

    /** All pools, by name. */
    public synchronized Collection<PoolModel> pools() {
        return List.copyOf(pools.values());
    }

    public synchronized Policy policy() {
        return policy;
    }

    public synchronized void setPolicy(Policy newPolicy) {
        policy = newPolicy;
        changed();
    }

    // ---- settings

    /** The global settings; call {@link #changed} after changing them. */
    public synchronized SettingsBuilder settings() {
        return settings;
    }

    /** Whether that filter stands before all our sockets, and the addresses it sees are those of the clients. */
    private boolean standardFilterSeesEveryClient() {
        KernelFilter standard = filters.standard();
        List<Frontend> frontends = engine.frontends();
        return standard != null
                && !frontends.isEmpty()
                && engine.snapshot().proxyAcl().isEmpty()
                && frontends.stream().allMatch(frontend -> frontend.filter() == standard);
    }

    /** Packet filters in the kernel; they lock themselves. */
    public KernelFilters filters() {
        return filters;
    }

    /** Limits and sizes of the transports. */
    public Tuning tuning() {
        return tuning;
    }
}
