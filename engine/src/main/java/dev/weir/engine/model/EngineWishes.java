package dev.weir.engine.model;

import dev.weir.engine.action.Result;
import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.ring.QueryCounts;
import dev.weir.engine.ring.RingSpec;

/** What one configuration wants of things that the process has once. With the lock of its {@link Generation}. */
final class EngineWishes {
    RingSpec rings = RingSpec.DEFAULT;
    Result blockAction = DynamicBlocks.USUAL_ACTION;
    int blockPurgeSeconds = DynamicBlocks.USUAL_PURGE_SECONDS;
    boolean countQueries;
    QueryCounts.Filter countFilter = QueryCounts.BY_NAME;

    /** Does what another configuration did not want in the same way; what is alike is left alone, with what it holds. */
    void replace(EngineWishes former, Engine engine) {
        if (!rings.equals(former.rings)) {
            engine.rings().configure(rings);
        }
        if (blockAction != former.blockAction) {
            engine.blocks().defaultAction(blockAction);
        }
        if (blockPurgeSeconds != former.blockPurgeSeconds) {
            engine.blocks().purgeInterval(blockPurgeSeconds);
        }
        engine.ticketKeys().tell(key -> {});
        engine.queryCounts().filter(countFilter);
        engine.queryCounts().enable(countQueries);
    }
}
