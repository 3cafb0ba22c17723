package dev.weir.engine.block;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.engine.kernel.MemoryFilter;
import dev.weir.wire.Name;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A filter in memory whose counters a test turns. */
final class FakeFilter implements KernelFilter {
    private final MemoryFilter memory;
    final Map<String, Long> counters = new HashMap<>();

    FakeFilter(FilterSpec spec) {
        memory = new MemoryFilter(spec);
    }

    /** "192.0.2.1 Drop", one line an entry. */
    List<String> lines() {
        return memory.entries().stream()
                .map(entry -> entry.subject() + " " + entry.action())
                .toList();
    }

    long end(int index) {
        return memory.entries().get(index).endNanos();
    }

    @Override
    public FilterSpec spec() {
        return memory.spec();
    }

    @Override
    public boolean supports(FilterSpec.Kind kind, MatchAction action) {
        return memory.supports(kind, action);
    }

    @Override
    public void block(IpAddress address, MatchAction action, long endNanos) throws KernelException {
        memory.block(address, action, endNanos);
    }

    @Override
    public void unblock(IpAddress address) throws KernelException {
        memory.unblock(address);
    }

    @Override
    public void blockName(Name name, int type, MatchAction action) throws KernelException {
        memory.blockName(name, type, action);
    }

    @Override
    public void unblockName(Name name, int type) throws KernelException {
        memory.unblockName(name, type);
    }

    @Override
    public void addRange(Netmask range, MatchAction action, boolean replace, long endNanos) throws KernelException {
        memory.addRange(range, action, replace, endNanos);
    }

    @Override
    public void removeRange(Netmask range) throws KernelException {
        memory.removeRange(range);
    }

    @Override
    public void blockSuffix(Name suffix, int type, MatchAction action, long endNanos) throws KernelException {
        memory.blockSuffix(suffix, type, action, endNanos);
    }

    @Override
    public void unblockSuffix(Name suffix, int type) throws KernelException {
        memory.unblockSuffix(suffix, type);
    }

    @Override
    public void rateLimit(Netmask range, Limit limit) throws KernelException {
        memory.rateLimit(range, limit);
    }

    @Override
    public void removeRateLimit(Netmask range) throws KernelException {
        memory.removeRateLimit(range);
    }

    @Override
    public long hits(IpAddress address) {
        return counters.getOrDefault(address.toString(), 0L);
    }

    @Override
    public long hits(Netmask range) {
        return counters.getOrDefault(range.toString(), 0L);
    }

    @Override
    public long hits(Name suffix, int type) {
        return counters.getOrDefault(suffix.toString(), 0L);
    }

    @Override
    public List<Entry> entries() {
        return memory.entries();
    }

    @Override
    public void purge(long nowNanos) {
        memory.purge(nowNanos);
    }

    @Override
    public void attach(int socket) {}

    @Override
    public void detach(int socket) {}

    @Override
    public long refused() {
        return memory.refused();
    }

    @Override
    public void close() {}
}
