package dev.weir.engine.kernel;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.wire.Name;
import java.util.List;

/**
 * What stands in for a filter that was optional and could not be made: takes every order, does nothing, and says that it supports nothing, so
 * that whoever asks keeps blocking in user space.
 */
public record AbsentFilter(FilterSpec spec) implements KernelFilter {
    @Override
    public boolean supports(FilterSpec.Kind kind, MatchAction action) {
        return false;
    }

    @Override
    public void block(IpAddress address, MatchAction action, long endNanos) {}

    @Override
    public void unblock(IpAddress address) {}

    @Override
    public void blockName(Name name, int type, MatchAction action) {}

    @Override
    public void unblockName(Name name, int type) {}

    @Override
    public void addRange(Netmask range, MatchAction action, boolean replace, long endNanos) {}

    @Override
    public void removeRange(Netmask range) {}

    @Override
    public void blockSuffix(Name suffix, int type, MatchAction action, long endNanos) {}

    @Override
    public void unblockSuffix(Name suffix, int type) {}

    @Override
    public void rateLimit(Netmask range, Limit limit) {}

    @Override
    public void removeRateLimit(Netmask range) {}

    @Override
    public long hits(IpAddress address) {
        return 0;
    }

    @Override
    public long hits(Netmask range) {
        return 0;
    }

    @Override
    public long hits(Name suffix, int type) {
        return 0;
    }

    @Override
    public List<Entry> entries() {
        return List.of();
    }

    @Override
    public void purge(long nowNanos) {}

    @Override
    public void attach(int socket) {}

    @Override
    public void detach(int socket) {}

    @Override
    public long refused() {
        return 0;
    }

    @Override
    public void close() {}
}
