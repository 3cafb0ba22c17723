package dev.weir.app;

import dev.weir.config.Configuration;
import dev.weir.config.LinuxCapability;
import dev.weir.config.change.ReloadReport;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.listen.FastOpenKey;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.model.Engine;
import dev.weir.engine.model.Maintenance;
import dev.weir.engine.model.Model;
import dev.weir.engine.task.FaultGuard;
import dev.weir.export.Carbon;
import dev.weir.net.Transport;
import dev.weir.net.health.HealthChecker;
import dev.weir.net.stream.StreamTransport;
import dev.weir.net.udp.UdpTransport;
import dev.weir.sys.KernelVersion;
import dev.weir.web.console.ConsoleEvaluator;
import dev.weir.web.console.ConsoleKey;
import dev.weir.web.console.ConsoleSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All rooms at work on one configuration: transports, health checks, housekeeping and the script. */
final class WeirService implements Service {
    private static final Endpoint DEFAULT_LISTENER = new Endpoint(IpAddress.parse("127.0.0.1"), 53);
    private static final FaultGuard MAINTENANCE = new FaultGuard("Error in maintenance", "maintenance");
    private static final FaultGuard STOPPING = new FaultGuard("Error while stopping", "setup");
    private static final int SECOND_MILLIS = 1_000;

    private final Model model;
    private final Running running;
    private final Web web;
    private final Carbon carbon;
    private final UdpTransport udp;
    private final StreamTransport streams;

    private final List<Transport> transports;
    private final Listeners listeners;
    private final Reloader reloader;
    private final Maintenance maintenance;
    private @Nullable HealthChecker health;

    /** @param reader reads the configuration again */
    WeirService(Model model, Running running, Web web, Carbon carbon, Reloader.ConfigurationReader reader) {
        this.web = web;
        this.carbon = carbon;
        this.model = model;
        this.running = running;
        this.udp = new UdpTransport(model);
        this.streams = new StreamTransport(model);
        this.transports = List.of(udp, streams);
        this.listeners = new Listeners(model.engine(), transports);
        this.reloader = new Reloader(reader, model, running, listeners, streams, web, carbon);
        this.maintenance = new Maintenance(model, System.nanoTime());
        udp.forwardStreamsTo(streams);
    }

    @Override
    public void checkBackends() throws IOException {
        model.start();
        HealthChecker checker = new HealthChecker(model, streams);
        checker.onChange((backend, up) -> running.script().serverStateChanged(backend.nameWithAddress(), up));
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
        Configuration configuration = running.configuration();
        listeners.open(wanted(configuration), configuration);
        transports.forEach(Transport::start);
        web.listen();
        configuration.carbonServers.forEach(carbon::sendTo);
        if (health != null) {
            health.start();
        }
        // The script has a thread to itself: it may take as long as it likes, and waits for its turn.
        maintenance.every(SECOND_MILLIS, "maintenance", MAINTENANCE, () -> running.script()
                .maintenance());
        maintenance.start();
        running.reloadBy(reloader);
    }

    @Override
    public ReloadReport reload(boolean dryRun) {
        return running.reload(dryRun);
    }

    @Override
    public void onReload(Runnable beginning, Runnable ending) {
        reloader.tell(beginning, ending);
    }

    /** Where a configuration wants to listen: by itself at one address. */
    static List<ListenSpec> wanted(Configuration configuration) {
        List<ListenSpec> said = configuration.listeners.isEmpty()
                ? List.of(ListenSpec.of(DEFAULT_LISTENER))
                : List.copyOf(configuration.listeners);
        FastOpenKey key = configuration.tcpFastOpenKey;
        return key == null ? said : said.stream().map(spec -> spec.with(key)).toList();
    }

    @Override
    public @Nullable InetSocketAddress consoleAddress() {
        Endpoint address = running.configuration().consoleAddress;
        return address == null ? null : new InetSocketAddress(address.ip().toInetAddress(), address.port());
    }

    @Override
    public boolean consoleBindFatal() {
        return running.configuration().consoleBindFatal;
    }

    @Override
    public Set<LinuxCapability> retainedCapabilities() {
        Set<LinuxCapability> retained = EnumSet.noneOf(LinuxCapability.class);
        retained.addAll(running.configuration().capabilitiesToRetain);
        // SO_BINDTODEVICE needs nothing since Linux 5.7.
        if (KernelVersion.running().isBefore("5.7")
                && model.backends().stream()
                        .anyMatch(backend ->
                                !backend.spec().source().networkInterface().isEmpty())) {
            retained.add(LinuxCapability.CAP_NET_RAW);
        }
        return retained;
    }

    @Override
    public ConsoleSettings consoleSettings() {
        Configuration configuration = running.configuration();
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
        return line -> running.script().evaluate(line);
    }

    @Override
    public List<String> completions(String typed) {
        return running.script().completions(typed);
    }

    /** The code that runs. */
    Script script() {
        return running.script();
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
        STOPPING.run(() -> running.script().exiting());
        if (health != null) {
            STOPPING.run(health::close);
        }
        transports.forEach(transport -> STOPPING.run(transport::close));
        STOPPING.run(model.filters()::close);
    }
}
