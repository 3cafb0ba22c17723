package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.listen.CertificateSpec;
import dev.weir.engine.listen.HttpSpec;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.QuicSpec;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.TlsSpec;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.Options;
import dev.weir.script.lang.ToLua;
import dev.weir.script.listing.QuicListing;
import dev.weir.script.object.Context;
import dev.weir.script.object.QuicFrontendType;
import dev.weir.script.object.TlsCertificateType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** DNS over QUIC, and over HTTP/3. */
public final class QuicFunctions implements Area {
    private static final int DOQ_PORT = 853;
    private static final int HTTPS_PORT = 443;

    /** There is no option for paths: DNS is spoken on all of them, and rules may tell them apart. */
    private static final HttpSpec HTTP =
            new HttpSpec(List.of("/"), false, Map.of(), true, false, false, true, HttpSpec.DEFAULT.idleSeconds());

    private static final int U16 = 0xffff;

    private final Context context;

    public QuicFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "getDOH3Frontend",
                "getDOH3FrontendCount",
                "getDOQFrontend",
                "getDOQFrontendCount",
                "showDOH3Frontends",
                "showDOQFrontends");
    }

    @Override
    public List<String> configurationOnly() {
        return List.of("addDOH3Local", "addDOQLocal");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        return switch (function) {
            case "addDOQLocal" -> {
                context.configuration.listeners.add(listener(args, DOQ_PORT, null));
                yield NONE;
            }
            case "addDOH3Local" -> {
                context.configuration.listeners.add(listener(args, HTTPS_PORT, HTTP));
                yield NONE;
            }
            case "getDOH3Frontend" -> frontend(args, Protocol.DOH3);
            case "getDOH3FrontendCount" ->
                ToLua.of(context.frontends(Protocol.DOH3).size());
            case "showDOH3Frontends" -> {
                context.append(QuicListing.frontends(context.openFrontends(Protocol.DOH3)));
                yield NONE;
            }
            case "getDOQFrontend" -> frontend(args, Protocol.DOQ);
            case "getDOQFrontendCount" ->
                ToLua.of(context.frontends(Protocol.DOQ).size());
            case "showDOQFrontends" -> {
                context.append(QuicListing.frontends(context.openFrontends(Protocol.DOQ)));
                yield NONE;
            }
            default -> throw new IllegalArgumentException(function);
        };
    }

    private ListenSpec listener(Args args, int port, @Nullable HttpSpec http) {
        Endpoint address = Endpoint.parse(args.string(1, "address"), port);
        List<CertificateSpec> certificates = TlsCertificateType.list(args, 2);
        Options options = args.options(4, context);
        SocketSpec usual = SocketSpec.of(address);
        SocketSpec socket = new SocketSpec(
                address,
                options.bool("reusePort", usual.reusePort()),
                options.string("interface", usual.networkInterface()),
                options.integers("cpus"),
                false);
        // There is no pipe.
        options.integer("internalPipeBufferSize", 0);
        TlsSpec plain = TlsSpec.of(certificates);
        TlsSpec tls = new TlsSpec(
                certificates,
                plain.provider(),
                plain.ciphers(),
                plain.sessions(),
                List.of(),
                options.string("keyLogFile", ""),
                false,
                false,
                options.bool("padResponses", false));
        ListenSpec spec = new ListenSpec.Quic(socket, quic(args, options), tls, http);
        options.done();
        context.configuration.listenerPlaces.put(address.toString(), context.place());
        return spec;
    }

    private static QuicSpec quic(Args args, Options options) {
        QuicSpec usual = QuicSpec.DEFAULT;
        return new QuicSpec(
                options.integer("maxInFlight", usual.maxInFlight(), 0, U16),
                options.integer("idleTimeout", usual.idleSeconds(), 1, U16),
                congestionControl(args, options.string("congestionControlAlgo", "cubic")),
                options.string("qLogDir", ""));
    }

    private static QuicSpec.CongestionControl congestionControl(Args args, String name) {
        return switch (name) {
            case "reno" -> QuicSpec.CongestionControl.RENO;
            case "cubic" -> QuicSpec.CongestionControl.CUBIC;
            case "bbr" -> QuicSpec.CongestionControl.BBR;
            default -> {
                args.complain("option 'congestionControlAlgo': '" + name
                        + "' is none of reno, cubic and bbr, cubic is taken");
                yield QuicSpec.DEFAULT.congestionControl();
            }
        };
    }

    private @Nullable Object frontend(Args args, Protocol protocol) {
        int number = FrontendArgument.number(context, args, protocol);
        return number < 0
                ? null
                : (protocol == Protocol.DOQ ? context.objects.doqFrontend : context.objects.doh3Frontend)
                        .wrap(new QuicFrontendType.Place(protocol, number));
    }
}
