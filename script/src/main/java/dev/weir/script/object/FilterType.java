package dev.weir.script.object;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.log.Log;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import dev.weir.script.listing.FilterListing;
import dev.weir.wire.Name;
import org.jspecify.annotations.Nullable;

/** BPFFilter: a packet filter in the kernel. */
public final class FilterType extends ObjectType<KernelFilter> {
    private static final int MOST_QPS = 1_000_000_000;

    private final Context context;

    FilterType(Context context) {
        super(
                "BPFFilter",
                KernelFilter.class,
                "addRangeRule attachToAllBinds block blockQName blockSuffix getStats lsRangeRule rateLimit"
                        + " removeRateLimit rmRangeRule unblock unblockQName unblockSuffix",
                "");
        this.context = context;
    }

    @Override
    protected @Nullable Object call(KernelFilter self, LuaObject object, String method, Args args) {
        try {
            return switch (method) {
                case "getStats" -> ToLua.of(FilterListing.statistics(self.entries()));
                case "lsRangeRule" -> ToLua.of(FilterListing.ranges(self.entries()));
                case "attachToAllBinds" -> attachToAllBinds(self);
                default -> {
                    if (!add(self, method, args) && !remove(self, method, args)) {
                        throw unknown(method);
                    }
                    yield NONE;
                }
            };
        } catch (KernelException e) {
            throw args.error(String.valueOf(e.getMessage()));
        }
    }

    private boolean add(KernelFilter self, String method, Args args) throws KernelException {
        switch (method) {
            case "block" -> {
                IpAddress address = NetmaskType.address(args, 1);
                MatchAction action = action(args, 2, MatchAction.DROP);
                Kind kind = address.isV4() ? Kind.IPV4 : Kind.IPV6;
                enter(self, kind, () -> self.block(address, action, KernelFilter.FOREVER));
            }
            case "blockQName" -> enterName(self, Kind.QNAMES, args);
            case "blockSuffix" -> enterName(self, Kind.SUFFIXES, args);
            case "addRangeRule" -> {
                Netmask range = range(args);
                MatchAction action = action(args, 2, null);
                boolean force = args.boolOr(3, "force", false);
                Kind kind = range.ip().isV4() ? Kind.CIDR4 : Kind.CIDR6;
                enter(self, kind, () -> self.addRange(range, action, force, KernelFilter.FOREVER));
            }
            case "rateLimit" -> {
                int qps = (int) args.integer(2, "qps", 1, MOST_QPS);
                int burst = args.has(3) ? (int) args.integer(3, "burst", 1, MOST_QPS) : qps;
                int slip = args.has(4) ? (int) args.integer(4, "slip", 0, MOST_QPS) : 0;
                Netmask range = range(args);
                int per = args.has(5)
                        ? (int) args.integer(
                                5, "per", range.prefix() + 1, range.ip().bits())
                        : 0;
                change(self, () -> self.rateLimit(range, new KernelFilter.Limit(qps, burst, slip, per)));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void enterName(KernelFilter self, Kind kind, Args args) throws KernelException {
        Name name = NameType.name(args, 1, "name");
        int type = type(args, 2);
        MatchAction action = action(args, 3, MatchAction.DROP);
        enter(
                self,
                kind,
                kind == Kind.QNAMES
                        ? () -> self.blockName(name, type, action)
                        : () -> self.blockSuffix(name, type, action, KernelFilter.FOREVER));
    }

    private boolean remove(KernelFilter self, String method, Args args) throws KernelException {
        switch (method) {
            case "unblock" -> {
                IpAddress address = NetmaskType.address(args, 1);
                change(self, () -> self.unblock(address));
            }
            case "unblockQName", "unblockSuffix" -> {
                Name name = NameType.name(args, 1, "name");
                int type = type(args, 2);
                change(
                        self,
                        method.equals("unblockQName")
                                ? () -> self.unblockName(name, type)
                                : () -> self.unblockSuffix(name, type));
            }
            case "rmRangeRule" -> {
                Netmask range = range(args);
                change(self, () -> self.removeRange(range));
            }
            case "removeRateLimit" -> {
                Netmask range = range(args);
                change(self, () -> self.removeRateLimit(range));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private interface Entry {
        void make() throws KernelException;
    }

    /** Changes a filter: later, and with errors in the log, if it is one that runs already. */
    private void change(KernelFilter filter, Entry change) throws KernelException {
        if (!context.model.goesOn(filter)) {
            change.make();
            return;
        }
        context.model.later(() -> {
            try {
                change.make();
            } catch (KernelException e) {
                // What the former configuration put there is there already.
                if (e.reason() != KernelException.Reason.DUPLICATE) {
                    Log.error("A packet filter could not be changed", "ebpf", "error", e.getMessage());
                }
            }
        });
    }

    /** A pinned table still holds what the configuration put there before the restart: that is not a mistake in the configuration. */
    private void enter(KernelFilter filter, Kind kind, Entry entry) throws KernelException {
        try {
            change(filter, entry);
        } catch (KernelException e) {
            boolean takenOver = context.configuring()
                    && !filter.spec().table(kind).pinnedPath().isEmpty();
            if (e.reason() != KernelException.Reason.DUPLICATE || !takenOver) {
                throw e;
            }
        }
    }

    private @Nullable Object attachToAllBinds(KernelFilter self) throws KernelException {
        if (context.configuring()) {
            context.complain(
                    "BPFFilter:attachToAllBinds", "does nothing before the start; use setDefaultBPFFilter instead");
        }
        for (Frontend frontend : context.listening()) {
            // Never before QUIC, whose questions no filter can read.
            if (!frontend.protocol().isQuic()) {
                frontend.attach(self);
            }
        }
        return NONE;
    }

    private static Netmask range(Args args) {
        Netmask given = Args.objectOrNull(args.at(1), Netmask.class);
        return given != null ? given : Netmask.parse(args.string(1, "netmask"));
    }

    private static int type(Args args, int index) {
        return args.has(index) ? (int) args.integer(index, "qtype", 0, FilterSpec.ANY_TYPE) : FilterSpec.ANY_TYPE;
    }

    /** @param otherwise what a missing argument means, null if it must be there */
    private static MatchAction action(Args args, int index, @org.jspecify.annotations.Nullable MatchAction otherwise) {
        if (!args.has(index) && otherwise != null) {
            return otherwise;
        }
        int number = args.integer(index, "action");
        MatchAction action = MatchAction.ofNumber(number);
        if (action == null) {
            throw args.error(
                    "'action' must be one of BPFAction's (0 Pass, 1 Drop, 2 Truncate, 128 Refused, 129 NXDomain),"
                            + " not " + number);
        }
        return action;
    }

    @Override
    protected String text(KernelFilter self) {
        return "BPFFilter";
    }
}
