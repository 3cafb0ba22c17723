package dev.weir.net.udp;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.model.Model;
import java.util.concurrent.CountDownLatch;

/**
 * One UDP listener in front of one backend, for a profiler: {@code ListenerMain 127.0.0.1:5300 127.0.0.1:5301 100000}, the last being the
 * cache's entries, 0 for none. Runs until it is killed.
 */
final class ListenerMain {
    private ListenerMain() {}

    public static void main(String[] arguments) throws Exception {
        Model model = new Model();
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse(arguments[1], 53));
        spec.healthMode = BackendSpec.HealthMode.UP;
        model.addBackend(new Backend(spec.build()));
        int entries = Integer.parseInt(arguments[2]);
        if (entries > 0) {
            model.pool("").setCache(new PacketCache(CacheSpec.of(entries), 1, bound -> 0));
        }
        try (UdpTransport udp = new UdpTransport(model)) {
            udp.open(SocketSpec.of(Endpoint.parse(arguments[0], 53)));
            model.start();
            udp.start();
            new CountDownLatch(1).await();
        }
    }
}
