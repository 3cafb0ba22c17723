package dev.weir.net.stream;

import io.netty.handler.codec.quic.QuicChannel;
import java.lang.reflect.Method;
import javax.net.ssl.SSLEngine;

/** What a handshake over QUIC came to. */
final class QuicSession {
    private QuicSession() {}

    /** Whether it took up a former session; false where the library, which knows it, can't be asked. */
    static boolean isResumed(QuicChannel connection) {
        SSLEngine engine = connection.sslEngine();
        if (engine == null) {
            return false;
        }
        try {
            Method reused = engine.getClass().getDeclaredMethod("isSessionReused");
            reused.setAccessible(true);
            return Boolean.TRUE.equals(reused.invoke(engine));
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }
}
