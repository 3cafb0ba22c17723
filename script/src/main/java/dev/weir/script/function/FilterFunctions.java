package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.kernel.AbsentFilter;
import dev.weir.engine.kernel.DynamicFilter;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.Message;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.object.Context;
import dev.weir.script.object.DynamicFilterType;
import dev.weir.script.object.FilterOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Packet filters in the kernel: {@code newBPFFilter} and what belongs to it. */
public final class FilterFunctions implements Area {
    private static final Message INSERTING = new Message(
            "ebpf",
            "Inserting eBPF dynamic block",
            "Inserting eBPF dynamic block for {client.address} for {seconds} seconds: {reason}");

    private final Context context;

    public FilterFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "addBPFFilterDynBlocks",
                "newBPFFilter",
                "newDynBPFFilter",
                "registerDynBPFFilter",
                "unregisterDynBPFFilter");
    }

    @Override
    public List<String> configurationOnly() {
        return List.of("setDefaultBPFFilter");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        try {
            return switch (function) {
                case "newBPFFilter" -> context.objects.filter.wrap(open(FilterOptions.read(args, context)));
                case "newDynBPFFilter" ->
                    context.objects.dynamicFilter.wrap(dynamicOf(args.object(1, "bpf", KernelFilter.class)));
                case "setDefaultBPFFilter" -> {
                    context.model.filters().setStandard(args.object(1, "filter", KernelFilter.class));
                    yield NONE;
                }
                case "registerDynBPFFilter" -> {
                    context.model.filters().register(dynamic(args, 1));
                    yield NONE;
                }
                case "unregisterDynBPFFilter" -> {
                    context.model.filters().unregister(dynamic(args, 1));
                    yield NONE;
                }
                case "addBPFFilterDynBlocks" -> {
                    block(args);
                    yield NONE;
                }
                default -> throw Area.unknown(function);
            };
        } catch (KernelException e) {
            throw args.error(String.valueOf(e.getMessage()));
        }
    }

    /** Of a filter that goes on, the one that knows which blocks end when. */
    private DynamicFilter dynamicOf(KernelFilter filter) {
        return context.model
                .belongings()
                .take(new EndsOf(filter), DynamicFilter.class, () -> new DynamicFilter(filter), gone -> {});
    }

    private record EndsOf(KernelFilter filter) {}

    private KernelFilter open(FilterSpec spec) throws KernelException {
        KernelFilter filter;
        try {
            filter = context.model
                    .belongings()
                    .take(
                            spec,
                            KernelFilter.class,
                            () -> context.host.kernelFiltering().open(spec),
                            KernelFilter::close);
        } catch (KernelException e) {
            if (!spec.optional() || e.reason() != Reason.UNAVAILABLE) {
                throw e;
            }
            Log.warning("Going on without packet filtering in the kernel", "ebpf", "error", e);
            return new AbsentFilter(spec);
        }
        context.model.filters().add(filter);
        return filter;
    }

    private static DynamicFilter dynamic(Args args, int index) {
        return args.object(index, "dynbpf", DynamicFilter.class);
    }

    /** Blocks what an exceed function has found: a table with addresses as keys. */
    private static void block(Args args) throws KernelException {
        LuaTable addresses = args.table(1, "addresses");
        DynamicFilter filter = dynamic(args, 2);
        int seconds = DynamicFilterType.seconds(args, 3);
        String reason = args.stringOr(4, "msg", "");
        for (FromLua.Entry entry : FromLua.entries(addresses)) {
            Endpoint address = Args.objectOrNull(entry.key(), Endpoint.class);
            if (address == null) {
                args.fail("addresses", "a table with addresses as keys", entry.key());
            } else if (admitted(filter, address, seconds)) {
                Log.warning(INSERTING, "client.address", address.ip(), "seconds", seconds, "reason", reason);
            }
        }
    }

    /** A full table is the filter's to log and count; it must not keep the rest from being tried. */
    private static boolean admitted(DynamicFilter filter, Endpoint address, int seconds) throws KernelException {
        try {
            return DynamicFilterType.block(filter, address.ip(), seconds);
        } catch (KernelException e) {
            if (e.reason() != Reason.FULL) {
                throw e;
            }
            return false;
        }
    }
}
