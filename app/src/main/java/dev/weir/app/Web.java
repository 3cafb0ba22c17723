package dev.weir.app;

import dev.weir.config.web.WebAddress;
import dev.weir.config.web.WebSpec;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The web server of a running service. Any thread. */
final class Web implements AutoCloseable {
    private final Model model;
    private final Running running;
    private @Nullable WebServer server;

    /** Nothing is made yet: most configurations have no web server. */
    Web(Model model, Running running) {
        this.model = model;
        this.running = running;
    }

    /** Listens where the configuration says. @throws IOException if that can't be, and the configuration wants it to be fatal */
    void listen() throws IOException {
        for (WebAddress address : running.configuration().webAddresses) {
            try {
                open(address);
            } catch (IOException e) {
                if (running.configuration().webserverBindFatal) {
                    throw new IOException("Unable to bind the web server to " + address + ": " + e.getMessage(), e);
                }
                Log.error("Unable to bind the web server", "webserver", "address", address, "error", e);
            }
        }
    }

    /**
     * Another configuration has taken the place of the one that runs.
     *
     * @param notes gets a line for each address that can't be bound
     */
    synchronized void follow(List<WebAddress> before, List<WebAddress> now, List<String> notes) {
        for (WebAddress address : before) {
            if (!now.contains(address) && server != null) {
                switch (address) {
                    case WebAddress.Internet internet -> server.unlisten(socketAddress(internet.endpoint()));
                    case WebAddress.SocketFile file -> server.unlisten(file);
                }
                Log.info("Web server not listening any more", "webserver", "address", address);
            }
        }
        for (WebAddress address : now) {
            try {
                if (!before.contains(address)) {
                    open(address);
                }
            } catch (IOException e) {
                notes.add("web server at " + address + ": " + e.getMessage());
            }
        }
    }

    private static InetSocketAddress socketAddress(Endpoint address) {
        return new InetSocketAddress(address.ip().toInetAddress(), address.port());
    }

    synchronized void open(WebAddress address) throws IOException {
        WebServer open = server;
        if (open == null) {
            open = server = create();
        }
        switch (address) {
            case WebAddress.Internet internet -> open.listen(socketAddress(internet.endpoint()));
            case WebAddress.SocketFile file -> open.listen(file);
        }
        Log.info("Web server listening", "webserver", "address", address);
        WebSpec web = running.configuration().web;
        if (address instanceof WebAddress.Internet
                && web.password() == null
                && web.access().dashboard()) {
            Log.warning(
                    "The web server has no password: every one is taken from addresses within its ACL",
                    "webserver",
                    "acl",
                    web.acl());
        }
    }

    private WebServer create() {
        Routes routes = new Routes(() -> running.configuration().web, () -> running.configuration().webHandlers);
        Api api = new Api(model, running::configuration, Usage.number());
        Dashboard dashboard = new Dashboard(
                model, running::configuration, running, new GuardLook(model), running.history(), Usage.number());
        return new WebServer(
                () -> EventLoops.make("web", 1), () -> running.configuration().web, dashboard.addTo(api.addTo(routes)));
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.close();
        }
    }
}
