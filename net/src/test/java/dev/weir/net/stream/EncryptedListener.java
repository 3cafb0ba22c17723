package dev.weir.net.stream;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.listen.CertificateSpec;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.StreamSpec;
import dev.weir.engine.listen.TlsControl;
import dev.weir.engine.listen.TlsCounters;
import dev.weir.engine.listen.TlsSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TestCertificates;
import dev.weir.wire.Rcode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** A balancer that listens for DNS over TLS on 127.0.0.1 and refuses whatever it is asked. */
final class EncryptedListener implements AutoCloseable {
    final Model model = new Model();
    private final StreamTransport transport = new StreamTransport(model);
    private final Frontend frontend;

    EncryptedListener(TlsSpec tls) throws IOException {
        rule(new ClientSelector.Netmasks(NetmaskGroup.parse(List.of("192.0.2.7")), true, false), Rcode.NXDOMAIN);
        rule(new ClientSelector.ServerName("other.example"), Rcode.NOTAUTH);
        rule(new ClientSelector.IncomingProtocol(Protocol.DOT), Rcode.REFUSED);
        model.setProxyAcl(NetmaskGroup.parse(tls.proxyHeaderOutside() ? List.of("127.0.0.0/8") : List.of()));
        SocketSpec at = SocketSpec.of(Endpoint.parse("127.0.0.1:0", 0));
        frontend = Objects.requireNonNull(transport.open(new ListenSpec.Tls(at, StreamSpec.DEFAULT, tls, List.of())));
        model.start();
        transport.start();
    }

    private void rule(Selector selector, int rcode) {
        model.rules().add(Rule.of(selector, new Answering.RCode(rcode, AnswerFlags.DEFAULT), UUID.randomUUID(), ""));
    }

    static TlsSpec spec(TestCertificates.Pair... pairs) {
        return TlsSpec.of(Arrays.stream(pairs).map(EncryptedListener::of).toList());
    }

    static CertificateSpec of(TestCertificates.Pair pair) {
        return CertificateSpec.of(pair.certificate().toString(), pair.key().toString());
    }

    InetSocketAddress address() {
        return LoopbackPorts.address(frontend.address().port());
    }

    Frontend frontend() {
        return frontend;
    }

    TlsCounters tls() {
        return Objects.requireNonNull(frontend.tls());
    }

    TlsControl control() {
        return Objects.requireNonNull(frontend.tlsControl());
    }

    @Override
    public void close() {
        transport.close();
    }
}
