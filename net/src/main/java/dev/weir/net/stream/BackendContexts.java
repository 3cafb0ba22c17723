package dev.weir.net.stream;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.net.tls.BackendTls;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** TLS to backends, made when a backend is first connected to and shared by all loops, so that their sessions are. Any thread. */
final class BackendContexts {
    private final Map<Backend, BackendTls> contexts = new HashMap<>();

    /**
     * What speaks TLS to this backend; null if it is spoken to without.
     *
     * @throws IOException if it can't be set up
     */
    synchronized @Nullable BackendTls of(Backend backend) throws IOException {
        BackendSpec.Tls spec = backend.spec().tls();
        if (spec == null) {
            return null;
        }
        BackendTls known = contexts.get(backend);
        if (known == null) {
            known = BackendTls.open(spec, backend.address(), backend.spec().http() == null ? "dot" : "h2");
            contexts.put(backend, known);
        }
        return known;
    }

    /** Sessions of TLS that can be taken up again. */
    synchronized int sessions() {
        return contexts.values().stream().mapToInt(BackendTls::sessions).sum();
    }

    /** Lets go what belongs to backends that the configuration does not have any more. */
    synchronized void sweep() {
        contexts.entrySet().removeIf(entry -> {
            boolean removed = entry.getKey().isRemoved();
            if (removed) {
                entry.getValue().close();
            }
            return removed;
        });
    }

    /** All loops have ended. */
    synchronized void close() {
        contexts.values().forEach(BackendTls::close);
        contexts.clear();
    }
}
