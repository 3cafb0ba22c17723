package dev.weir.net.dnscrypt;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.listen.DnscryptCertificates;
import dev.weir.engine.listen.DnscryptIssuer.ProviderKeys;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.StreamSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import dev.weir.engine.stat.Counter;
import dev.weir.net.stream.StreamTransport;
import dev.weir.net.udp.UdpTransport;
import dev.weir.testkit.DnscryptClient;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import dev.weir.wire.Name;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A balancer that listens for DNSCrypt on ports of 127.0.0.1, with a clock of its own for certificates. */
final class DnscryptBalancer implements AutoCloseable {
    static final long NOW = 1_800_000_000L;

    final Model model = new Model();
    final AtomicLong clock = new AtomicLong(NOW);
    final CertificateIssuer issuer = new CertificateIssuer();
    final ProviderKeys provider = issuer.newProviderKeys();
    final DnscryptCertificates certificates =
            new DnscryptCertificates(Name.parse("2.dnscrypt-cert.example."), clock::get);
    private final UdpTransport udp = new UdpTransport(model);
    private final StreamTransport streams = new StreamTransport(model);
    private Frontend datagrams;
    private Frontend connections;

    /** A certificate for a day, whose version is 1 or 2. */
    DnscryptCertificates.Pair certificate(int version, long serial) {
        return issuer.newCertificate(provider.privateKey(), version, serial, NOW, NOW + 86_400);
    }

    DnscryptBalancer with(int version) {
        certificates.add(certificate(version, version));
        return this;
    }

    DnscryptBalancer backend(FakeBackend server, Consumer<BackendSpec.Builder> options) {
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse(server.hostPort(), 53));
        spec.healthMode = BackendSpec.HealthMode.UP;
        options.accept(spec);
        model.addBackend(new Backend(spec.build()));
        return this;
    }

    DnscryptBalancer start() {
        ListenSpec spec = new ListenSpec.Dnscrypt(
                SocketSpec.of(Endpoint.parse("127.0.0.1:0", 0)), StreamSpec.DEFAULT, List.of(), certificates);
        try {
            datagrams = Objects.requireNonNull(udp.open(spec));
            connections = Objects.requireNonNull(streams.open(spec));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        model.settings().set(Setting.TCP_RECV_TIMEOUT, 600);
        model.settings().set(Setting.SERV_FAIL_WHEN_NO_SERVER, true);
        model.start();
        udp.forwardStreamsTo(streams);
        udp.start();
        streams.start();
        return this;
    }

    UdpClient udp() {
        return UdpClient.to(LoopbackPorts.address(datagrams.address().port()));
    }

    TcpClient tcp() {
        return TcpClient.to(LoopbackPorts.address(connections.address().port()));
    }

    /** A client that has the first certificate. */
    DnscryptClient client() {
        return client(0);
    }

    DnscryptClient client(int index) {
        return DnscryptClient.of(certificates.pairs().get(index).certificate().toOctets());
    }

    Frontend datagrams() {
        return datagrams;
    }

    Frontend connections() {
        return connections;
    }

    long count(Counter counter) {
        return model.engine().statistics().value(counter);
    }

    @Override
    public void close() {
        streams.close();
        udp.close();
    }
}
