package dev.weir.web.http;

import dev.weir.config.web.WebRequest;
import dev.weir.config.web.WebResponse;
import java.net.InetAddress;
import java.util.Objects;

/** Asks routes without a network. */
public final class RoutesAccess {
    private RoutesAccess() {}

    public static WebResponse answer(Routes routes, WebRequest request) {
        return Objects.requireNonNull(routes.answer(request, InetAddress.getLoopbackAddress()));
    }
}
