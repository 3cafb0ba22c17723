package dev.weir.script.object;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.cache.CacheStats;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.log.FileTrouble;
import dev.weir.engine.view.CacheMetric;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import dev.weir.script.listing.CacheListing;
import dev.weir.wire.Name;
import dev.weir.wire.RecordType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PacketCache. */
public final class CacheType extends ObjectType<PacketCache> {
    static final String METHODS = "dump expunge expungeByName getAddressListByDomain getDomainListByAddress getStats "
            + "isFull printStats purgeExpired toString";

    private final Context context;

    CacheType(Context context) {
        super("PacketCache", PacketCache.class, METHODS, "");
        this.context = context;
    }

    @Override
    protected @Nullable Object call(PacketCache self, LuaObject object, String method, Args args) {
        long nowSeconds = PacketCache.seconds(System.nanoTime());
        return switch (method) {
            case "dump" -> dump(self, args, nowSeconds);
            case "expunge" -> ToLua.of(self.expunge((int) args.integer(1, "n", 0, Integer.MAX_VALUE)));
            case "expungeByName" -> expungeByName(self, args);
            case "purgeExpired" ->
                ToLua.of(self.purgeExpired((int) args.integer(1, "n", 0, Integer.MAX_VALUE), nowSeconds));
            case "getAddressListByDomain" -> addresses(self.addressesByDomain(NameType.name(args, 1, "domain")));
            case "getDomainListByAddress" ->
                names(self.domainsByAddress(NetmaskType.address(args, 1).octets()));
            case "getStats" -> statistics(self.stats());
            case "printStats" -> {
                context.append(CacheListing.printStats(self.stats()));
                yield Values.NONE;
            }
            case "isFull" -> ToLua.of(self.isFull());
            case "toString" -> ToLua.of(text(self));
            default -> throw unknown(method);
        };
    }

    private @Nullable Object dump(PacketCache self, Args args, long nowSeconds) {
        Path file = Path.of(args.string(1, "fname"));
        try {
            int lines = self.dump(
                    file, args.boolOr(2, "rawResponse", false), nowSeconds, System.currentTimeMillis() / 1000);
            context.print("Dumped " + lines + " records");
        } catch (IOException e) {
            context.print("Error dumping the cache to " + file + ": " + FileTrouble.of(e));
        }
        return Values.NONE;
    }

    private @Nullable Object expungeByName(PacketCache self, Args args) {
        int type = args.integerOr(2, "qtype", RecordType.ANY);
        boolean suffixes = args.boolOr(3, "suffixMatch", false);
        int gone = 0;
        for (@Nullable Object name : Args.oneOrMore(args.at(1))) {
            gone += self.expungeByName(NameType.name(args, name, "name"), type, suffixes);
        }
        context.print("Expunged " + gone + " records");
        return Values.NONE;
    }

    private @Nullable Object addresses(List<byte[]> addresses) {
        return LuaTable.ofList(addresses.stream()
                .map(octets -> context.objects.address.wrap(new Endpoint(IpAddress.of(octets), 0)))
                .toArray(Object[]::new));
    }

    private @Nullable Object names(List<Name> names) {
        return LuaTable.ofList(names.stream().map(context.objects.name::wrap).toArray(Object[]::new));
    }

    private static LuaTable statistics(CacheStats stats) {
        LuaTable table = new LuaTable();
        for (CacheMetric metric : CacheMetric.values()) {
            table.put(metric.luaKey(), ToLua.of(metric.read(stats)));
        }
        return table;
    }

    @Override
    protected String text(PacketCache self) {
        return self.size() + "/" + self.spec().maxEntries();
    }
}
