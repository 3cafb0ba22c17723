/** Listeners and backend links: batched UDP agents of our own, streams on Netty. */
@NullMarked
package dev.weir.net;

import org.jspecify.annotations.NullMarked;
