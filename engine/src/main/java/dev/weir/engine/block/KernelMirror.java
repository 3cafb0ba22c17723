package dev.weir.engine.block;

import dev.weir.engine.action.Result;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFilter.Term;
import dev.weir.engine.kernel.KernelFilter.Whose;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.wire.Name;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts blocks into the packet filter that takes dynamic blocks, with their end, so that the kernel lifts them by itself. Whatever the kernel
 * can't take stays a matter of user space: a mirror never fails. Used under the lock of {@link DynamicBlocks}.
 */
final class KernelMirror {
    private final Supplier<@Nullable KernelFilter> standard;
    private final BooleanSupplier everyPacketPasses;
    private final LogLimit failures = new LogLimit(10);
    private @Nullable KernelFilter full;

    /**
     * @param standard the filter, {@code null} while there is none
     * @param everyPacketPasses whether the filter stands before all our sockets and sees the addresses that blocks are about
     */
    KernelMirror(Supplier<@Nullable KernelFilter> standard, BooleanSupplier everyPacketPasses) {
        this.standard = standard;
        this.everyPacketPasses = everyPacketPasses;
    }

    /** Whether a client that the filter drops can't reach user space at all. */
    boolean replacesUserSpace() {
        KernelFilter filter = standard.get();
        return filter != null && !filter.spec().external() && everyPacketPasses.getAsBoolean();
    }

    /**
     * Puts a block into the kernel, or moves the end of the one that is there.
     *
     * @param action what it does by now, the default resolved
     * @return whether the kernel has it
     */
    boolean hold(DynamicBlock block, Result action) {
        KernelFilter filter = standard.get();
        Kind kind = kind(block);
        MatchAction match = match(action);
        if (filter == null || kind == null || match == null || !filter.supports(kind, match)) {
            return false;
        }
        try {
            put(filter, block, match);
            return true;
        } catch (KernelException e) {
            complain(filter, block, e);
            return false;
        }
    }

    private static @Nullable Kind kind(DynamicBlock block) {
        ClientRange client = block.client();
        if (client == null) {
            return Kind.SUFFIXES;
        }
        if (client.portBits() > 0) {
            return null;
        }
        boolean v4 = client.family() == 4;
        if (client.isAddress()) {
            return v4 ? Kind.IPV4 : Kind.IPV6;
        }
        return v4 ? Kind.CIDR4 : Kind.CIDR6;
    }

    private static @Nullable MatchAction match(Result action) {
        return switch (action) {
            case DROP -> MatchAction.DROP;
            case TRUNCATE -> MatchAction.TRUNCATE;
            case REFUSED -> MatchAction.REFUSED;
            case NXDOMAIN -> MatchAction.NXDOMAIN;
            default -> null;
        };
    }

    private static void put(KernelFilter filter, DynamicBlock block, MatchAction action) throws KernelException {
        ClientRange client = block.client();
        Name suffix = block.suffix();
        Term term = new Term(action, block.endNanos(), block.reason());
        if (suffix != null) {
            filter.blockSuffix(suffix, FilterSpec.ANY_TYPE, term);
        } else if (client != null && client.isAddress()) {
            filter.block(client.network(), term);
        } else if (client != null) {
            filter.addRange(client.netmask(), term);
        }
    }

    /** What the kernel takes no more of is enforced in user space, so one line is enough; the filter counts them. */
    private void complain(KernelFilter filter, DynamicBlock block, KernelException e) {
        switch (e.reason()) {
            case FULL -> {
                if (full != filter) {
                    full = filter;
                    Log.error(
                            "No room in the packet filter for a dynamic block, which stays in force in user space",
                            "dynamic-blocks",
                            "error",
                            e);
                }
            }
            case DUPLICATE, UNSUPPORTED -> {}
            default -> {
                if (failures.admit(System.nanoTime()) > 0) {
                    Log.error(
                            "A dynamic block could not be put into the packet filter and stays in force in user space",
                            "dynamic-blocks",
                            "block",
                            block.key(),
                            "error",
                            e);
                }
            }
        }
    }

    /** Takes a block out of the kernel before its end. */
    void release(DynamicBlock block) {
        KernelFilter filter = standard.get();
        if (filter == null) {
            return;
        }
        ClientRange client = block.client();
        Name suffix = block.suffix();
        try {
            if (suffix != null) {
                filter.lift(suffix, FilterSpec.ANY_TYPE, Whose.OURS_THAT_END);
            } else if (client != null && client.isAddress()) {
                filter.lift(client.network(), Whose.OURS_THAT_END);
            } else if (client != null) {
                filter.lift(client.netmask(), Whose.OURS_THAT_END);
            }
        } catch (KernelException e) {
            if (e.reason() != KernelException.Reason.ABSENT && failures.admit(System.nanoTime()) > 0) {
                Log.error(
                        "A dynamic block could not be taken out of the packet filter",
                        "dynamic-blocks",
                        "block",
                        block.key(),
                        "error",
                        e);
            }
        }
    }

    /** What the kernel's entry has counted. */
    long counted(DynamicBlock block) {
        KernelFilter filter = standard.get();
        ClientRange client = block.client();
        Name suffix = block.suffix();
        if (filter == null) {
            return 0;
        }
        if (suffix != null) {
            return filter.hits(suffix, FilterSpec.ANY_TYPE);
        }
        if (client == null) {
            return 0;
        }
        return client.isAddress() ? filter.hits(client.network()) : filter.hits(client.netmask());
    }
}
