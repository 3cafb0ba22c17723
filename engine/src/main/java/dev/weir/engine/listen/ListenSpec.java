package dev.weir.engine.listen;

import dev.weir.engine.acl.Endpoint;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where and how to listen; pure description. Sealed over the kinds of listeners, so that whoever opens, lists or explains them must deal with
 * each.
 */
public sealed interface ListenSpec {
    SocketSpec socket();

    default Endpoint address() {
        return socket().address();
    }

    /** What is spoken there; of plain DNS and of DNSCrypt the one over UDP. */
    Protocol protocol();

    /** Number of frontends that it becomes. */
    int frontends();

    /** The same at an address that it shares with other sockets ({@code reusePort}). */
    default ListenSpec sharing() {
        return switch (this) {
            case Plain plain -> new Plain(plain.socket.sharing(), plain.tcp);
            case Dnscrypt dnscrypt ->
                new Dnscrypt(dnscrypt.socket.sharing(), dnscrypt.stream, dnscrypt.files, dnscrypt.certificates);
            case Tls tls -> new Tls(tls.socket.sharing(), tls.stream, tls.tls, tls.additional);
            case Https https ->
                new Https(https.socket.sharing(), https.stream, https.tls, https.http, https.additional);
            case Quic quic -> new Quic(quic.socket.sharing(), quic.quic, quic.tls, quic.http);
        };
    }

    /** The same, its sockets with this key ({@code setTCPFastOpenKey}) where clients may send data with their first packet. */
    default ListenSpec with(FastOpenKey key) {
        return switch (this) {
            case Plain plain -> plain.tcp == null ? plain : new Plain(plain.socket, plain.tcp.with(key));
            case Dnscrypt dnscrypt ->
                new Dnscrypt(dnscrypt.socket, dnscrypt.stream.with(key), dnscrypt.files, dnscrypt.certificates);
            case Tls tls -> new Tls(tls.socket, tls.stream.with(key), tls.tls, tls.additional);
            case Https https ->
                new Https(https.socket, https.stream.with(key), https.tls, https.http, https.additional);
            case Quic quic -> quic;
        };
    }

    /** Plain DNS with all options at their defaults. */
    static Plain of(Endpoint address) {
        return new Plain(SocketSpec.of(address), StreamSpec.DEFAULT);
    }

    /**
     * Plain DNS over UDP, and over TCP at the same address ({@code setLocal}, {@code addLocal}).
     *
     * @param tcp null: UDP alone
     */
    record Plain(SocketSpec socket, @Nullable StreamSpec tcp) implements ListenSpec {
        @Override
        public Protocol protocol() {
            return Protocol.DO_UDP;
        }

        @Override
        public int frontends() {
            return tcp == null ? 1 : 2;
        }
    }

    /**
     * DNSCrypt over UDP, and over TCP at the same address ({@code addDNSCryptBind}).
     *
     * @param files where the configured certificates stand
     * @param certificates what is served: no description, since scripts turn certificates over before and after the listener is opened
     */
    record Dnscrypt(
            SocketSpec socket, StreamSpec stream, List<CertificateSpec> files, DnscryptCertificates certificates)
            implements ListenSpec {
        public Dnscrypt {
            files = List.copyOf(files);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Dnscrypt that
                    && socket.equals(that.socket)
                    && stream.equals(that.stream)
                    && files.equals(that.files)
                    && certificates.providerName().equals(that.certificates.providerName());
        }

        @Override
        public int hashCode() {
            return Objects.hash(socket, stream, files);
        }

        @Override
        public Protocol protocol() {
            return Protocol.DNSCRYPT_UDP;
        }

        @Override
        public int frontends() {
            return 2;
        }
    }

    /**
     * DNS over TLS ({@code addTLSLocal}).
     *
     * @param additional further addresses of the same frontend
     */
    record Tls(SocketSpec socket, StreamSpec stream, TlsSpec tls, List<Endpoint> additional) implements ListenSpec {
        public Tls {
            additional = List.copyOf(additional);
        }

        @Override
        public Protocol protocol() {
            return Protocol.DOT;
        }

        @Override
        public int frontends() {
            return 1;
        }
    }

    /**
     * DNS over HTTPS, or over HTTP behind somebody who speaks TLS for us ({@code addDOHLocal}).
     *
     * @param tls null: HTTP without TLS
     * @param additional further addresses of the same frontend
     */
    record Https(
            SocketSpec socket, StreamSpec stream, @Nullable TlsSpec tls, HttpSpec http, List<Endpoint> additional)
            implements ListenSpec {
        public Https {
            additional = List.copyOf(additional);
        }

        @Override
        public Protocol protocol() {
            return Protocol.DOH;
        }

        @Override
        public int frontends() {
            return 1;
        }
    }

    /**
     * DNS over QUIC ({@code addDOQLocal}), or over HTTP/3 ({@code addDOH3Local}).
     *
     * @param http null: DNS by itself
     */
    record Quic(
            SocketSpec socket,
            QuicSpec quic,
            TlsSpec tls,
            @Nullable HttpSpec http) implements ListenSpec {
        @Override
        public Protocol protocol() {
            return http == null ? Protocol.DOQ : Protocol.DOH3;
        }

        @Override
        public int frontends() {
            return 1;
        }
    }
}
