package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.config.Configuration;
import dev.weir.config.web.WebAddress;
import dev.weir.config.web.WebSpec;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.log.Log;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Options;
import dev.weir.script.lang.ToLua;
import dev.weir.script.listing.WebListing;
import dev.weir.script.object.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The web server: where it listens, who may ask, what scripts answer. */
public final class WebFunctions implements Area {
    private static final int WEB_PORT = 8083;
    private static final int WORK_FACTOR = 10;
    private static final int MOST_WORK = 20;

    private final Context context;

    public WebFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "hashPassword",
                "registerWebHandler",
                "setAPIWritable",
                "setWebserverBindFatal",
                "setWebserverConfig",
                "showWebserverConfig",
                "webserver");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        Configuration configuration = context.configuration;
        switch (function) {
            case "webserver" -> listen(args);
            case "setWebserverConfig" -> configure(args.options(1, context.whileLoading()));
            case "setWebserverBindFatal" -> configuration.webserverBindFatal = args.bool(1, "enable");
            case "setAPIWritable" ->
                configuration.web = configuration.web.withApiWritable(
                        args.bool(1, "allow"), args.stringOr(2, "dir", configuration.web.apiDirectory()));
            case "showWebserverConfig" -> context.append(WebListing.show(configuration.web));
            case "registerWebHandler" -> {
                LuaFunction handler = args.function(2, "handler");
                configuration.webHandlers.put(
                        args.string(1, "path"), request -> context.calls.respond(handler, request));
            }
            case "hashPassword" -> {
                int workFactor = args.has(2) ? (int) args.integer(2, "workFactor", 1, MOST_WORK) : WORK_FACTOR;
                return ToLua.of(context.host.hashPassword(args.string(1, "password"), workFactor));
            }
            default -> throw Area.unknown(function);
        }
        return NONE;
    }

    /** Up to 1.8 the credentials, headers and the ACL stood behind the address. */
    private void listen(Args args) {
        WebAddress address = address(args);
        if (args.count() > 1 && address instanceof WebAddress.Internet) {
            WebSpec now = context.configuration.web;
            context.configuration.web = new WebSpec(
                    secret("password", args.has(2) ? args.string(2, "password") : now.password(), false),
                    secret("apiKey", args.has(3) ? args.string(3, "apikey") : now.apiKey(), false),
                    args.has(5) ? acl(args.strings(5, "acl")) : now.acl(),
                    args.has(4) ? headers(args, args.table(4, "customHeaders")) : now.customHeaders(),
                    now.access(),
                    now.prometheusAddInstanceLabel(),
                    now.maxConcurrentConnections(),
                    now.apiWritable(),
                    now.apiDirectory());
        }
        if (context.configuring()) {
            context.configuration.webAddresses.add(address);
        } else {
            context.host.openWebserver(address);
        }
    }

    /** An address, or the path of a socket. */
    private WebAddress address(Args args) {
        String text = args.string(1, "listen_address");
        if (!WebAddress.SocketFile.isPath(text)) {
            return new WebAddress.Internet(Endpoint.parse(text, WEB_PORT));
        }
        Options options = args.options(2, context.whileLoading());
        String mode = options.string("mode", Integer.toOctalString(WebAddress.SocketFile.DEFAULT_MODE));
        if (!mode.matches("0?[0-7]{3}")) {
            throw args.error("'mode' takes three octal digits in quotes, such as \"0660\", not " + mode);
        }
        WebAddress.SocketFile file = new WebAddress.SocketFile(
                text, Integer.parseInt(mode, 8), options.string("owner", ""), options.string("group", ""));
        options.done();
        return file;
    }

    private void configure(Options options) {
        WebSpec now = context.configuration.web;
        WebSpec.Access access = now.access();
        boolean hashes = options.bool("hashPlaintextCredentials", false);
        @Nullable Object headers = options.value("customHeaders");
        Args types = new Args("setWebserverConfig", new Object[0], 0);
        WebSpec changed = new WebSpec(
                secret("password", options.has("password") ? options.string("password", "") : now.password(), hashes),
                secret("apiKey", options.has("apiKey") ? options.string("apiKey", "") : now.apiKey(), hashes),
                options.has("acl") ? acl(options.strings("acl", List.of())) : now.acl(),
                headers instanceof LuaTable table ? headers(types, table) : now.customHeaders(),
                new WebSpec.Access(
                        options.bool("apiRequiresAuthentication", access.api()),
                        options.bool("dashboardRequiresAuthentication", access.dashboard()),
                        options.bool("statsRequireAuthentication", access.statistics()),
                        options.bool("allowCrossOriginRequests", access.allowCrossOriginRequests())),
                options.bool("prometheusAddInstanceLabel", now.prometheusAddInstanceLabel()),
                options.integer("maxConcurrentConnections", now.maxConcurrentConnections()),
                now.apiWritable(),
                now.apiDirectory());
        options.done();
        context.configuration.web = changed;
    }

    /** A plain one is hashed if that is wanted, else whoever reads the configuration has it. */
    private @Nullable String secret(String what, @Nullable String text, boolean hashes) {
        if (text == null || context.host.isHashedPassword(text)) {
            return text;
        }
        if (hashes) {
            return context.host.hashPassword(text, WORK_FACTOR);
        }
        if (!text.equals(
                what.equals("apiKey") ? context.configuration.web.apiKey() : context.configuration.web.password())) {
            Log.warning(
                    "A credential of the web server is plain text: whoever reads the configuration has it, hashPassword() makes a hashed one",
                    "webserver",
                    "option",
                    what);
        }
        return text;
    }

    /** Netmasks, in one text or several, separated by commas or blanks. */
    private static NetmaskGroup acl(List<String> texts) {
        List<String> masks = new ArrayList<>();
        for (String text : texts) {
            for (String mask : text.split("[,\\s]+", -1)) {
                if (!mask.isEmpty()) {
                    masks.add(mask);
                }
            }
        }
        return NetmaskGroup.parse(masks);
    }

    private static Map<String, String> headers(Args args, LuaTable table) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (FromLua.Entry entry : FromLua.entries(table)) {
            String name = entry.name();
            String value = FromLua.text(entry.value());
            HttpFields.check(args, "customHeaders", name, value);
            headers.put(name, value);
        }
        return headers;
    }
}
