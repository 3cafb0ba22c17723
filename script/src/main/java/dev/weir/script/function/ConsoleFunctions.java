package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.explain.Explainer;
import dev.weir.engine.explain.Explanation;
import dev.weir.engine.explain.ImaginedQuery;
import dev.weir.engine.task.FaultGuard;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Options;
import dev.weir.script.listing.AclListing;
import dev.weir.script.listing.BindListing;
import dev.weir.script.listing.HelpListing;
import dev.weir.script.listing.PoolListing;
import dev.weir.script.listing.ServerListing;
import dev.weir.script.object.CommandHistory;
import dev.weir.script.object.Context;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the console shows of servers, pools, frontends and itself. */
public final class ConsoleFunctions implements Area {
    /** Scripts take the first word for the program and the second for a version: that of the vocabulary that we speak. */
    private static final String SPOKEN = "dnsdist 2.2.0";

    private static final FaultGuard RELOADS = new FaultGuard("Error while reading the configuration again", "reload");

    private final Context context;
    private final CommandHistory history;
    private final Collection<String> names;

    /** @param names all names that {@code help()} lists, filled when the world is complete */
    public ConsoleFunctions(Context context, CommandHistory history, Collection<String> names) {
        this.context = context;
        this.history = history;
        this.names = names;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "clearConsoleHistory",
                "delta",
                "explain",
                "help",
                "reloadConfig",
                "show",
                "showACL",
                "showBinds",
                "showPools",
                "showServers",
                "showVersion");
    }

    /** {@code reloadConfig([{dryRun=, json=}])}. A function that is called for a query or by the clock only starts it. */
    private void reload(Args args) {
        Options options = args.options(1, context);
        boolean dryRun = options.bool("dryRun", false);
        boolean json = options.bool("json", false);
        options.done();
        if (context.isAsked()) {
            context.afterwards(() -> context.host.reload(dryRun, json));
        } else if (context.configuring()) {
            throw args.error("not while the configuration is read");
        } else {
            Thread.ofPlatform().daemon().name("reload").start(RELOADS.around(() -> {
                var _ = context.host.reload(dryRun, json);
            }));
        }
    }

    /** {@code explain(NAME [, TYPE] [, {client=, protocol=, ... json=}])}: what would become of a query. */
    private void explain(Args args) {
        boolean typed = args.at(2) != null && !(args.at(2) instanceof LuaTable);
        Options options = args.options(typed ? 3 : 2, context);
        Map<String, String> said = new LinkedHashMap<>();
        for (String key : ImaginedQuery.OPTIONS.keySet()) {
            Object value = options.value(key);
            if (value != null) {
                said.put(key, FromLua.text(value));
            }
        }
        boolean json = options.bool("json", false);
        options.done();
        try {
            String type = typed ? args.string(2, "type") : "A";
            ImaginedQuery query = ImaginedQuery.parse(args.string(1, "name"), type, said);
            Explanation explanation = new Explainer(context.model).explain(query);
            context.append(json ? context.host.json(explanation.document()) + "\n" : explanation.text());
        } catch (IllegalArgumentException e) {
            throw args.error(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        switch (function) {
            case "clearConsoleHistory" -> history.clear();
            case "delta" -> context.append(history.text());
            case "explain" -> explain(args);
            case "help" -> context.append(HelpListing.show(names, args.stringOr(1, "command", "")));
            case "reloadConfig" -> reload(args);
            case "show" -> context.print(args.string(1, "text"));
            case "showACL" -> context.append(AclListing.show(context.model.acl()));
            case "showBinds" -> context.append(BindListing.show(context.listening()));
            case "showPools" -> context.append(PoolListing.show(context.model));
            case "showServers" -> {
                Options options = args.options(1, context);
                boolean uuids = options.bool("showUUIDs", false);
                options.done();
                context.append(ServerListing.show(context.model, uuids));
            }
            case "showVersion" -> context.print(SPOKEN + " (" + context.host.version() + ")");
            default -> throw Area.unknown(function);
        }
        return NONE;
    }
}
