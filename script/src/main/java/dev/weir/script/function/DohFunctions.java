package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.listen.CertificateSpec;
import dev.weir.engine.listen.HttpResponseRule;
import dev.weir.engine.listen.HttpSpec;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.TlsSpec;
import dev.weir.engine.log.Log;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Options;
import dev.weir.script.lang.ToLua;
import dev.weir.script.listing.DohListing;
import dev.weir.script.object.Context;
import dev.weir.script.object.DohFrontendType;
import dev.weir.script.object.TlsCertificateType;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** DNS over HTTP, with TLS and behind somebody who speaks it. */
public final class DohFunctions implements Area {
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    /** A second one of these makes an answer that clients can't read; most mean nothing in HTTP/2 (RFC 9113 section 8.2.2). */
    private static final Set<String> OF_HTTP =
            Set.of("connection", "content-length", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private final Context context;

    public DohFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "getDOHFrontend",
                "getDOHFrontendCount",
                "newDOHResponseMapEntry",
                "showDOHFrontends",
                "showDOHResponseCodes");
    }

    @Override
    public List<String> configurationOnly() {
        return List.of("addDOHLocal");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        return switch (function) {
            case "addDOHLocal" -> {
                context.configuration.listeners.add(listener(args));
                yield NONE;
            }
            case "newDOHResponseMapEntry" -> context.objects.dohResponse.wrap(response(args));
            case "getDOHFrontend" -> frontend(args);
            case "getDOHFrontendCount" ->
                ToLua.of(context.frontends(Protocol.DOH).size());
            case "showDOHFrontends" -> {
                context.append(DohListing.frontends(context.openFrontends(Protocol.DOH)));
                yield NONE;
            }
            case "showDOHResponseCodes" -> {
                context.append(DohListing.codes(context.openFrontends(Protocol.DOH)));
                yield NONE;
            }
            default -> throw new IllegalArgumentException(function);
        };
    }

    private ListenSpec listener(Args args) {
        boolean secure = args.has(2)
                && !(FromLua.isText(args.at(2)) && args.string(2, "certFile(s)").isEmpty());
        List<CertificateSpec> certificates = secure ? TlsCertificateType.list(args, 2) : List.of();
        Endpoint address = Endpoint.parse(args.string(1, "address"), secure ? HTTPS_PORT : HTTP_PORT);
        if (!secure) {
            Log.info("No certificate for a DoH frontend: HTTP without TLS", "setup", "frontend.address", address);
        }
        List<String> paths = args.has(4) ? args.strings(4, "urls") : HttpSpec.DEFAULT.paths();
        Options options = args.options(5, context);
        List<Endpoint> more = options.strings("additionalAddresses", List.of()).stream()
                .map(text -> Endpoint.parse(text, HTTPS_PORT))
                .toList();
        TlsSpec tls = TlsOptions.read(args, certificates, options);
        ListenSpec spec = new ListenSpec.Https(
                ListenOptionsReader.socket(address, options),
                ListenOptionsReader.stream(options, 0),
                secure ? tls : null,
                http(args, paths, options),
                more);
        options.done();
        context.configuration.listenerPlaces.put(address.toString(), context.place());
        return spec;
    }

    private static HttpSpec http(Args args, List<String> paths, Options options) {
        // The reference takes these without effect too, or the library decides.
        options.string("serverTokens", "");
        options.string("library", "");
        options.integer("internalPipeBufferSize", 0);
        HttpSpec usual = HttpSpec.DEFAULT;
        return new HttpSpec(
                paths,
                options.bool("exactPathMatching", usual.exactPaths()),
                headers(args, "customResponseHeaders", options.value("customResponseHeaders")),
                options.bool("sendCacheControlHeaders", usual.cacheControl()),
                options.bool("trustForwardedForHeader", usual.trustForwarded()),
                options.bool("keepIncomingHeaders", usual.keepHeaders()),
                options.bool("earlyACLDrop", usual.earlyAclDrop()),
                options.integer("idleTimeout", usual.idleSeconds(), 1, 0xffff));
    }

    /** Names in lower case, values an octet a character, as they are sent. */
    private static Map<String, String> headers(Args args, String option, @Nullable Object table) {
        Map<String, String> headers = new HashMap<>();
        if (table instanceof LuaTable entries) {
            for (FromLua.Entry entry : FromLua.entries(entries)) {
                String name = entry.name().toLowerCase(Locale.ROOT);
                LuaString octets = FromLua.string(entry.value());
                String value = octets == null ? FromLua.text(entry.value()) : octets.toLatin1();
                HttpFields.check(args, option, name, value);
                if (OF_HTTP.contains(name)) {
                    args.complain("'" + option + "': '" + name + "' is for HTTP itself to say, ignored");
                } else {
                    headers.put(name, value);
                }
            }
        }
        return headers;
    }

    private static HttpResponseRule response(Args args) {
        return new HttpResponseRule(
                Expression.posix(args.string(1, "regex")),
                (int) args.integer(2, "status", 100, 999),
                args.octets(3, "content"),
                headers(args, "headers", args.at(4)));
    }

    private @Nullable Object frontend(Args args) {
        int number = FrontendArgument.number(context, args, Protocol.DOH);
        return number < 0 ? null : context.objects.dohFrontend.wrap(new DohFrontendType.Place(number));
    }
}
