package dev.weir.script.function;

import dev.weir.engine.action.Action;
import dev.weir.engine.rule.ContextSelector;
import dev.weir.engine.rule.LookupKey;
import dev.weir.engine.store.GeoDatabase;
import dev.weir.engine.store.GeoStore;
import dev.weir.engine.store.KeyValueStore;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.Options;
import dev.weir.script.object.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Key-value stores: opening them, what is looked up in them, and the rules and actions that do it. */
public final class StoreFunctions implements Area {
    private final Context context;

    public StoreFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "KeyValueLookupKeyQName",
                "KeyValueLookupKeySourceIP",
                "KeyValueLookupKeySuffix",
                "KeyValueLookupKeyTag",
                "KeyValueStoreLookupAction",
                "KeyValueStoreLookupRule",
                "KeyValueStoreRangeLookupAction",
                "KeyValueStoreRangeLookupRule",
                "newCDBKVStore",
                "newLMDBKVStore",
                "newMMDBKVStore",
                "openMMDB");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        return switch (function) {
            case "newCDBKVStore" ->
                context.objects.store.wrap(context.host.stores().cdb(args.string(1, "filename"), (int)
                        args.integer(2, "refreshDelay", 0, Integer.MAX_VALUE)));
            case "newLMDBKVStore" -> {
                args.boolOr(3, "noLock", false); // nothing is ever locked
                yield context.objects.store.wrap(
                        context.host.stores().lmdb(args.string(1, "filename"), args.string(2, "dbName")));
            }
            case "newMMDBKVStore" ->
                context.objects.store.wrap(
                        new GeoStore(args.object(1, "mmdb", GeoDatabase.class), args.strings(2, "queryParams")));
            case "openMMDB" -> {
                Options options = args.options(2, context);
                options.bool("mmap", false); // it always is
                options.done();
                yield context.objects.geoDatabase.wrap(context.host.stores().maxMind(args.string(1, "name")));
            }
            case "KeyValueStoreLookupRule" -> context.objects.selector.wrap(rule(args, false));
            case "KeyValueStoreRangeLookupRule" -> context.objects.selector.wrap(rule(args, true));
            case "KeyValueStoreLookupAction" -> context.objects.action.wrap(action(args, false));
            case "KeyValueStoreRangeLookupAction" -> context.objects.action.wrap(action(args, true));
            default -> context.objects.lookupKey.wrap(key(function, args));
        };
    }

    private static ContextSelector rule(Args args, boolean range) {
        return new ContextSelector.InStore(store(args), lookupKey(args), range);
    }

    private static Action action(Args args, boolean range) {
        return new Action.StoreLookup(store(args), lookupKey(args), args.string(3, "destinationTag"), range);
    }

    private static KeyValueStore store(Args args) {
        return args.object(1, "kvs", KeyValueStore.class);
    }

    private static LookupKey lookupKey(Args args) {
        return args.object(2, "lookupKey", LookupKey.class);
    }

    private static LookupKey key(String function, Args args) {
        return switch (function) {
            case "KeyValueLookupKeyQName" -> new LookupKey.QName(args.boolOr(1, "wireFormat", true));
            case "KeyValueLookupKeySuffix" ->
                new LookupKey.Suffix(
                        args.has(1) ? (int) args.integer(1, "minLabels", 0, 255) : 0,
                        args.boolOr(2, "wireFormat", true));
            case "KeyValueLookupKeySourceIP" ->
                new LookupKey.SourceIp(
                        args.has(1) ? (int) args.integer(1, "v4mask", 0, 32) : 32,
                        args.has(2) ? (int) args.integer(2, "v6mask", 0, 128) : 128,
                        withPort(args));
            case "KeyValueLookupKeyTag" -> new LookupKey.TagValue(args.string(1, "tagName"));
            default -> throw Area.unknown(function);
        };
    }

    /** Said as a truth, or as a number. */
    private static boolean withPort(Args args) {
        return args.at(3) instanceof Boolean truth ? truth : args.has(3) && args.integer(3, "includePort") != 0;
    }
}
