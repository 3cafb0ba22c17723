package dev.weir.engine.store;

import dev.weir.engine.acl.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of addresses: MaxMind's databases. Any thread. */
public interface GeoDatabase {
    /** Whether anything is known of an address. */
    boolean exists(IpAddress address);

    /**
     * What stands under a path of keys, and of positions in lists.
     *
     * @return a {@link String}, {@link Double}, {@link Long}, {@link Boolean}, {@code byte[]}, {@link List} or {@link java.util.Map} of such; null if there is nothing
     */
    @Nullable Object query(IpAddress address, List<String> path);
}
