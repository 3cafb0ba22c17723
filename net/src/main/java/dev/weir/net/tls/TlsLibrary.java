package dev.weir.net.tls;

import dev.weir.engine.log.Log;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What speaks TLS in this process: BoringSSL where its library can be loaded, else the JDK. A listener or backend may ask for the JDK
 * ({@code provider="jdk"}, {@code tls="jdk"}); dnsdist's own choices all mean the native library.
 */
enum TlsLibrary {
    /** What answers to dnsdist's {@code openssl}: the library is descended from it and speaks its words. */
    BORINGSSL("openssl", SslProvider.OPENSSL_REFCNT),
    JDK("jdk", SslProvider.JDK);

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private final String name;
    private final SslProvider provider;

    TlsLibrary(String name, SslProvider provider) {
        this.name = name;
        this.provider = provider;
    }

    /** The one for this wish. Loads the native library at the first call, and says once which it is. */
    static TlsLibrary of(String wish) {
        if (wish.equals(JDK.name)) {
            return JDK;
        }
        String trouble = BoringSsl.trouble();
        if (SAID.compareAndSet(false, true)) {
            if (trouble == null) {
                Log.info("TLS is spoken by the native library", "net", "library", SSL.versionString());
            } else {
                Log.warning("TLS is spoken by the JDK: the native library can't be loaded", "net", "error", trouble);
            }
        }
        return trouble == null ? BORINGSSL : JDK;
    }

    /**
     * Whether it is known to take the certificate with its key, which BoringSSL does only if they belong together. Says nothing of the JDK's.
     */
    boolean takes(ServerCertificate certificate) {
        return this == BORINGSSL && BoringContext.takes(certificate);
    }

    /** As {@code getEffectiveTLSProvider} has it. */
    String word() {
        return name;
    }

    SslProvider provider() {
        return provider;
    }
}
