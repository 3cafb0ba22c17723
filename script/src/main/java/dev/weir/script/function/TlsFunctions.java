package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.listen.CertificateSpec;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.TlsControl;
import dev.weir.lua.LuaFunction;
import dev.weir.script.host.Purpose;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.Options;
import dev.weir.script.lang.ToLua;
import dev.weir.script.listing.TlsListing;
import dev.weir.script.object.Context;
import dev.weir.script.object.TlsCertificateType;
import dev.weir.script.object.TlsFrontendType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DNS over TLS: listeners, certificates, tickets. */
public final class TlsFunctions implements Area {
    private static final int DOT_PORT = 853;
    private static final long LONGEST_DAYS = 36_500;

    private final Context context;

    public TlsFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "generateOCSPResponse",
                "getOutgoingTLSSessionCacheSize",
                "getTLSContext",
                "getTLSFrontend",
                "getTLSFrontendCount",
                "loadTicketsKey",
                "loadTLSEngine",
                "loadTLSProvider",
                "newTLSCertificate",
                "reloadAllCertificates",
                "requestDoHStatesDump",
                "requestTCPStatesDump",
                "setTicketsKeyAddedHook",
                "showTLSContexts",
                "showTLSErrorCounters",
                "showTLSFrontends");
    }

    @Override
    public List<String> configurationOnly() {
        return List.of("addTLSLocal");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        switch (function) {
            case "addTLSLocal" -> context.configuration.listeners.add(listener(args));
            case "newTLSCertificate" -> {
                return context.objects.tlsCertificate.wrap(certificate(args));
            }
            case "getTLSContext" -> {
                return frontend(args, context.objects.tlsContext);
            }
            case "getTLSFrontend" -> {
                return frontend(args, context.objects.tlsFrontend);
            }
            case "getTLSFrontendCount" -> {
                return ToLua.of(context.frontends(Protocol.DOT).size());
            }
            case "reloadAllCertificates" -> reloadAll();
            case "generateOCSPResponse" -> generateResponse(args);
            case "getOutgoingTLSSessionCacheSize" -> {
                return ToLua.of(context.model.engine().connections().outgoingTlsSessions());
            }
            case "requestDoHStatesDump", "requestTCPStatesDump" ->
                context.model.engine().connections().logConnections(function.equals("requestDoHStatesDump"));
            case "setTicketsKeyAddedHook" -> {
                LuaFunction hook = args.function(1, "callback");
                context.model.later(() ->
                        context.model.engine().ticketKeys().tell(key -> context.callbacks.ticketKeyAdded(hook, key)));
            }
            case "loadTicketsKey" -> addTicketKey(args);
            case "showTLSContexts", "showTLSFrontends" -> context.append(TlsListing.frontends(context.listening()));
            case "showTLSErrorCounters" -> context.append(TlsListing.errors(context.listening()));
            // The library has no engines or providers to be loaded.
            case "loadTLSEngine" -> args.string(1, "engineName");
            case "loadTLSProvider" -> args.string(1, "providerName");
            default -> throw new IllegalArgumentException(function);
        }
        return NONE;
    }

    private ListenSpec listener(Args args) {
        Endpoint address = Endpoint.parse(args.string(1, "address"), DOT_PORT);
        List<CertificateSpec> certificates = TlsCertificateType.list(args, 2);
        Options options = args.options(4, context);
        List<Endpoint> more = options.strings("additionalAddresses", List.of()).stream()
                .map(text -> Endpoint.parse(text, DOT_PORT))
                .toList();
        ListenSpec spec = new ListenSpec.Tls(
                ListenOptionsReader.socket(address, options),
                ListenOptionsReader.stream(options),
                TlsOptions.read(args, certificates, options),
                more);
        options.done();
        context.configuration.listenerPlaces.put(address.toString(), context.place());
        return spec;
    }

    private CertificateSpec certificate(Args args) {
        Options options = args.options(2, context);
        CertificateSpec spec = new CertificateSpec(
                args.string(1, "pathToCert"), options.string("key", ""), options.string("password", ""));
        options.done();
        return spec;
    }

    private @Nullable Object frontend(Args args, TlsFrontendType type) {
        int number = FrontendArgument.number(context, args, Protocol.DOT);
        return number < 0 ? null : type.wrap(new TlsFrontendType.Place(Protocol.DOT, number));
    }

    private void reloadAll() {
        for (Frontend frontend : context.listening()) {
            TlsControl control = frontend.tlsControl();
            if (control != null) {
                try {
                    control.reload();
                } catch (IOException e) {
                    // One listener's files say nothing of another's.
                    context.complain("reloadAllCertificates", frontend + ": " + e.getMessage());
                }
            }
        }
    }

    private void generateResponse(Args args) {
        String file = args.string(4, "outputFile");
        if (context.purpose == Purpose.CLIENT) {
            return; // whoever asks for the console's address need not be allowed to read keys
        }
        Duration valid = Duration.ofDays(args.integer(5, "numberOfDaysOfValidity", 0, LONGEST_DAYS))
                .plusMinutes(args.has(6) ? args.integer(6, "numberOfMinutesOfValidity", 0, LONGEST_DAYS * 1440) : 0);
        try {
            byte[] response = context.host.ocspResponse(
                    args.string(1, "pathToServerCertificate"),
                    args.string(2, "pathToCACertificate"),
                    args.string(3, "pathToCAPrivateKey"),
                    valid);
            Files.write(Path.of(file), response);
        } catch (IOException e) {
            throw args.error(String.valueOf(e.getMessage()));
        }
    }

    private void addTicketKey(Args args) {
        byte[] key = args.octets(1, "key");
        for (Frontend frontend : context.listening()) {
            TlsControl control = frontend.tlsControl();
            if (control != null) {
                control.addTicketKey(key);
            }
        }
    }
}
