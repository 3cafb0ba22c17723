/** QUIC as DNS needs it (RFC 9000): who may begin a connection, the proof that it is there, and a listener's limits. Knows no queries. */
@NullMarked
package dev.weir.net.quic;

import org.jspecify.annotations.NullMarked;
