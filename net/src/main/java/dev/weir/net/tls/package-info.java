/** TLS: certificates and keys from files, contexts for listeners and for backends, tickets, staples and reload. */
@NullMarked
package dev.weir.net.tls;

import org.jspecify.annotations.NullMarked;
