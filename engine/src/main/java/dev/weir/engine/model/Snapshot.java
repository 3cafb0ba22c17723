package dev.weir.engine.model;

import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.pool.Pool;
import dev.weir.engine.rule.CompiledChain;
import java.util.List;
import java.util.Map;

/**
 * All that the walk goes by at one moment. Immutable: each change builds a new one and swaps the reference in {@link Engine}, and a data
 * thread reads that reference once per batch.
 *
 * @param proxyAcl who must send a PROXY header
 * @param pools by name; the default pool has the empty name and is always there
 * @param policy for pools without one of their own
 */
public record Snapshot(
        WalkSettings settings,
        NetmaskGroup acl,
        NetmaskGroup proxyAcl,
        CompiledChain<Action> rules,
        CompiledChain<Action> cacheMissRules,
        CompiledChain<ResponseAction> responseRules,
        CompiledChain<ResponseAction> cacheHitRules,
        CompiledChain<ResponseAction> cacheInsertedRules,
        CompiledChain<ResponseAction> selfAnsweredRules,
        CompiledChain<ResponseAction> xfrRules,
        CompiledChain<ResponseAction> timeoutRules,
        Map<String, Pool> pools,
        Pool defaultPool,
        Policy policy,
        List<Backend> backends) {}
