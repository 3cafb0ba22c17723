package dev.weir.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A TLS client that trusts everybody and remembers its sessions. One thread. */
public final class TlsClient {
    private final SSLContext context;
    private String serverName = "";
    private List<String> protocols = List.of();
    private List<String> versions = List.of();
    private List<String> suites = List.of();

    /** One without sessions. */
    public TlsClient() {
        try {
            context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Credulous()}, new SecureRandom());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its trust and its sessions, for other clients. */
    public SSLContext context() {
        return context;
    }

    /** Asks for this name in its handshakes (SNI). */
    public TlsClient named(String name) {
        serverName = name;
        return this;
    }

    /** Offers these protocols (ALPN). */
    public TlsClient speaking(String... names) {
        protocols = List.of(names);
        return this;
    }

    /** Speaks these versions only, such as {@code TLSv1.2}. */
    public TlsClient only(String... names) {
        versions = List.of(names);
        return this;
    }

    /** Offers these suites only. */
    public TlsClient suites(String... names) {
        suites = List.of(names);
        return this;
    }

    /**
     * A connection whose handshake is done.
     *
     * @throws UncheckedIOException if that fails
     */
    public SSLSocket connect(InetSocketAddress server) {
        try {
            Socket plain = new Socket(server.getAddress(), server.getPort());
            return over(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same over a connection on which something was sent before. */
    public SSLSocket over(Socket plain) {
        try {
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(Math.toIntExact(UdpClient.PATIENCE.toMillis()));
            SSLSocket socket = (SSLSocket) context.getSocketFactory()
                    .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            if (!serverName.isEmpty()) {
                parameters.setServerNames(List.of(new SNIHostName(serverName)));
            }
            parameters.setApplicationProtocols(protocols.toArray(String[]::new));
            if (!versions.isEmpty()) {
                parameters.setProtocols(versions.toArray(String[]::new));
            }
            if (!suites.isEmpty()) {
                parameters.setCipherSuites(suites.toArray(String[]::new));
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection that speaks DNS. */
    public TcpClient dns(InetSocketAddress server) {
        return TcpClient.over(connect(server));
    }

    /** Believes any certificate of anybody. */
    private static final class Credulous extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
