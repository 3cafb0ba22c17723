package dev.weir.app;

import dev.weir.config.Configuration;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.Message;
import dev.weir.engine.model.Engine;
import dev.weir.engine.model.Maintenance;
import dev.weir.engine.model.Model;
import dev.weir.engine.task.FaultGuard;
import dev.weir.export.Carbon;
import dev.weir.net.Transport;
import dev.weir.net.health.HealthChecker;
import dev.weir.net.stream.StreamTransport;
import dev.weir.net.udp.UdpTransport;
import dev.weir.web.console.ConsoleEvaluator;
import dev.weir.web.console.ConsoleKey;
import dev.weir.web.console.ConsoleSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All rooms at work on one configuration: transports, health checks, housekeeping and the script. */
final class WeirService implements Service {
    private static final Endpoint DEFAULT_LISTENER = new Endpoint(IpAddress.parse("127.0.0.1"), 53);
    private static final Message LISTENING =
            new Message("setup", "Listening on Do53 frontend", "Listening on {frontend.address}");
    private static final Message LISTENING_DOT =
            new Message("setup", "Listening on DoT frontend", "Listening on {frontend.address} for TLS");
    private static final Message LISTENING_DOH =
            new Message("setup", "Listening on DoH frontend", "Listening on {frontend.address} for DoH");
    private static final Message LISTENING_DOQ =
            new Message("setup", "Listening on DoQ frontend", "Listening on {frontend.address} for DoQ");
    private static final Message LISTENING_DOH3 =
            new Message("setup", "Listening on DoH3 frontend", "Listening on {frontend.address} for DoH3");
    private static final Message LISTENING_DNSCRYPT =
            new Message("setup", "Listening on DNSCrypt frontend", "Listening on {frontend.address} for DNSCrypt");
    private static final FaultGuard MAINTENANCE = new FaultGuard("Error in maintenance", "maintenance");
    private static final FaultGuard STOPPING = new FaultGuard("Error while stopping", "setup");
    private static final int SECOND_MILLIS = 1_000;

    private final Model model;
    private final Configuration configuration;
    private final Script script;
    private final Web web;
    private final Carbon carbon;
    private final UdpTransport udp;
    private final StreamTransport streams;

    /** In the order in which they open. */
    private final List<Transport> transports;

    private final Maintenance maintenance;
    private @Nullable HealthChecker health;

    WeirService(Model model, Configuration configuration, Script script, Web web, Carbon carbon) {
        this.web = web;
        this.carbon = carbon;
        this.model = model;
        this.configuration = configuration;
        this.script = script;
        this.udp = new UdpTransport(model);
        this.streams = new StreamTransport(model);
        this.transports = List.of(udp, streams);
        this.maintenance = new Maintenance(model, System.nanoTime());
        udp.forwardStreamsTo(streams);
    }

    @Override
    public void checkBackends() throws IOException {
        model.start();
        HealthChecker checker = new HealthChecker(model, streams);
        checker.onChange((backend, up) -> script.serverStateChanged(backend.nameWithAddress(), up));
        checker.onChange((backend, up) -> {
            if (up && backend.spec().udp().reconnectOnUp()) {
                udp.reopen(backend);
            }
        });
        checker.runInitial();
        health = checker;
    }

    @Override
    public void listen() throws IOException {
        List<ListenSpec> listeners =
                configuration.listeners.isEmpty() ? List.of(ListenSpec.of(DEFAULT_LISTENER)) : configuration.listeners;
        open(listeners);
        transports.forEach(Transport::start);
        web.listen();
        configuration.carbonServers.forEach(carbon::sendTo);
        if (health != null) {
            health.start();
        }
        // The script has a thread to itself: it may take as long as it likes, and waits for its turn.
        maintenance.every(SECOND_MILLIS, "maintenance", MAINTENANCE, script::maintenance);
        maintenance.start();
    }

    /**
     * Opens all sockets, the stream socket of the first listener last: scripts take a connection to it as the sign that everything else is
     * up. The engine lists them in the order of the configuration all the same.
     */
    private void open(List<ListenSpec> listeners) throws IOException {
        IdentityHashMap<ListenSpec, List<Frontend>> opened = new IdentityHashMap<>();
        listeners.forEach(spec -> opened.put(spec, new ArrayList<>()));
        for (Transport transport : transports) {
            for (ListenSpec spec : transport == transports.getLast() ? listeners.reversed() : listeners) {
                Frontend frontend = open(transport, spec);
                if (frontend != null) {
                    frontend.setHttpResponses(configuration.httpResponses.getOrDefault(
                            spec.protocol() + " " + spec.address(), List.of()));
                    Objects.requireNonNull(opened.get(spec)).add(frontend);
                }
            }
        }
        List<List<Frontend>> inOrder = listeners.stream().map(opened::get).toList();
        model.engine().listFrontends(inOrder.stream().flatMap(List::stream).toList());
        for (List<Frontend> each : inOrder) {
            if (!each.isEmpty()) {
                Frontend first = each.getFirst();
                Log.info(listening(first.protocol()), "frontend.address", first.address());
            }
        }
    }

    private static Message listening(Protocol protocol) {
        return switch (protocol) {
            case DNSCRYPT_UDP -> LISTENING_DNSCRYPT;
            case DOT -> LISTENING_DOT;
            case DOH -> LISTENING_DOH;
            case DOQ -> LISTENING_DOQ;
            case DOH3 -> LISTENING_DOH3;
            default -> LISTENING;
        };
    }

    /** Opens a socket, and says which line of the configuration asked for it if that fails. */
    private @Nullable Frontend open(Transport transport, ListenSpec spec) throws IOException {
        try {
            return transport.open(spec);
        } catch (IOException e) {
            String place =
                    configuration.listenerPlaces.getOrDefault(spec.address().toString(), "");
            throw place.isEmpty() ? e : new IOException(place + ": " + e.getMessage(), e);
        }
    }

    @Override
    public @Nullable InetSocketAddress consoleAddress() {
        Endpoint address = configuration.consoleAddress;
        return address == null ? null : new InetSocketAddress(address.ip().toInetAddress(), address.port());
    }

    @Override
    public boolean consoleBindFatal() {
        return configuration.consoleBindFatal;
    }

    @Override
    public ConsoleSettings consoleSettings() {
        NetmaskGroup acl = configuration.consoleAcl;
        byte[] key = configuration.consoleKey;
        return ConsoleSettings.DEFAULT
                .withKey(key == null ? null : ConsoleKey.of(key))
                .withAcl(address -> acl.match(IpAddress.of(address.getAddress())))
                .withMaxConnections(configuration.consoleMaximumConcurrentConnections)
                .withMaxMessageBytes(configuration.consoleOutputMaxMessageSize)
                .withLogConnections(configuration.consoleConnectionsLogging);
    }

    @Override
    public ConsoleEvaluator console() {
        return script::evaluate;
    }

    @Override
    public Collection<String> completions() {
        return script.completions();
    }

    @Override
    public boolean alive() {
        return maintenance.alive(System.nanoTime());
    }

    @Override
    public Engine engine() {
        return model.engine();
    }

    @Override
    public void stop() {
        maintenance.close();
        STOPPING.run(web::close);
        STOPPING.run(carbon::close);
        STOPPING.run(script::exiting);
        if (health != null) {
            STOPPING.run(health::close);
        }
        transports.forEach(transport -> STOPPING.run(transport::close));
        STOPPING.run(model.filters()::close);
    }
}
