package dev.weir.net.stream;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.StreamSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import dev.weir.engine.stat.Counter;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/** A balancer with one stream listener on 127.0.0.1 and nothing else of the program. */
final class Streams implements AutoCloseable {
    final Model model = new Model();
    private DescriptorBudget budget =
            DescriptorBudget.unlimited(() -> model.backends().size());
    final StreamTransport transport =
            new StreamTransport(model, () -> new StreamLoops(model.engine(), model.settings(), budget));
    private StreamSpec spec = StreamSpec.DEFAULT;
    private StreamListener listener;

    static Streams create() {
        Streams streams = new Streams();
        // A client of a busy machine is no idle one, and what must end at once does not end for this.
        streams.model.settings().set(Setting.TCP_RECV_TIMEOUT, 600);
        return streams;
    }

    Streams backend(FakeBackend backend) {
        return backend(backend.port(), builder -> {});
    }

    Streams backend(int port, Consumer<BackendSpec.Builder> options) {
        BackendSpec.Builder builder = BackendSpec.of(Endpoint.parse("127.0.0.1:" + port, 53));
        builder.healthMode = BackendSpec.HealthMode.UP;
        options.accept(builder);
        model.addBackend(new Backend(builder.build()));
        return this;
    }

    /** As if there were descriptors for so many connections. */
    Streams budget(int most, int slack) {
        budget = new DescriptorBudget(most, slack, () -> model.backends().size());
        return this;
    }

    Streams loops(int count) {
        model.settings().set(Setting.MAX_TCP_CLIENT_THREADS, count);
        return this;
    }

    Streams maxInFlight(int most) {
        spec = new StreamSpec(0, 0, most, 0);
        return this;
    }

    Streams maxConnections(int most) {
        spec = new StreamSpec(0, 0, 0, most);
        return this;
    }

    Streams proxied() {
        model.setProxyAcl(NetmaskGroup.parse(List.of("127.0.0.0/8")));
        return this;
    }

    Streams start() {
        try {
            listener = transport.open(SocketSpec.of(Endpoint.parse("127.0.0.1:0", 0)), spec);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        model.start();
        transport.start();
        return this;
    }

    InetSocketAddress address() {
        return LoopbackPorts.address(listener.address().port());
    }

    TcpClient connect() {
        return TcpClient.to(address());
    }

    Backend backend() {
        return model.backends().getFirst();
    }

    Frontend.StreamCounters counters() {
        return listener.frontend().stream();
    }

    long count(Counter counter) {
        return model.engine().statistics().value(counter);
    }

    @Override
    public void close() {
        transport.close();
    }
}
