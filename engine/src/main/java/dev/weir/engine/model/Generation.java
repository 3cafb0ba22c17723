package dev.weir.engine.model;

import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.kernel.KernelFilters;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.pool.Pool;
import dev.weir.engine.pool.PoolModel;
import dev.weir.engine.rule.RuleChain;
import dev.weir.engine.task.FaultGuard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that one configuration has made of the engine, from when it is read until another one has taken its place. Its fields are guarded by
 * itself, which is also the lock of its chains and pools.
 *
 * <pre>
 *   FIRST ───── nobody sees it, effects are done at once ───┐
 *   STAGED ──── nobody sees it, effects wait ───────────────┴─► PUBLIC, each change is a snapshot ──► RETIRED, nobody sees it again
 * </pre>
 */
final class Generation {
    private static final FaultGuard EFFECTS = new FaultGuard("A part of the configuration could not be done", "reload");
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

    private enum State {
        FIRST,
        STAGED,
        PUBLIC,
        RETIRED
    }

    NetmaskGroup acl = NetmaskGroup.parse(DEFAULT_ACL);
    NetmaskGroup proxyAcl = new NetmaskGroup();
    volatile LiveSettings settings = new LiveSettings();
    Policy policy = new Policy.LeastOutstanding();
    final List<Backend> backends = new ArrayList<>();
    final Map<String, PoolModel> pools = new TreeMap<>();
    final KernelFilters filters = new KernelFilters();
    final Belongings belongings;
    final EngineWishes wishes = new EngineWishes();

    final RuleChain<Action> rules = new RuleChain<>(this::changed, this);
    final RuleChain<Action> cacheMissRules = new RuleChain<>(this::changed, this);
    final RuleChain<ResponseAction> responseRules = new RuleChain<>(this::changed, this);
    final RuleChain<ResponseAction> cacheHitRules = new RuleChain<>(this::changed, this);
    final RuleChain<ResponseAction> cacheInsertedRules = new RuleChain<>(this::changed, this);
    final RuleChain<ResponseAction> selfAnsweredRules = new RuleChain<>(this::changed, this);
    final RuleChain<ResponseAction> xfrRules = new RuleChain<>(this::changed, this);
    final RuleChain<ResponseAction> timeoutRules = new RuleChain<>(this::changed, this);

    private volatile State state;
    private @Nullable Engine engine;

    /** The one that runs while this one is staged. */
    private @Nullable Generation former;

    /** Backends of the former one that this one goes on with. */
    private final IdentityHashMap<Backend, BackendSpec> adopted = new IdentityHashMap<>();

    private final List<Runnable> effects = new ArrayList<>();

    /** The first one. */
    Generation() {
        state = State.FIRST;
        belongings = new Belongings(null);
        pools.put("", new PoolModel("", this::changed, this));
    }

    /** One that may take the place of another. */
    Generation(Generation former) {
        state = State.STAGED;
        this.former = former;
        belongings = new Belongings(former.belongings);
        pools.put("", new PoolModel("", this::changed, this));
        synchronized (former) {
            engine = former.engine;
            // Random unless somebody sets it: names must not move to other servers because a file was read again.
            settings.set(Setting.HASH_PERTURBATION, former.settings.bits(Setting.HASH_PERTURBATION));
        }
    }

    synchronized void belongTo(Engine newEngine) {
        engine = newEngine;
    }

    boolean isStaged() {
        return state == State.STAGED;
    }

    synchronized void start() {
        if (state == State.FIRST) {
            state = State.PUBLIC;
            changed();
        }
    }

    /** Something that a snapshot holds has changed. */
    synchronized void changed() {
        if (state == State.PUBLIC && engine != null) {
            engine.publish(snapshot());
        }
    }

