/** DNS over streams: listeners, client connections, and connections to backends, on Netty's event loops. */
@NullMarked
package dev.weir.net.stream;

import org.jspecify.annotations.NullMarked;
