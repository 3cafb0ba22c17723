package dev.weir.net.udp;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.stat.Counter;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** A model and its UDP listeners on a port of 127.0.0.1, for one test. */
final class Balancer implements AutoCloseable {
    final Model model = new Model();
    final UdpTransport udp = new UdpTransport(model);
    private int port;

    /** Adds a backend that is up. */
    Backend backend(FakeBackend server, Consumer<BackendSpec.Builder> options) {
        return backend(Endpoint.parse(server.hostPort(), 53), options);
    }

    Backend backend(Endpoint address, Consumer<BackendSpec.Builder> options) {
        BackendSpec.Builder builder = BackendSpec.of(address);
        builder.healthMode = BackendSpec.HealthMode.UP;
        options.accept(builder);
        Backend backend = new Backend(builder.build());
        model.addBackend(backend);
        return backend;
    }

    Backend backend(FakeBackend server) {
        return backend(server, b -> {});
    }

    Balancer start() {
        return start(SocketSpec.of(Endpoint.parse("127.0.0.1:0", 53)));
    }

    Balancer start(SocketSpec spec) {
        try {
            Frontend frontend = udp.open(spec);
            port = frontend.address().port();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        model.start();
        udp.start();
        return this;
    }

    int port() {
        return port;
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    UdpClient client() {
        return UdpClient.to(address());
    }

    long count(Counter counter) {
        return model.engine().statistics().value(counter);
    }

    @Override
    public void close() {
        udp.close();
    }
}
