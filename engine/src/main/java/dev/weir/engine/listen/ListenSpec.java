package dev.weir.engine.listen;

import dev.weir.engine.acl.Endpoint;
import java.util.List;
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
