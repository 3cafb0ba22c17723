package dev.weir.script.function;

import dev.weir.engine.action.LogResponseAction;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.action.ResponseResult;
import dev.weir.engine.export.ExportSpec;
import dev.weir.lua.LuaFunction;
import dev.weir.script.ffi.ThreadScripts;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.object.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Response actions: what response rules do. */
public final class ResponseActionFunctions implements Area {
    private static final long U32 = 0xffff_ffffL;

    private final Context context;

    public ResponseActionFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "AllowResponseAction",
                "ClearRecordTypesResponseAction",
                "DelayResponseAction",
                "DropResponseAction",
                "LimitTTLResponseAction",
                "LogResponseAction",
                "LuaFFIPerThreadResponseAction",
                "LuaFFIResponseAction",
                "LuaResponseAction",
                "SetEDNSOptionResponseAction",
                "SetExtendedDNSErrorResponseAction",
                "SetMaxReturnedTTLResponseAction",
                "SetMaxTTLResponseAction",
                "SetMinTTLResponseAction",
                "SetReducedTTLResponseAction",
                "SetSkipCacheResponseAction",
                "SetTagResponseAction",
                "TCResponseAction",
                "UnsetTagResponseAction");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        return context.objects.responseAction.wrap(action(function, args));
    }

    private static ExportSpec responseLog(Args args) {
        return new ExportSpec.LogFile(
                args.stringOr(1, "filename", ""),
                false,
                args.boolOr(2, "append", false),
                args.boolOr(3, "buffered", false),
                args.boolOr(4, "verboseOnly", true),
                args.boolOr(5, "includeTimestamp", false));
    }

    private ResponseAction action(String function, Args args) {
        return switch (function) {
            case "AllowResponseAction" -> new ResponseAction.Allow();
            case "DropResponseAction" -> new ResponseAction.Drop();
            case "TCResponseAction" -> new ResponseAction.Truncate();
            case "DelayResponseAction" ->
                new ResponseAction.Delay((int) args.integer(1, "milliseconds", 0, Integer.MAX_VALUE));
            case "LogResponseAction" -> new LogResponseAction(context.open(responseLog(args)));
            case "LuaResponseAction" -> {
                LuaFunction code = args.function(1, "function");
                yield new ResponseAction.Custom(
                        "Lua response script", query -> context.calls.responseAction(code, query));
            }
            case "LuaFFIResponseAction" -> {
                LuaFunction code = args.function(1, "function");
                yield new ResponseAction.Custom(
                        "Lua FFI script", query -> context.calls.ffiResponseAction(code, query));
            }
            case "LuaFFIPerThreadResponseAction" -> {
                ThreadScripts.Code code = context.threadCode(function, args, 1, "function");
                yield new ResponseAction.Custom(
                        "Lua FFI per-thread script",
                        query -> code.call((scripts, f) -> scripts.responseAction(f, query), ResponseResult.SERVFAIL));
            }
            case "SetTagResponseAction" -> new ResponseAction.SetTag(args.string(1, "name"), args.string(2, "value"));
            case "UnsetTagResponseAction" -> new ResponseAction.UnsetTag(args.string(1, "name"));
            case "SetSkipCacheResponseAction" -> new ResponseAction.SetSkipCache();
            case "SetMaxReturnedTTLResponseAction" ->
                new ResponseAction.SetMaxReturnedTtl(args.integer(1, "max", 0, U32));
            case "SetMaxTTLResponseAction" -> new ResponseAction.LimitTtl(0, args.integer(1, "max", 0, U32));
            case "SetMinTTLResponseAction" -> new ResponseAction.LimitTtl(args.integer(1, "min", 0, U32), U32);
            case "SetReducedTTLResponseAction" ->
                new ResponseAction.ReduceTtl((int) args.integer(1, "percentage", 0, 100));
            case "SetEDNSOptionResponseAction" ->
                new ResponseAction.SetEdnsOption((int) args.integer(1, "option", 0, 0xffff), args.octets(2, "data"));
            case "LimitTTLResponseAction" -> limit(args);
            case "ClearRecordTypesResponseAction" -> new ResponseAction.ClearRecordTypes(types(args, 1));
            case "SetExtendedDNSErrorResponseAction" ->
                new ResponseAction.SetExtendedError(
                        (int) args.integer(1, "infoCode", 0, 0xffff),
                        args.has(2) ? args.octets(2, "extraText") : new byte[0],
                        args.boolOr(3, "clearExistingEntries", true));
            default -> throw Area.unknown(function);
        };
    }

    private static ResponseAction limit(Args args) {
        return new ResponseAction.LimitTtl(
                args.integer(1, "min", 0, U32),
                args.has(2) ? args.integer(2, "max", 0, U32) : U32,
                args.has(3) ? types(args, 3) : new int[0]);
    }

    /** One or more types, as numbers or mnemonics. */
    private static int[] types(Args args, int index) {
        return Args.oneOrMore(args.at(index)).stream()
                .mapToInt(value -> SelectorFunctions.typeOrNumber(
                        new Args(args.function(), new @Nullable Object[] {value}, 0), 1, "types"))
                .toArray();
    }
}
