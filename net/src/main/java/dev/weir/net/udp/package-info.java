/**
 * Plain DNS over UDP: each listener is one platform thread that owns its client socket, its backend sockets, its queries in flight and its
 * timers, and moves datagrams in batches.
 */
@NullMarked
package dev.weir.net.udp;

import org.jspecify.annotations.NullMarked;
