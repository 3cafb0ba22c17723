package dev.weir.engine.model;

import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFilters;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.pool.PoolModel;
import dev.weir.engine.ring.QueryCounts;
import dev.weir.engine.ring.RingSpec;
import dev.weir.engine.rule.RuleChain;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What people change: rules, backends, pools, ACLs, settings, before the start and while running. The data threads never see it; each
 * change makes a new {@link Snapshot}, once {@link #start} has made the first one public.
 *
 * <p>While a configuration is read to take the place of the one that runs, there are two: the one {@link #staged} hands out has the same engine, but
 * nothing that is done to it, nor what it does {@linkplain #later later}, has an effect until {@link #replaceBy}. From then on both are the same.
 *
 * <p>Any thread. All methods, and all methods of the chains and pools it hands out, take one lock.
 */
public final class Model {
    private final Engine engine;
    private volatile Generation now;
    private final List<Retirement> retirements = new CopyOnWriteArrayList<>();

    public Model() {
        now = new Generation();
        engine = new Engine(now.snapshot());
        now.belongTo(engine);
        mirrorBlocks();
    }

    private Model(Engine engine, Generation generation) {
        this.engine = engine;
        now = generation;
    }

    private void mirrorBlocks() {
        engine.blocks().mirrorTo(() -> filters().standard(), this::standardFilterSeesEveryClient);
    }

    public Engine engine() {
        return engine;
    }

    /** What operators do to it. */
    public Verbs verbs() {
        return new Verbs(this);
    }

    /** Makes the configuration public; every later change is public at once. */
    public void start() {
        now.start();
    }

    /** Something that a snapshot holds has changed. */
    public void changed() {
        now.changed();
    }

    // ---- another configuration

    /** An empty model of the same engine, for a configuration that may take the place of this one. */
    public Model staged() {
        return new Model(engine, new Generation(now));
    }

    /**
     * The same for the code of the configuration that this is now: it goes no further. When another configuration has taken the place of that one, its code
     * changes what nobody sees.
     */
    public Model ofThisConfiguration() {
        return new Model(engine, now);
    }

    /** Whether this is one that nobody sees yet. */
    public boolean isStaged() {
        return now.isStaged();
    }

    /** Does what is no part of a snapshot: at once, or when this model takes the place of the one that runs. Errors are then logged. */
    public void later(Runnable effect) {
        now.later(effect);
    }

    /** Whether this is a staged model, and the thing one that the configuration that runs has as well. */
    public boolean goesOn(Object thing) {
        return now.goesOn(thing);
    }

    /** Does something to a thing: later if that is one which the configuration that runs has as well, else at once. */
    public void later(Object thing, Runnable effect) {
        if (now.goesOn(thing)) {
            now.later(effect);
        } else {
            effect.run();
        }
    }

    /**
     * Goes on with what another configuration has made of a model that was {@link #staged} by this one, in one step. Backends, caches and counts of
     * rules that it describes alike are kept. Backends that it does not have get no more queries, and are closed by {@link #retire} when
     * their answers have come or are too late.
     */
    public void replaceBy(Model staged) {
        KernelFilter before = filters().standard();
        Generation next = staged.now;
        Retirement retirement = next.replace(now);
        now = next;
        retirements.add(retirement);
        if (filters().standard() != before) {
            mirrorBlocks();
        }
    }

    /** This staged model will not take a place: what was opened for it alone is closed. */
    public void abandon() {
        now.abandon();
    }

    /** To be called each second by one thread: closes what former configurations have left, as soon as nobody uses it. */
    public void retire(long nowNanos) {
        retirements.removeIf(retirement -> !retirement.turn(nowNanos));
    }

    /** What the configuration has open outside the engine. */
    public Belongings belongings() {
        return now.belongings;
    }

    // ---- who may ask

    /** Who may ask; networks may be added to and taken from it in place. */
    public NetmaskGroup acl() {
        Generation here = now;
        synchronized (here) {
            return here.acl;
        }
    }

    public void setAcl(NetmaskGroup newAcl) {
        Generation here = now;
        synchronized (here) {
            here.acl = newAcl;
            here.changed();
        }
    }

    /** Changes a copy of who may ask, which then takes the place of the former: no thread sees it half done. */
    void changeAcl(Consumer<NetmaskGroup> change) {
        Generation here = now;
        synchronized (here) {
            NetmaskGroup copy = new NetmaskGroup();
            copy.addAll(here.acl);
            change.accept(copy);
            here.acl = copy;
            here.changed();
        }
    }

    /** Does several changes as one: others change the model before or after. */
    void together(Runnable changes) {
        Generation here = now;
        synchronized (here) {
            changes.run();
        }
    }

    /** Who must send a PROXY header. */
    public NetmaskGroup proxyAcl() {
        Generation here = now;
        synchronized (here) {
            return here.proxyAcl;
        }
    }

    public void setProxyAcl(NetmaskGroup newAcl) {
        Generation here = now;
        synchronized (here) {
            here.proxyAcl = newAcl;
            here.changed();
        }
    }

    // ---- rules

    public RuleChain<Action> rules() {
        return now.rules;
    }

    public RuleChain<Action> cacheMissRules() {
        return now.cacheMissRules;
    }

    public RuleChain<ResponseAction> responseRules() {
        return now.responseRules;
    }

    public RuleChain<ResponseAction> cacheHitRules() {
        return now.cacheHitRules;
    }

    public RuleChain<ResponseAction> cacheInsertedRules() {
        return now.cacheInsertedRules;
    }

    public RuleChain<ResponseAction> selfAnsweredRules() {
        return now.selfAnsweredRules;
    }

    public RuleChain<ResponseAction> xfrRules() {
        return now.xfrRules;
    }

    public RuleChain<ResponseAction> timeoutRules() {
        return now.timeoutRules;
    }

    // ---- backends and pools

    /**
     * A backend of this description, which is not added yet: in a staged model one of those that run if it can go on so, else a new one.
     *
     * @param named whether the configuration says its id
     */
    public Backend backend(BackendSpec spec, boolean named) {
        return now.backend(spec, named);
    }

    /** What a backend is to be: to one that runs already, a staged model may give another description. */
    public BackendSpec descriptionOf(Backend backend) {
        return now.descriptionOf(backend);
    }

    /** Backends of a staged model that do not run already. */
    public List<Backend> newBackends() {
        return now.newBackends();
    }

    /** Adds a backend to the pools that its description names. Backends are kept sorted by order, then age. */
    public void addBackend(Backend backend) {
        now.add(backend);
    }

    public void removeBackend(Backend backend) {
        now.takeOut(backend);
        if (!now.isStaged()) {
            backend.remove();
        }
    }

    /** After a backend's order or weight has changed. */
    public void reorder() {
        now.reorder();
    }

    public List<Backend> backends() {
        return now.backends();
    }

    /** The pool of that name, made if it was not there. */
    public PoolModel pool(String name) {
        return now.pool(name);
    }

    /** The pool of that name if there is one. */
    public @Nullable PoolModel findPool(String name) {
        Generation here = now;
        synchronized (here) {
            return here.pools.get(name);
        }
    }

    /** All pools, by name. */
    public Collection<PoolModel> pools() {
        Generation here = now;
        synchronized (here) {
            return List.copyOf(here.pools.values());
        }
    }

    public Policy policy() {
        Generation here = now;
        synchronized (here) {
            return here.policy;
        }
    }

    public void setPolicy(Policy newPolicy) {
        Generation here = now;
        synchronized (here) {
            here.policy = newPolicy;
            here.changed();
        }
    }

    // ---- settings

    /** Whether that filter stands before all our sockets, and the addresses it sees are those of the clients. */
    private boolean standardFilterSeesEveryClient() {
        KernelFilter standard = filters().standard();
        List<Frontend> frontends = engine.frontends();
        return standard != null
                && !frontends.isEmpty()
                && engine.snapshot().proxyAcl().isEmpty()
                && frontends.stream().allMatch(frontend -> frontend.filter() == standard);
    }

    /** Packet filters in the kernel; they lock themselves. */
    public KernelFilters filters() {
        return now.filters;
    }

    /** The settings that are one number or switch; call {@link #changed} after changing them. */
    public LiveSettings settings() {
        return now.settings;
    }

    // ---- what the process has once

    /** What the rings are to keep. */
    public RingSpec ringSpec() {
        Generation here = now;
        synchronized (here) {
            return here.isStaged() ? here.wishes.rings : engine.rings().spec();
        }
    }

    /** Starts over with empty rings of this kind. */
    public void configureRings(RingSpec spec) {
        Generation here = now;
        synchronized (here) {
            here.wishes.rings = spec;
            if (!here.isStaged()) {
                engine.rings().configure(spec);
            }
        }
    }

    /** What dynamic blocks without an action of their own do. */
    public void setBlockAction(Result action) {
        Generation here = now;
        synchronized (here) {
            here.wishes.blockAction = action;
            if (!here.isStaged()) {
                engine.blocks().defaultAction(action);
            }
        }
    }

    /**
     * How often dynamic blocks that ended are taken out.
     *
     * @param seconds 0: never
     */
    public void setBlockPurgeInterval(int seconds) {
        Generation here = now;
        synchronized (here) {
            here.wishes.blockPurgeSeconds = seconds;
            if (!here.isStaged()) {
                engine.blocks().purgeInterval(seconds);
            }
        }
    }

    /** Whether queries are counted by a key. */
    public void countQueries(boolean enabled) {
        Generation here = now;
        synchronized (here) {
            here.wishes.countQueries = enabled;
            if (!here.isStaged()) {
                engine.queryCounts().enable(enabled);
            }
        }
    }

    /** By which key. */
    public void countQueriesBy(QueryCounts.Filter filter) {
        Generation here = now;
        synchronized (here) {
            here.wishes.countFilter = filter;
            if (!here.isStaged()) {
                engine.queryCounts().filter(filter);
            }
        }
    }
}