    synchronized Snapshot snapshot() {
        WalkSettings frozenSettings = settings.freeze();
        Map<String, Pool> frozen = new HashMap<>();
        pools.forEach((name, pool) ->
                frozen.put(name, pool.freeze(policy, frozenSettings.number(Setting.HASH_PERTURBATION))));
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

    void later(Runnable effect) {
        synchronized (this) {
            if (state == State.STAGED) {
                effects.add(effect);
                return;
            }
        }
        effect.run();
    }

    /** Whether this is something of the configuration that runs, which a staged one goes on with. */
    synchronized boolean goesOn(Object thing) {
        return state == State.STAGED
                && (thing instanceof Backend backend && adopted.containsKey(backend) || belongings.isTaken(thing));
    }

    // ---- backends

    /** A backend that the former one has and can go on so, or a new one. */
    synchronized Backend backend(BackendSpec spec, boolean named) {
        if (former != null) {
            for (Backend running : former.backends()) {
                if (spec.canGoOnAs(running.spec())
                        && (!named || running.id().equals(spec.id()))
                        && !adopted.containsKey(running)) {
                    adopted.put(running, spec);
                    later(() -> running.goOnAs(spec));
                    return running;
                }
            }
        }
        return new Backend(spec);
    }

    /** What a backend is to be: one that goes on may have another description so far. */
    synchronized BackendSpec descriptionOf(Backend backend) {
        return adopted.getOrDefault(backend, backend.spec());
    }

    /** Those that have not run before. */
    synchronized List<Backend> newBackends() {
        return backends.stream()
                .filter(backend -> !adopted.containsKey(backend))
                .toList();
    }

    synchronized List<Backend> backends() {
        return List.copyOf(backends);
    }

    synchronized void add(Backend backend) {
        backends.add(backend);
        sortBackends();
        for (String pool : descriptionOf(backend).pools()) {
            pool(pool).add(backend);
        }
        changed();
    }

    /** Takes a backend out; whether connections to it end is up to the caller. */
    synchronized void takeOut(Backend backend) {
        backends.remove(backend);
        pools.values().forEach(pool -> pool.remove(backend));
        changed();
    }

    synchronized void reorder() {
        sortBackends();
        changed();
    }

    private void sortBackends() {
        backends.sort(Backend.BY_ORDER);
    }

    synchronized PoolModel pool(String name) {
        PoolModel pool = pools.get(name);
        if (pool == null) {
            pool = new PoolModel(name, this::changed, this);
            pools.put(name, pool);
            changed();
        }
        return pool;
    }

    // ---- taking a place

    /**
     * Takes the place of the one that runs, in one step for those who read snapshots: goes on with what it keeps, does what waits, and is public.
     *
     * @return what is to be closed once nobody uses the former snapshot any more
     */
    Retirement replace(Generation running) {
        synchronized (running) {
            synchronized (this) {
                Engine shared = Objects.requireNonNull(engine);
                takeCaches(running);
                takeCounts(running);
                // What can fail fails here, while the other one still runs: all rules are compiled.
                var _ = snapshot();
                running.state = State.RETIRED;
                int drainSeconds = running.settings.number(Setting.UDP_TIMEOUT);
                takeSettings(running);
                EFFECTS.run(() -> wishes.replace(running.wishes, shared));
                shared.blocks().forgetGroups();
                state = State.PUBLIC;
                effects.forEach(EFFECTS::run);
                effects.clear();
                sortBackends();
                changed();
                List<Backend> gone = running.backends.stream()
                        .filter(backend -> !backends.contains(backend))
                        .toList();
                Retirement retired = new Retirement(gone, drainSeconds, belongings.settle());
                former = null;
                adopted.clear();
                return retired;
            }
        }
    }

    /** Threads that stay hold on to the object: it is what goes on, with other values. */
    private void takeSettings(Generation running) {
        LiveSettings own = settings;
        settings = running.settings;
        own.copyTo(settings);
        running.settings = own;
    }

    /** It will not take a place. */
    synchronized void abandon() {
        state = State.RETIRED;
        former = null;
        effects.clear();
        newBackends().forEach(Backend::remove);
        belongings.abandon();
    }

    /** A cache goes on with the contents of the one that at least these pools had, and no other one goes on with the same. */
    private void takeCaches(Generation running) {
        IdentityHashMap<PacketCache, Set<String>> before = running.caches();
        caches().forEach((cache, users) -> {
            for (PacketCache known : before.keySet()) {
                if (cache.spec().equals(known.spec()) && users.containsAll(Objects.requireNonNull(before.get(known)))) {
                    cache.continueFrom(known);
                    before.remove(known);
                    return;
                }
            }
        });
    }

    /** Each cache with the pools that use it. */
    IdentityHashMap<PacketCache, Set<String>> caches() {
        IdentityHashMap<PacketCache, Set<String>> all = new IdentityHashMap<>();
        pools.forEach((name, pool) -> {
            PacketCache cache = pool.cache();
            if (cache != null) {
                all.computeIfAbsent(cache, any -> new TreeSet<>()).add(name);
            }
        });
        return all;
    }

    private void takeCounts(Generation running) {
        rules.countOn(running.rules, Action::text);
        cacheMissRules.countOn(running.cacheMissRules, Action::text);
        responseRules.countOn(running.responseRules, ResponseAction::text);
        cacheHitRules.countOn(running.cacheHitRules, ResponseAction::text);
        cacheInsertedRules.countOn(running.cacheInsertedRules, ResponseAction::text);
        selfAnsweredRules.countOn(running.selfAnsweredRules, ResponseAction::text);
        xfrRules.countOn(running.xfrRules, ResponseAction::text);
        timeoutRules.countOn(running.timeoutRules, ResponseAction::text);
    }
}
