package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.action.Result;
import dev.weir.engine.block.BlockGroup;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.ClientRange;
import dev.weir.engine.block.DynamicBlock;
import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.block.Limit;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.ToLua;
import dev.weir.script.listing.BlockListing;
import dev.weir.script.object.BlockGroupType;
import dev.weir.script.object.Context;
import dev.weir.script.object.NameType;
import dev.weir.wire.Name;
import dev.weir.wire.Rcode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Dynamic blocks: inserted by hand, shown, and found by the older {@code exceed} functions. */
public final class BlockFunctions implements Area {
    private static final int USUAL_SECONDS = 10;
    private static final int ALL_TYPES = 0xffff;

    private final Context context;
    private final DynamicBlocks blocks;

    public BlockFunctions(Context context) {
        this.context = context;
        this.blocks = context.model.engine().blocks();
    }

    @Override
    public List<String> functions() {
        return List.of(
                "addDynBlockSMT",
                "addDynBlocks",
                "addDynamicBlock",
                "clearDynBlocks",
                "dynBlockRulesGroup",
                "exceedNXDOMAINs",
                "exceedQRate",
                "exceedQTypeRate",
                "exceedRespByterate",
                "exceedServFails",
                "getDynamicBlocks",
                "getDynamicBlocksSMT",
                "setDynBlocksAction",
                "setDynBlocksPurgeInterval",
                "showDynBlocks");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        switch (function) {
            case "addDynBlockSMT" -> blockNames(args);
            case "addDynBlocks" -> blockAddresses(args);
            case "addDynamicBlock" -> blockAddress(args);
            case "clearDynBlocks" -> context.model.verbs().unblockAll();
            case "setDynBlocksAction" -> setAction(args);
            case "setDynBlocksPurgeInterval" ->
                context.model.setBlockPurgeInterval((int) args.integer(1, "sec", 0, Integer.MAX_VALUE));
            case "showDynBlocks" -> context.append(BlockListing.show(blocks, System.nanoTime()));
            default -> {
                return get(function, args);
            }
        }
        return NONE;
    }

    private @Nullable Object get(String function, Args args) {
        return switch (function) {
            case "dynBlockRulesGroup" ->
                context.objects.blockGroup.wrap(new BlockGroup(
                        blocks,
                        context.model.engine().rings(),
                        context.model.engine().statistics(),
                        System::nanoTime));
            case "exceedNXDOMAINs" -> exceeding(Limit.Kind.RCODE_RATE, Rcode.NXDOMAIN, args, 1);
            case "exceedQRate" -> exceeding(Limit.Kind.QUERY_RATE, 0, args, 1);
            case "exceedQTypeRate" ->
                exceeding(Limit.Kind.TYPE_RATE, (int) args.integer(1, "type", 0, ALL_TYPES), args, 2);
            case "exceedRespByterate" -> exceeding(Limit.Kind.BYTE_RATE, 0, args, 1);
            case "exceedServFails" -> exceeding(Limit.Kind.RCODE_RATE, Rcode.SERVFAIL, args, 1);
            case "getDynamicBlocks" -> table(blocks.clients(System.nanoTime()));
            case "getDynamicBlocksSMT" -> table(blocks.suffixes(System.nanoTime()));
            default -> throw Area.unknown(function);
        };
    }

    // ---- inserting

    /** {@code message [, seconds [, action]]} from the second argument on. */
    private static BlockSpec spec(Args args) {
        return BlockSpec.of(args.string(2, "message"), seconds(args, 3), BlockGroupType.action(args, 4));
    }

    private static int seconds(Args args, int index) {
        return args.has(index) ? (int) args.integer(index, "seconds", 0, Integer.MAX_VALUE) : USUAL_SECONDS;
    }

    /** A table with addresses as keys, as the {@code exceed} functions return it. */
    private void blockAddresses(Args args) {
        BlockSpec spec = spec(args);
        LuaTable addresses = args.table(1, "addresses");
        long nowNanos = System.nanoTime();
        for (FromLua.Entry entry : FromLua.entries(addresses)) {
            IpAddress ip = address(args, entry.key());
            context.model.verbs().block(ClientRange.of(ip, ip.bits(), 0, 0), ip.toString(), spec, nowNanos);
        }
    }

    private static IpAddress address(Args args, @Nullable Object value) {
        Endpoint endpoint = Args.objectOrNull(value, Endpoint.class);
        if (endpoint != null) {
            return endpoint.ip();
        }
        return FromLua.isText(value)
                ? IpAddress.parse(FromLua.text(value))
                : args.fail("addresses", "addresses as keys", value);
    }

    /** {@code address, message [, action [, seconds [, clientIPMask [, clientIPPortMask]]]]}. */
    private void blockAddress(Args args) {
        Endpoint endpoint = Args.objectOrNull(args.at(1), Endpoint.class);
        Netmask given;
        int port = 0;
        if (endpoint != null) {
            given = Netmask.of(endpoint.ip(), endpoint.ip().bits());
            port = endpoint.port();
        } else if (args.string(1, "address").indexOf('/') >= 0) {
            given = Netmask.parse(args.string(1, "address"));
        } else {
            endpoint = Endpoint.parse(args.string(1, "address"), 0);
            given = Netmask.of(endpoint.ip(), endpoint.ip().bits());
            port = endpoint.port();
        }
        BlockSpec spec = BlockSpec.of(args.string(2, "message"), seconds(args, 4), BlockGroupType.action(args, 3));
        int prefix = args.integerOr(5, "clientIPMask", given.prefix());
        ClientRange range = ClientRange.of(given.ip(), prefix, port, args.integerOr(6, "clientIPPortMask", 0));
        long nowNanos = System.nanoTime();
        context.model.verbs().block(range, range.toString(), spec, nowNanos);
    }

    private void blockNames(Args args) {
        BlockSpec spec = spec(args);
        long nowNanos = System.nanoTime();
        for (@Nullable Object value : Args.oneOrMore(args.at(1))) {
            Name name = NameType.name(args, value, "names");
            context.model.verbs().block(name, name.toStringNoDot(), spec, nowNanos);
        }
    }

    private void setAction(Args args) {
        int number = args.integer(1, "action");
        for (Result action : DynamicBlocks.DEFAULT_ACTIONS) {
            if (action.ordinal() == number) {
                context.model.setBlockAction(action);
                return;
            }
        }
        context.complain(
                "setDynBlocksAction",
                "Dynamic blocks action can only be Drop, NoOp, NXDomain, Refused, Truncate or NoRecurse!");
    }

    // ---- looking

    private LuaTable table(List<DynamicBlock> all) {
        blocks.refreshKernelHits();
        LuaTable table = new LuaTable();
        for (DynamicBlock block : all) {
            table.put(block.key(), context.objects.block.wrap(block));
        }
        return table;
    }

    /** {@code rate, seconds} from an argument on: addresses as keys, what was counted as values. */
    private LuaTable exceeding(Limit.Kind kind, int code, Args args, int first) {
        long rate = args.integer(first, "rate", 0, Integer.MAX_VALUE);
        int seconds = (int) args.integer(first + 1, "seconds", 0, Integer.MAX_VALUE);
        Limit limit = Limit.rate(kind, code, (double) rate, 0, seconds, BlockSpec.of("", 0, Result.NONE));
        LuaTable table = new LuaTable();
        blocks.exceeding(context.model.engine().rings(), limit, System.nanoTime())
                .forEach((ip, count) ->
                        table.put(context.objects.address.wrap(new Endpoint(ip, 0)), ToLua.of((double) count)));
        return table;
    }
}
