package dev.weir.engine.walk;

import dev.weir.engine.action.Result;
import dev.weir.engine.block.DynamicBlock;
import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.query.Query;
import dev.weir.engine.stat.Counter;
import dev.weir.wire.Header;
import dev.weir.wire.Rcode;
import org.jspecify.annotations.Nullable;

/** The walk's look at dynamic blocks: the client's first, then the name's. One object per data thread. */
final class BlockStage {
    private final Worker worker;
    private final ResponsePath responses;
    private final DynamicBlocks blocks;

    private boolean pastRules;

    BlockStage(Worker worker, ResponsePath responses) {
        this.worker = worker;
        this.responses = responses;
        this.blocks = worker.engine().blocks();
    }

    WalkVerdict check(Query query) {
        pastRules = false;
        DynamicBlocks.InForce inForce = blocks.inForce();
        if (inForce == null) {
            return WalkVerdict.CONTINUE;
        }
        WalkVerdict verdict = carryOut(inForce.client(query.origin().client(), worker.nowNanos()), query);
        return verdict == WalkVerdict.CONTINUE && !pastRules
                ? carryOut(inForce.name(query, worker.nowNanos()), query)
                : verdict;
    }

    /** Whether the query that was checked last goes to its backend without asking the rules. */
    boolean pastRules() {
        return pastRules;
    }

    private WalkVerdict carryOut(@Nullable DynamicBlock block, Query query) {
        if (block == null) {
            return WalkVerdict.CONTINUE;
        }
        Result action = blocks.effective(block);
        if (action == Result.TRUNCATE && !query.origin().overUdp()) {
            return WalkVerdict.CONTINUE;
        }
        block.hit(worker.stats());
        if (action == Result.NO_OP) {
            return WalkVerdict.CONTINUE;
        }
        worker.stats().increment(Counter.DYN_BLOCKED);
        return switch (action) {
            case REFUSED -> responses.selfAnswered(query, Rcode.REFUSED);
            case NXDOMAIN -> responses.selfAnswered(query, Rcode.NXDOMAIN);
            case TRUNCATE -> {
                worker.answerTruncated(query);
                yield responses.selfAnswered(query);
            }
            case NO_RECURSE -> {
                Header.set(query.packet(), Header.RD, false);
                pastRules = true;
                yield WalkVerdict.CONTINUE;
            }
            case SET_TAG -> {
                query.decided().setTag(block.spec().tagName(), block.spec().tagValue());
                yield WalkVerdict.CONTINUE;
            }
            default -> WalkVerdict.DROP;
        };
    }
}
