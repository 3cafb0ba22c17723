package dev.weir.app;

import dev.weir.config.Configuration;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.Model;
import dev.weir.net.stream.EventLoops;
import dev.weir.web.api.Api;
import dev.weir.web.dashboard.Dashboard;
import dev.weir.web.http.Routes;
import dev.weir.web.http.WebServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The web server of a running service. Any thread. */
final class Web implements AutoCloseable {
    private final Model model;
    private final Configuration configuration;
    private @Nullable WebServer server;

    /** Nothing is made yet: most configurations have no web server. */
    Web(Model model, Configuration configuration) {
        this.model = model;
        this.configuration = configuration;
    }

    /** Listens where the configuration says. @throws IOException if that can't be, and the configuration wants it to be fatal */
    void listen() throws IOException {
        for (Endpoint address : configuration.webAddresses) {
            try {
                open(address);
            } catch (IOException e) {
                if (configuration.webserverBindFatal) {
                    throw new IOException("Unable to bind the web server to " + address + ": " + e.getMessage(), e);
                }
                Log.error("Unable to bind the web server", "webserver", "address", address, "error", e);
            }
        }
    }

    synchronized void open(Endpoint address) throws IOException {
        WebServer running = server;
        if (running == null) {
            running = server = create();
        }
        running.listen(new InetSocketAddress(address.ip().toInetAddress(), address.port()));
        Log.info("Web server listening", "webserver", "address", address);
        if (configuration.web.password() == null && configuration.web.access().dashboard()) {
            Log.warning(
                    "The web server has no password: every one is taken from addresses within its ACL",
                    "webserver",
                    "acl",
                    configuration.web.acl());
        }
    }

    private WebServer create() {
        Routes routes = new Routes(() -> configuration.web, configuration.webHandlers);
        Api api = new Api(model, configuration, Usage.number());
        Dashboard dashboard = new Dashboard(model, configuration, Usage.number());
        return new WebServer(
                () -> EventLoops.make("web", 1), () -> configuration.web, dashboard.addTo(api.addTo(routes)));
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.close();
        }
    }
}
