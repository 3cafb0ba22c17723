package dev.weir.engine.block;

import dev.weir.engine.acl.AddressHash;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.action.Result;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.query.Query;
import dev.weir.engine.ring.Rings;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.Statistics;
import dev.weir.engine.task.FaultGuard;
import dev.weir.wire.Name;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The dynamic blocks of this process: a table of clients and one of names. Data threads read {@link #inForce} and nothing else, without a
 * lock; everything else is for the control plane, any thread, and locks this object. Times are {@link System#nanoTime}.
 *
 * <p>A block that ended is ignored at once and taken out each {@code setDynBlocksPurgeInterval} seconds.
 *
 * <p>There are as many blocks at most as a part of the heap has room for ({@link #roomFor}). When a table is full, what has ended is taken out
 * early, at most once a second; a block that finds no room even so is not inserted ({@link Counter#DYN_BLOCK_OVERFLOWS}): those in force
 * stay, and whoever goes on is found again when one has ended.
 */
public final class DynamicBlocks {
    /** What {@code setDynBlocksAction} takes. */
    public static final Set<Result> DEFAULT_ACTIONS =
            Set.of(Result.DROP, Result.NO_OP, Result.NXDOMAIN, Result.REFUSED, Result.TRUNCATE, Result.NO_RECURSE);

    /** What is done with whom a block without an action of its own stops, unless {@code setDynBlocksAction} says otherwise. */
    public static final Result USUAL_ACTION = Result.DROP;

    public static final int USUAL_PURGE_SECONDS = 60;

    private static final FaultGuard GROUPS = new FaultGuard("Error in a group of dynamic blocks", "dynamic-blocks");

    /** A client takes 139 octets, and some 70 more once it was stopped: a fifth of the heap. */
    private static final int HEAP_OCTETS_PER_CLIENT = 1024;

    /** A name takes 155 octets, and some 300 more if it is long and was stopped. */
    private static final int HEAP_OCTETS_PER_NAME = 4096;

    private final AddressHash hash;
    private final Statistics statistics;
    private final TopOffenders clientOffenders = new TopOffenders();
    private final TopOffenders suffixOffenders = new TopOffenders();
    private final Room room;
    private final BlockLog log = new BlockLog();
    private final List<BlockGroup> groups = new CopyOnWriteArrayList<>();
    private volatile @Nullable InForce inForce;
    private volatile Result defaultAction = USUAL_ACTION;
    private volatile int purgeIntervalSeconds = USUAL_PURGE_SECONDS;

    // All below: only under this lock.
    private BlockedClients clients;
    private BlockedNames suffixes = new BlockedNames();
    private KernelMirror mirror = new KernelMirror(() -> null, () -> false);
    private int addressesInKernel;
    private long lastPurgeNanos;
    private boolean purged;

    /** How many blocks there can be. */
    public record Room(int clients, int names) {}

    /** Room in a heap of so many octets: for a quarter of a million clients in 256 MB. */
    public static Room roomFor(long heapOctets) {
        return new Room(
                Math.clamp(heapOctets / HEAP_OCTETS_PER_CLIENT, 1 << 14, 1 << 24),
                Math.clamp(heapOctets / HEAP_OCTETS_PER_NAME, 1 << 12, 1 << 22));
    }

    /** Blocks as the process has room for. */
    public DynamicBlocks(Statistics statistics) {
        this(AddressHash.secret(), statistics, roomFor(Runtime.getRuntime().maxMemory()));
    }

    DynamicBlocks(AddressHash hash, Statistics statistics, Room room) {
        this.hash = hash;
        this.statistics = statistics;
        this.room = room;
        this.clients = new BlockedClients(hash);
    }

    /** What data threads look at. */
    public static final class InForce {
        private final BlockedClients clients;
        private final BlockedNames suffixes;

        private InForce(BlockedClients clients, BlockedNames suffixes) {
            this.clients = clients;
            this.suffixes = suffixes;
        }

        /** The most specific block for a client. */
        public @Nullable DynamicBlock client(Peer client, long nowNanos) {
            return clients.find(client, nowNanos);
        }

        /** The block of the longest suffix of the query's name. */
        public @Nullable DynamicBlock name(Query query, long nowNanos) {
            return suffixes.isEmpty() ? null : suffixes.find(query.nameKey(), nowNanos);
        }
    }

    /** The blocks that data threads must look for; {@code null} if there are none. */
    public @Nullable InForce inForce() {
        return inForce;
    }

    /** What blocks without an action of their own do. */
    public Result defaultAction() {
        return defaultAction;
    }

    /** @param action one of {@link #DEFAULT_ACTIONS} */
    public synchronized void defaultAction(Result action) {
        defaultAction = action;
        long nowNanos = System.nanoTime();
        clients.forEach(block -> mirrorAgain(block, nowNanos));
        suffixes.forEach(block -> mirrorAgain(block, nowNanos));
        publish();
    }

    private void mirrorAgain(DynamicBlock block, long nowNanos) {
        if (block.action() == Result.NONE && block.isActive(nowNanos)) {
            reflect(block, null);
        }
    }

    /** The action that a query meets. */
    public Result effective(DynamicBlock block) {
        return block.action() == Result.NONE ? defaultAction : block.action();
    }

    /** @param seconds 0: never */
    public void purgeInterval(int seconds) {
        purgeIntervalSeconds = seconds;
    }

    /**
     * Sends blocks to a packet filter in the kernel as well.
     *
     * @param standard the filter, {@code null} while there is none
     * @param everyPacketPasses whether that filter stands before all our sockets and sees there who asks
     */
    public synchronized void mirrorTo(Supplier<@Nullable KernelFilter> standard, BooleanSupplier everyPacketPasses) {
        mirror = new KernelMirror(standard, everyPacketPasses);
    }

    // ---- inserting

    /**
     * Blocks a client.
     *
     * @return whether that is news: there was no block, or only a warning
     */
    public synchronized boolean insert(ClientRange range, BlockSpec spec, long nowNanos) {
        DynamicBlock there = clients.get(range);
        DynamicBlock block = successor(there, range, null, spec, nowNanos);
        if (block == null || there == null && !hasRoom(false, nowNanos)) {
            return false;
        }
        if (block != there) {
            clients.put(range, block);
        }
        reflect(block, there);
        publish();
        return isNews(there, block, nowNanos);
    }

    /** Blocks a name and everything below it; the same otherwise. */
    public synchronized boolean insert(Name suffix, BlockSpec spec, long nowNanos) {
        DynamicBlock there = suffixes.get(suffix);
        DynamicBlock block = successor(there, null, suffix, spec, nowNanos);
        if (block == null || there == null && !hasRoom(true, nowNanos)) {
            return false;
        }
        if (block != there) {
            suffixes.put(suffix, block);
        }
        reflect(block, there);
        publish();
        return isNews(there, block, nowNanos);
    }

    private boolean hasRoom(boolean ofNames, long nowNanos) {
        if (!isFull(ofNames)) {
            return true;
        }
        if (!purged || nowNanos - lastPurgeNanos >= BlockSpec.SECOND_NANOS) {
            purge(nowNanos);
        }
        if (isFull(ofNames)) {
            statistics.add(Counter.DYN_BLOCK_OVERFLOWS, 1);
            return false;
        }
        return true;
    }

    private boolean isFull(boolean ofNames) {
        return ofNames ? suffixes.size() >= room.names() : clients.size() >= room.clients();
    }

    /** What stands in the place from now on: the block that is there, made longer, or a new one; {@code null} if nothing changes. */
    private static @Nullable DynamicBlock successor(
            @Nullable DynamicBlock there,
            @Nullable ClientRange range,
            @Nullable Name suffix,
            BlockSpec spec,
            long nowNanos) {
        long endNanos = spec.endNanos(nowNanos);
        if (there == null || !there.isActive(nowNanos)) {
            return new DynamicBlock(range, suffix, spec, endNanos);
        }
        boolean fromWarning = there.warning() && !spec.warning();
        boolean toWarning = !there.warning() && spec.warning();
        if (toWarning || !fromWarning && there.endNanos() - endNanos >= 0) {
            return null;
        }
        if (isSame(there.spec(), spec)) {
            there.extend(endNanos);
            return there;
        }
        return there.successor(spec, endNanos);
    }

    private static boolean isSame(BlockSpec a, BlockSpec b) {
        return a.action() == b.action()
                && a.warning() == b.warning()
                && a.reason().equals(b.reason())
                && a.tagName().equals(b.tagName())
                && a.tagValue().equals(b.tagValue());
    }

    private static boolean isNews(@Nullable DynamicBlock there, DynamicBlock block, long nowNanos) {
        return block != there && (there == null || !there.isActive(nowNanos) || there.warning() && !block.warning());
    }

    // ---- the kernel

    /** Makes the kernel follow, which may have the block's predecessor. */
    private void reflect(DynamicBlock block, @Nullable DynamicBlock predecessor) {
        DynamicBlock before = predecessor == null ? block : predecessor;
        boolean was = before.inKernel();
        boolean is = mirror.hold(block, effective(block));
        if (was && !is) {
            before.kernelCounted(mirror.counted(before));
            before.keepKernelHits();
            mirror.release(block);
        }
        if (is && block != before) {
            boolean goesOn = was && before.hits() == block.hits();
            block.kernelBase(goesOn ? before.kernelBase() : mirror.counted(block));
        } else if (is && !was) {
            block.kernelBase(mirror.counted(block));
        }
        addressesInKernel -= isHeldAddress(before) ? 1 : 0;
        before.inKernel(false);
        block.inKernel(is);
        addressesInKernel += isHeldAddress(block) ? 1 : 0;
    }

    private static boolean isHeldAddress(DynamicBlock block) {
        ClientRange client = block.client();
        return block.inKernel() && client != null && client.isAddress();
    }

    /**
     * Where an internal filter drops all blocked addresses before our sockets, nobody needs to look for them here. Names are looked for in
     * any case, because the filter sees them in datagrams only, and networks too, because the operator's own entries may except a part.
     */
    private void publish() {
        boolean needed = suffixes.size() > 0
                || clients.size() > addressesInKernel
                || addressesInKernel > 0 && !mirror.replacesUserSpace();
        InForce now = inForce;
        if (!needed) {
            inForce = null;
        } else if (now == null || now.clients != clients || now.suffixes != suffixes) {
            inForce = new InForce(clients, suffixes);
        }
    }

    /** Reads what the kernel has counted into the blocks, before somebody shows them. */
    public synchronized void refreshKernelHits() {
        clients.forEach(this::refresh);
        suffixes.forEach(this::refresh);
    }

    private void refresh(DynamicBlock block) {
        if (block.inKernel()) {
            block.kernelCounted(mirror.counted(block));
        }
    }

    // ---- looking and taking out

    /** The client blocks in force: IPv4 first, by address. */
    public synchronized List<DynamicBlock> clients(long nowNanos) {
        return clients.active(nowNanos);
    }

    /** The name blocks in force: by labels from the right, a name after those below it. */
    public synchronized List<DynamicBlock> suffixes(long nowNanos) {
        return suffixes.active(nowNanos);
    }

    /** Whether a block other than a warning is in force for exactly this range, which is described without an object. */
    synchronized boolean isBlocked(
            int family, long hi, long lo, int prefix, int port, int portBits, boolean warningIsEnough, long nowNanos) {
        DynamicBlock block = clients.get(family, hi, lo, prefix, port, portBits);
        return block != null && block.isActive(nowNanos) && (warningIsEnough || !block.warning());
    }

    /** Client blocks, those that have ended and were not taken out yet included ({@code dyn-block-nmg-size}). */
    public synchronized int size() {
        return clients.size();
    }

    /** Lifts all blocks. Groups insert none before a script applies them again. */
    public synchronized void clear() {
        groups.clear();
        clients.forEach(this::lift);
        suffixes.forEach(this::lift);
        clients = new BlockedClients(hash);
        suffixes = new BlockedNames();
        addressesInKernel = 0;
        publish();
    }

    /**
     * Lifts the block of exactly this range. Who goes on exceeding a limit is blocked anew.
     *
     * @return whether there was one
     */
    public synchronized boolean lift(ClientRange range, long nowNanos) {
        return lift(clients.get(range), nowNanos);
    }

    /** Lifts the block of exactly this name. */
    public synchronized boolean lift(Name suffix, long nowNanos) {
        return lift(suffixes.get(suffix), nowNanos);
    }

    private boolean lift(@Nullable DynamicBlock block, long nowNanos) {
        if (block == null || !block.isActive(nowNanos)) {
            return false;
        }
        lift(block);
        block.extend(nowNanos);
        publish();
        return true;
    }

    private void lift(DynamicBlock block) {
        if (block.inKernel()) {
            mirror.release(block);
            block.inKernel(false);
        }
    }

    /** Takes out what has ended; the kernel's entries have ended by themselves. */
    synchronized void purge(long nowNanos) {
        lastPurgeNanos = nowNanos;
        purged = true;
        clients = clients.pruned(nowNanos);
        suffixes = suffixes.pruned(nowNanos);
        addressesInKernel = 0;
        clients.forEach(block -> addressesInKernel += isHeldAddress(block) ? 1 : 0);
        publish();
    }

    /** The blocked clients that come most. */
    public TopOffenders clientOffenders() {
        return clientOffenders;
    }

    /** The blocked suffixes that are asked for most. */
    public TopOffenders suffixOffenders() {
        return suffixOffenders;
    }

    /** Where new blocks are told of. */
    public BlockLog log() {
        return log;
    }

    // ---- who exceeds

    ClientScan newScan(Rings rings) {
        return new ClientScan(rings, hash, statistics);
    }

    /** The single addresses that exceed a limit, and what it counted: what the {@code exceed} functions return. */
    public Map<IpAddress, Long> exceeding(Rings rings, Limit limit, long nowNanos) {
        Map<IpAddress, Long> found = new TreeMap<>();
        newScan(rings)
                .run(
                        List.of(limit),
                        Masks.DEFAULT,
                        null,
                        nowNanos,
                        (family, hi, lo, port, which, warning, count) ->
                                found.put(new IpAddress(family, hi, lo, 0), count));
        return found;
    }

    // ---- in time

    /** A group was applied, and may be evaluated between now and the next time. */
    void applied(BlockGroup group) {
        if (!groups.contains(group)) {
            groups.add(group);
        }
    }

    /** No group is evaluated between applications until it is applied again, as after the configuration was replaced. */
    public void forgetGroups() {
        groups.clear();
    }

    /**
     * Takes out what has ended when that is due, and evaluates the groups that a script applies each second. To be called about ten times a
     * second, always by the same thread.
     */
    public void tick(long nowNanos) {
        synchronized (this) {
            long interval = purgeIntervalSeconds * BlockSpec.SECOND_NANOS;
            if (!purged) {
                lastPurgeNanos = nowNanos;
                purged = true;
            } else if (interval > 0 && nowNanos - lastPurgeNanos >= interval) {
                purge(nowNanos);
            }
            publish();
        }
        log.turn(nowNanos);
        if (clientOffenders.isDue(nowNanos)) {
            lookForOffenders(nowNanos);
        }
        for (BlockGroup group : List.copyOf(groups)) {
            try {
                if (!group.evaluateBetween(nowNanos)) {
                    groups.remove(group);
                }
            } catch (Throwable e) {
                GROUPS.caught(e);
            }
        }
    }

    private synchronized void lookForOffenders(long nowNanos) {
        refreshKernelHits();
        clientOffenders.look(clients::forEach, nowNanos);
        suffixOffenders.look(suffixes::forEach, nowNanos);
    }
}
