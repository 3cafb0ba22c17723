package dev.weir.app;

import dev.weir.app.demo.SampleConfiguration;
import dev.weir.config.LinuxCapability;
import dev.weir.config.change.ReloadReport;
import dev.weir.engine.model.Engine;
import dev.weir.web.console.ConsoleEvaluator;
import dev.weir.web.console.ConsoleSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A service that is run for show: says when it has started and is to stop, and what to do about a port that is taken. */
abstract class DemoService implements Service {
    private final Service service;
    private final InetSocketAddress address;

    /** @param address where the service will listen */
    DemoService(Service service, InetSocketAddress address) {
        this.service = service;
        this.address = address;
    }

    abstract void started();

    abstract void stopping();

    @Override
    public void checkBackends() throws IOException {
        service.checkBackends();
    }

    @Override
    public void listen() throws IOException {
        try {
            service.listen();
        } catch (IOException e) {
            String other = SampleConfiguration.text(new InetSocketAddress(address.getAddress(), otherPort()));
            throw new IOException(
                    "cannot answer on " + SampleConfiguration.text(address) + " (" + e.getMessage()
                            + "): choose another address, such as ./weir demo --listen " + other,
                    e);
        }
    }

    private int otherPort() {
        return address.getPort() < 1024 ? 5300 : address.getPort() % 65_535 + 1;
    }

    @Override
    public @Nullable InetSocketAddress consoleAddress() {
        return service.consoleAddress();
    }

    @Override
    public boolean consoleBindFatal() {
        return service.consoleBindFatal();
    }

    @Override
    public Set<LinuxCapability> retainedCapabilities() {
        return service.retainedCapabilities();
    }

    @Override
    public ConsoleSettings consoleSettings() {
        return service.consoleSettings();
    }

    @Override
    public ConsoleEvaluator console() {
        return service.console();
    }

    @Override
    public List<String> completions(String typed) {
        return service.completions(typed);
    }

    @Override
    public boolean alive() {
        return service.alive();
    }

    @Override
    public ReloadReport reload(boolean dryRun) {
        return service.reload(dryRun);
    }

    @Override
    public void onReload(Runnable beginning, Runnable ending) {
        service.onReload(beginning, ending);
    }

    @Override
    public Engine engine() {
        return service.engine();
    }

    @Override
    public void ready() {
        service.ready();
        started();
    }

    @Override
    public void stop() {
        stopping();
        service.stop();
    }
}
