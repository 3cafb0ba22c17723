package dev.weir.engine.listen;

import dev.weir.engine.acl.Endpoint;
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
        public int frontends() {
            return tcp == null ? 1 : 2;
        }
    }
}
