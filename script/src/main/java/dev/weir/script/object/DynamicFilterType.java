package dev.weir.script.object;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.DynamicFilter;
import dev.weir.engine.kernel.KernelException;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.jspecify.annotations.Nullable;

/** DynBPFFilter: blocks in a packet filter that end. */
public final class DynamicFilterType extends ObjectType<DynamicFilter> {
    /** How long a block lasts if nobody says. */
    public static final int DEFAULT_SECONDS = 10;

    private static final long NANOS = 1_000_000_000L;

    DynamicFilterType() {
        super("DynBPFFilter", DynamicFilter.class, "block excludeRange includeRange purgeExpired", "");
    }

    @Override
    protected @Nullable Object call(DynamicFilter self, LuaObject object, String method, Args args) {
        try {
            switch (method) {
                case "block" -> block(self, NetmaskType.address(args, 1), seconds(args, 2));
                case "purgeExpired" -> self.purge(System.nanoTime());
                case "excludeRange" -> args.strings(1, "netmasks").forEach(range -> self.exclude(Netmask.parse(range)));
                case "includeRange" -> args.strings(1, "netmasks").forEach(range -> self.include(Netmask.parse(range)));
                default -> throw unknown(method);
            }
            return NONE;
        } catch (KernelException e) {
            throw args.error(String.valueOf(e.getMessage()));
        }
    }

    /** The argument that says how long a block lasts. */
    public static int seconds(Args args, int index) {
        return args.has(index) ? (int) args.integer(index, "seconds", 1, Integer.MAX_VALUE) : DEFAULT_SECONDS;
    }

    /** Blocks from now on; returns whether the block is new. */
    public static boolean block(DynamicFilter filter, IpAddress address, int seconds) throws KernelException {
        long now = System.nanoTime();
        return filter.block(address, now + seconds * NANOS, now);
    }

    @Override
    protected String text(DynamicFilter self) {
        return "DynBPFFilter";
    }
}
