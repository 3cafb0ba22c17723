package dev.weir.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import org.junit.jupiter.api.Test;

/** When the cleaner cleans, and which caches it leaves alone. */
class CacheCleanerTest {
    private static final long SECOND = 1_000_000_000L;

    private final Model model = new Model();

    private PacketCache cache(String pool, boolean keepStaleData) {
        PacketCache cache = new PacketCache(
                CacheSpec.builder(100).keepStaleData(keepStaleData).build(), 1, bound -> 0);
        model.pool(pool).setCache(cache);
        return cache;
    }

    private static long cleanups(PacketCache cache) {
        return cache.stats().cleanupCount();
    }

    @Test
    void cleansAfterEachDelay() {
        PacketCache cache = cache("", false);
        model.start();
        model.settings().set(Setting.CACHE_CLEANING_DELAY, 10);
        CacheCleaner cleaner = new CacheCleaner(model, 0);
        cleaner.tick(9 * SECOND);
        assertThat(cleanups(cache)).isZero();
        cleaner.tick(10 * SECOND);
        cleaner.tick(11 * SECOND);
        assertThat(cleanups(cache)).isEqualTo(1);
        cleaner.tick(20 * SECOND);
        assertThat(cleanups(cache)).isEqualTo(2);
    }

    @Test
    void keepsStaleDataOfAPoolWhoseServersAreAllDown() {
        PacketCache shared = cache("down", true);
        model.pool("empty").setCache(shared);
        PacketCache other = cache("downToo", false);
        for (String pool : new String[] {"down", "downToo"}) {
            BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse("192.0.2.1", 53));
            spec.healthMode = BackendSpec.HealthMode.DOWN;
            spec.pools = java.util.List.of(pool);
            model.addBackend(new Backend(spec.build()));
        }
        model.start();
        CacheCleaner cleaner = new CacheCleaner(model, 0);
        cleaner.tick(60 * SECOND);
        assertThat(cleanups(shared)).isZero();
        assertThat(cleanups(other)).isEqualTo(1);
        model.backends().forEach(backend -> backend.health().force(true));
        cleaner.tick(120 * SECOND);
        assertThat(cleanups(shared)).isEqualTo(1);
        assertThat(cleanups(other)).isEqualTo(2);
    }
}
